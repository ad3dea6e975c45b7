# The engine, `nci`: the bundle that `npm run build` makes, with the programs that it starts.
{
  lib,
  stdenv,
  buildNpmPackage,
  importNpmLock,
  makeWrapper,
  nodejs_24,
  gitMinimal,
  nix,
  nixos-anywhere,
  openssh,
  # Where packages are fetched from: a mirror or a proxy of npm's registry serves as well.
  registry ? "https://registry.npmjs.org",
}:
let
  leftOut = import ./npm-tools.nix;
  npm = import ./npm-packages.nix {
    package = lib.importJSON ../package.json;
    packageLock = lib.importJSON ../package-lock.json;
    without = leftOut;
    inherit registry;
    os = stdenv.buildPlatform.node.platform;
    cpu = stdenv.buildPlatform.node.arch;
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
  npmDeps = importNpmLock { inherit (npm) package packageLock; };
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
      --add-flags --max-semi-space-size=4 \
      --add-flags $out/lib/nci/bin/start.cjs \
      --suffix PATH : ${
        lib.makeBinPath [
          # Nix calls it for flakes of repositories.
          gitMinimal
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
