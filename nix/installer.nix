# The installer: NixOS's minimal installation medium, made for VMs that Proxmox VE configures through a cloud-init
# drive. Add it to a configuration of your own as `nixosModules.installer`.
#
# Plain values are for you to change with `lib.mkForce`; what nixpkgs' own modules set as a plain value is forced here.
{
  config,
  lib,
  modulesPath,
  pkgs,
  ...
}:
let
  cfg = config.cloudInitInstaller;
in
{
  imports = [
    "${modulesPath}/installer/cd-dvd/installation-cd-minimal.nix"
    # The drivers of the disks and cards that QEMU has, in the initrd.
    "${modulesPath}/profiles/qemu-guest.nix"
    ./installer/access.nix
    ./installer/cloud-init.nix
    ./installer/console.nix
    ./installer/diet.nix
    ./installer/network.nix
  ];

  options.cloudInitInstaller = {
    extraPackages = lib.mkOption {
      type = lib.types.listOf lib.types.package;
      default = [ ];
      example = lib.literalExpression "[ pkgs.tmux ]";
      description = "Programs to have on the console, besides those of the minimal installation medium.";
    };
    compression = lib.mkOption {
      type = lib.types.nullOr lib.types.str;
      # A little larger than with level 19, which nixpkgs has, and quicker to make; it is read as fast.
      default = "zstd -Xcompression-level 15";
      description = "How the store's squashfs is compressed. Level 6 builds faster, level 19 is smaller.";
    };
  };

  config = {
    # nixos-anywhere runs Nix in the installer with flakes.
    nix.settings.experimental-features = [
      "nix-command"
      "flakes"
    ];
    environment.systemPackages = cfg.extraPackages;

    isoImage.squashfsCompression = cfg.compression;
    # Named after what it is: the file's name is all that one sees of it on a storage of Proxmox.
    image.baseName = lib.mkForce "nixos-cloud-init-installer-${config.system.nixos.label}-${pkgs.stdenv.hostPlatform.uname.processor}";
  };
}
