# The engine, `nci`: the bundle that `npm run build` makes, with the programs that it starts.
{
  lib,
  stdenvNoCC,
  buildNpmPackage,
  importNpmLock,
  makeWrapper,
  nodejs_24,
  nix,
  nixos-anywhere,
  openssh,
}:
let
  # package-lock.json names packages and their hashes, and no registry: npm knows that, so npm fetches them, each as a
  # fixed-output derivation of the lock file's hash. No other hash has to be kept.
  fetchPackage =
    {
      name,
      version,
      integrity,
    }:
    stdenvNoCC.mkDerivation {
      name = lib.strings.sanitizeDerivationName "${name}-${version}.tgz";
      nativeBuildInputs = [ nodejs_24 ];
      buildCommand = ''
        export HOME=$TMPDIR
        npm pack --silent --ignore-scripts ${lib.escapeShellArg "${name}@${version}"}
        mv ./*.tgz $out
      '';
      outputHash = integrity;
      outputHashMode = "flat";
      # A mirror or a proxy of the user's.
      impureEnvVars = lib.fetchers.proxyImpureEnvVars ++ [
        "npm_config_registry"
        "NODE_EXTRA_CA_CERTS"
      ];
    };

  leftOut = import ./npm-tools.nix;
  npm = import ./npm-packages.nix {
    package = lib.importJSON ../package.json;
    packageLock = lib.importJSON ../package-lock.json;
    without = leftOut;
    os = stdenvNoCC.buildPlatform.node.platform;
    cpu = stdenvNoCC.buildPlatform.node.arch;
  };
in
buildNpmPackage {
  pname = "nci";
  inherit (npm.package) version;

  src = lib.fileset.toSource {
    root = ../.;
    fileset = lib.fileset.unions [
      ../bin
      ../package-lock.json
      ../package.json
      ../schemas
      ../src
    ];
  };

  nodejs = nodejs_24;
  npmDeps = importNpmLock {
    inherit (npm) package packageLock;
    packageSourceOverrides = lib.mapAttrs (_: fetchPackage) npm.sources;
  };
  npmConfigHook = importNpmLock.npmConfigHook;
  # ssh2's add-ons are optional, and everything else comes built.
  npmFlags = [ "--ignore-scripts" ];
  npmRebuildFlags = [ "--ignore-scripts" ];

  nativeBuildInputs = [ makeWrapper ];

  installPhase = ''
    runHook preInstall
    mkdir -p $out/lib/nci
    cp -r bin dist schemas oclif.manifest.json $out/lib/nci
    # Not the one in the build, which refers to the packages.
    cp ${../package.json} $out/lib/nci/package.json
    makeWrapper ${lib.getExe nodejs_24} $out/bin/nci \
      --add-flags $out/lib/nci/bin/start.cjs \
      --suffix PATH : ${
        lib.makeBinPath [
          nix
          nixos-anywhere
          openssh
        ]
      }
    runHook postInstall
  '';

  doInstallCheck = true;
  installCheckPhase = ''
    HOME=$TMPDIR $out/bin/nci version
  '';

  passthru = { inherit leftOut; };

  meta = {
    inherit (npm.package) description;
    license = lib.licenses.mit;
    mainProgram = "nci";
    platforms = lib.platforms.linux ++ lib.platforms.darwin;
  };
}
