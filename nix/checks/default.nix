# `nix flake check`: the configurations' values, the format, the engine, and a boot of the image in QEMU.
{ self, pkgs }:
let
  inherit (pkgs) lib;
  inherit (pkgs.stdenv.hostPlatform) system;
  architecture = pkgs.stdenv.hostPlatform.uname.processor;

  expectations = lib.concatMap (
    name:
    import ./configuration.nix {
      inherit lib;
      inherit (self.nixosConfigurations.${name}) config;
      architecture = name;
    }
  ) (lib.attrNames self.nixosConfigurations);
  failed = map ({ what, ... }: what) (lib.filter ({ holds, ... }: !holds) expectations);

  nixFiles = lib.fileset.toSource {
    root = ../..;
    fileset = lib.fileset.unions [
      ../../flake.nix
      (lib.fileset.fileFilter ({ hasExt, ... }: hasExt "nix") ../../nix)
    ];
  };
in
{
  configuration =
    if failed == [ ] then
      pkgs.runCommand "configuration-check" { } "touch $out"
    else
      throw "the installer is not as it should be: ${lib.concatStringsSep "; " failed}";

  format = pkgs.runCommand "format-check" { nativeBuildInputs = [ pkgs.nixfmt ]; } ''
    find ${nixFiles} -name '*.nix' -exec nixfmt --check {} +
    touch $out
  '';

  inherit (self.packages.${system}) nci;

  boot = import ./boot.nix {
    inherit pkgs;
    image = self.packages.${system}."iso-${architecture}";
    inherit (self.nixosConfigurations.${architecture}.config.image) filePath;
  };
}
