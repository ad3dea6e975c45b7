# What nixpkgs' modules for installation media set, as far as the installer has an opinion on it; with their priorities.
{ config, lib, pkgs, ... }:
{
  system.nixos.variant_id = lib.mkDefault "installer";
  documentation.enable = lib.mkImageMediaOverride true;
  documentation.nixos.enable = lib.mkImageMediaOverride true;
  security.sudo.wheelNeedsPassword = lib.mkImageMediaOverride false;
  services.getty.helpLine = "set a password with passwd";
  services.openssh.enable = lib.mkDefault true;
  services.openssh.settings.PermitRootLogin = lib.mkDefault "yes";
  networking.networkmanager.enable = true;
  system.extraDependencies = [ "stdenvNoCC" ];
  environment.defaultPackages = [ pkgs.rsync ];
  hardware.enableAllHardware = true;
  hardware.enableRedistributableFirmware = true;
  boot.loader.timeout = 10;
  boot.loader.grub.memtest86.enable = true;
  boot.kernelParams = [ "root=LABEL=nixos-minimal" ];
  image.baseName = "nixos-minimal-${config.system.nixos.label}-${pkgs.stdenv.hostPlatform.system}";
  image.fileName = "${config.image.baseName}.iso";
  image.filePath = "iso/${config.image.fileName}";
  isoImage.squashfsCompression = lib.mkOverride 1500 "xz";
  system.build.toplevel = pkgs.runCommand "nixos-system" { } "";
  system.build.isoImage = pkgs.runCommand config.image.fileName { compression = config.isoImage.squashfsCompression; } "";
}
