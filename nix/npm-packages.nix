# Which packages of package-lock.json the engine is made of, on one platform: what its build reaches from the dependencies
# of package.json, without the tools for tests and types. Plain Nix, so that it can be tested without nixpkgs.
{
  package,
  packageLock,
  # Names of dependencies that the build does without.
  without,
  # The address that packages are fetched from.
  registry,
  # As npm calls them: `linux`, `x64`.
  os,
  cpu,
}:
let
  inherit (builtins)
    attrNames
    elem
    elemAt
    filter
    genericClosure
    head
    listToAttrs
    map
    mapAttrs
    match
    removeAttrs
    ;
  locked = packageLock.packages;

  only =
    keep: set:
    listToAttrs (
      map (name: {
        inherit name;
        value = set.${name};
      }) (filter keep (attrNames set))
    );

  # As Node finds them: in the package's own node_modules, then in those of the folders above.
  find =
    path: name:
    let
      candidate = if path == "" then "node_modules/${name}" else "${path}/node_modules/${name}";
      above = match "(.*)/node_modules/(@[^/]+/)?[^/]+" path;
    in
    if locked ? ${candidate} then
      candidate
    else if path == "" then
      null
    else
      find (if above == null then "" else head above) name;

  fits =
    path:
    let
      allows = key: value: !(locked.${path} ? ${key}) || elem value locked.${path}.${key};
    in
    allows "os" os && allows "cpu" cpu && allows "libc" "glibc";

  # For those that may be missing: packages for other platforms are.
  isThere =
    path: name:
    let
      found = find path name;
    in
    found != null && fits found;

  rootDependencies = only (name: !elem name without) package.devDependencies;

  dependenciesOf =
    path:
    let
      entry = locked.${path};
      isOptionalPeer = name: entry.peerDependenciesMeta.${name}.optional or false;
      names =
        attrNames (entry.dependencies or { })
        ++ filter (isThere path) (attrNames (entry.optionalDependencies or { }))
        ++ filter (name: !isOptionalPeer name && isThere path name) (
          attrNames (entry.peerDependencies or { })
        );
    in
    map (find path) names;

  toItem = key: { inherit key; };
  paths = map ({ key }: key) (genericClosure {
    startSet = map (name: toItem (find "" name)) (attrNames rootDependencies);
    operator = { key }: map toItem (dependenciesOf key);
  });

  # npm holds the lock file against package.json, and its entries against each other: all are without what is left out.
  trimRoot =
    root: removeAttrs root [ "optionalDependencies" ] // { devDependencies = rootDependencies; };
  trim =
    path: entry:
    entry
    // {
      resolved = addressOf path;
      optionalDependencies = only (isThere path) (entry.optionalDependencies or { });
    };

  # The lock file names packages and their hashes, and no registry; registries have each package at the same place.
  addressOf =
    path:
    let
      name = locked.${path}.name or (elemAt (match "(.*/)?node_modules/((@[^/]+/)?[^/]+)" path) 1);
      file = elemAt (match "(@[^/]+/)?([^/]+)" name) 1;
    in
    "${registry}/${name}/-/${file}-${locked.${path}.version}.tgz";
in
{
  package = trimRoot package;
  packageLock = packageLock // {
    packages = mapAttrs trim (only (path: elem path paths) locked) // {
      "" = trimRoot locked."";
    };
  };
}
