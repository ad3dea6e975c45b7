# As much of nixpkgs' lib as the flake uses, and the core of its module system: options with defaults, mkIf, mkMerge,
# priorities, and the refusal of two definitions that differ. Unknown options are not found out here.
let
  inherit (builtins)
    all
    any
    attrNames
    concatLists
    concatMap
    elem
    elemAt
    filter
    foldl'
    functionArgs
    hasAttr
    head
    intersectAttrs
    isAttrs
    isFunction
    isList
    isPath
    isString
    length
    listToAttrs
    map
    mapAttrs
    stringLength
    substring
    zipAttrsWith
    ;
in
rec {
  inherit (builtins) attrNames concatMap concatStringsSep elem filter length mapAttrs;

  genAttrs = names: make: listToAttrs (map (name: { inherit name; value = make name; }) names);
  last = list: elemAt list (length list - 1);
  optional = condition: item: if condition then [ item ] else [ ];
  optionals = condition: items: if condition then items else [ ];
  concatMapStrings = make: list: builtins.concatStringsSep "" (map make list);
  hasPrefix = prefix: text: substring 0 (stringLength prefix) text == prefix;
  hasSuffix = suffix: text: let n = stringLength text - stringLength suffix; in n >= 0 && substring n (stringLength suffix) text == suffix;
  importJSON = file: builtins.fromJSON (builtins.readFile file);
  getExe = package: "${package}/bin/${package.meta.mainProgram or package.name}";
  makeBinPath = packages: builtins.concatStringsSep ":" (map (package: "${package}/bin") packages);
  licenses.mit = "MIT";
  platforms = { linux = [ "linux" ]; darwin = [ "darwin" ]; };
  fileset = {
    toSource = { root, fileset }: root;
    unions = sets: assert all builtins.pathExists sets; sets;
    fileFilter = _: path: path;
  };

  types = genAttrs [ "str" "package" "bool" ] (name: name) // {
    listOf = type: "list of ${type}";
    nullOr = type: "null or ${type}";
    ints.positive = "positive";
  };
  literalExpression = text: text;
  mkOption = option: option // { _type = "option"; };
  mkEnableOption = description: mkOption { type = "bool"; default = false; inherit description; };

  mkIf = condition: content: { _type = "if"; inherit condition content; };
  mkMerge = contents: { _type = "merge"; inherit contents; };
  mkOverride = priority: content: { _type = "override"; inherit priority content; };
  mkForce = mkOverride 50;
  mkImageMediaOverride = mkOverride 60;
  mkDefault = mkOverride 1000;

  isTree = value: isAttrs value && !(value ? type) && !(value ? _type);

  # A value without its properties: what they say stands beside it. Conditions are not looked at here, as they may
  # depend on the configuration.
  strip =
    value:
    let
      kind = if isAttrs value then value._type or null else null;
      add = more: map (stripped: more stripped // { inherit (stripped) value; }) (strip value.content);
    in
    if kind == "merge" then
      concatMap strip value.contents
    else if kind == "if" then
      add ({ conditions, priority, ... }: { inherit priority; conditions = [ value.condition ] ++ conditions; })
    else if kind == "override" then
      add ({ conditions, ... }: { inherit conditions; inherit (value) priority; })
    else
      [ { inherit value; conditions = [ ]; priority = null; } ];

  mergeValues =
    path: values:
    if values == [ ] then
      throw "the option ${builtins.concatStringsSep "." path} is used and not defined"
    else if all isList values then
      concatLists values
    else if all (value: value == head values) values then
      head values
    else
      throw "the option ${builtins.concatStringsSep "." path} has conflicting definitions";

  strongest =
    definitions:
    let
      top = foldl' (least: { priority, ... }: if priority < least then priority else least) 99999 definitions;
    in
    map ({ value, ... }: value) (filter ({ priority, ... }: priority == top) definitions);

  # The configuration below a path; each part of it is evaluated when it is asked for.
  configAt =
    path: definitions:
    let
      stripped = concatMap (
        definition:
        map (inner: {
          inherit (inner) value;
          conditions = definition.conditions ++ inner.conditions;
          priority = if inner.priority == null then definition.priority else inner.priority;
        }) (strip definition.value)
      ) definitions;
    in
    if all ({ value, ... }: isTree value) stripped then
      zipAttrsWith (name: configAt (path ++ [ name ])) (
        map (definition: mapAttrs (_: value: definition // { inherit value; }) definition.value) stripped
      )
    else
      mergeValues path (strongest (filter ({ conditions, ... }: all (condition: condition) conditions) stripped));

  evalModules =
    { modules, specialArgs }:
    let
      define = priority: value: { inherit priority value; conditions = [ ]; };
      config = configAt [ ] (
        map ({ options, ... }: define 1500 (defaultsOf options)) loaded
        ++ map ({ config, ... }: define 100 config) loaded
      );
      arguments = specialArgs // { inherit config; lib = import ./lib.nix; };
      load =
        module:
        let
          value = if isPath module || isString module then import module else module;
          body = if isFunction value then value (intersectAttrs (functionArgs value) arguments) else value;
          isPlain = !(body ? config || body ? options);
          own = {
            config = if isPlain then removeAttrs body [ "imports" ] else body.config or { };
            options = body.options or { };
          };
        in
        concatMap load (body.imports or [ ]) ++ [ own ];
      loaded = concatMap load modules;
      defaultsOf =
        options:
        mapAttrs (_: option: if option._type or null == "option" then option.default else defaultsOf option) options;
    in
    {
      inherit config;
      extendModules = more: evalModules { inherit specialArgs; modules = modules ++ more.modules; };
    };
}
