{ lib, system }:
let
  parts = builtins.match "([^-]*)-(.*)" system;
  processor = builtins.head parts;
  os = builtins.elemAt parts 1;
  platform = {
    inherit system;
    isAarch64 = processor == "aarch64";
    uname.processor = processor;
    node = {
      platform = os;
      arch = { x86_64 = "x64"; aarch64 = "arm64"; }.${processor};
    };
  };
  # A derivation that is never built. What it is made of is evaluated nonetheless.
  derive =
    name: arguments:
    derivation {
      inherit name system;
      builder = "/bin/sh";
      text = builtins.toJSON (removeAttrs arguments [ "meta" "src" "nodejs" ]);
    }
    // { inherit (arguments) meta; inherit arguments; };
  make = arguments: derive arguments.name or arguments.pname ({ meta = { }; } // arguments);
  tool = name: make { inherit name; };
  pkgs = lib.genAttrs [
    "cloud-init"
    "gitMinimal"
    "makeWrapper"
    "nix"
    "nixfmt"
    "nixfmt-tree"
    "nixos-anywhere"
    "openssh"
    "qemu"
    "rsync"
    "xorriso"
  ] tool // {
    inherit lib;
    nodejs_24 = tool "nodejs" // { meta.mainProgram = "node"; };
    OVMF.firmware = "/stub/OVMF.fd";
    stdenv = {
      hostPlatform = platform;
      buildPlatform = platform;
    };
    runCommand = name: arguments: script: make (arguments // { inherit name script; });
    writeText = name: content: make { inherit name content; };
    mkShellNoCC = arguments: make ({ name = "shell"; } // arguments);
    buildNpmPackage = make;
    importNpmLock = {
      # As the real one: each package of the lock is fetched from an address, by its hash.
      __functor = _: { package, packageLock }:
        builtins.mapAttrs (path: entry: if path == "" then null else "${entry.resolved} ${entry.integrity}") packageLock.packages;
      npmConfigHook = "npm-config-hook";
    };
    callPackage = file: more: let make = import file; in make (builtins.intersectAttrs (builtins.functionArgs make) pkgs // more);
  };
in
pkgs
