# Defaults of NixOS itself.
{ lib, ... }:
let
  default = lib.mkOverride 1500;
in
{
  system.nixos.label = default "26.05.stub";
  system.nixos.version = default "26.05.stub";
  system.installer.channel.enable = default true;
  networking.hostName = default "nixos";
  networking.usePredictableInterfaceNames = default true;
  nixpkgs.flake.setFlakeRegistry = default true;
  nixpkgs.flake.setNixPath = default true;
  services.openssh.settings.PasswordAuthentication = default true;
}
