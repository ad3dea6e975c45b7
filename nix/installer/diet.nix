# What a VM on Proxmox has no use for is left out: less to upload, to store on each node, and to read at every boot.
# Each switch puts something back.
{
  config,
  lib,
  ...
}:
let
  cfg = config.cloudInitInstaller.diet;
in
{
  options.cloudInitInstaller.diet = {
    enable = lib.mkEnableOption "leaving out what a VM on Proxmox has no use for" // {
      default = true;
    };
    hardware = lib.mkEnableOption "drivers and firmware of real hardware, for controllers and cards that are passed through";
    documentation = lib.mkEnableOption "the manual and the man pages";
    nixpkgs = lib.mkEnableOption "a copy of nixpkgs, for installing by hand with `nixos-install` and channels";
    buildInputs = lib.mkEnableOption "what building a configuration in the installer needs, so that it need not be fetched";
    fileSystems = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      default = [
        "btrfs"
        "ext4"
        "vfat"
        "xfs"
        "zfs"
      ];
      description = "File systems that can be made from the installer.";
    };
  };

  config = lib.mkIf cfg.enable (
    lib.mkMerge [
      { boot.supportedFilesystems = lib.mkForce (lib.genAttrs cfg.fileSystems (_: true)); }
      (lib.mkIf (!cfg.hardware) {
        # It has all firmware with it. QEMU's own devices are in NixOS's defaults and in the profile qemu-guest.
        hardware.enableAllHardware = lib.mkForce false;
        hardware.enableRedistributableFirmware = lib.mkForce false;
      })
      (lib.mkIf (!cfg.documentation) {
        documentation.enable = lib.mkForce false;
        documentation.nixos.enable = lib.mkForce false;
        documentation.man.enable = lib.mkForce false;
        documentation.doc.enable = lib.mkForce false;
        documentation.info.enable = lib.mkForce false;
      })
      (lib.mkIf (!cfg.nixpkgs) {
        system.installer.channel.enable = lib.mkForce false;
        # A configuration of a flake has nixpkgs in its registry, and so in its closure.
        nixpkgs.flake.setFlakeRegistry = lib.mkForce false;
        nixpkgs.flake.setNixPath = lib.mkForce false;
      })
      (lib.mkIf (!cfg.buildInputs) { system.extraDependencies = lib.mkForce [ ]; })
    ]
  );
}
