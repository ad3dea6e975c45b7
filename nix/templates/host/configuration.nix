{ config, modulesPath, ... }:
{
  # The drivers of QEMU's disks and cards.
  imports = [ "${modulesPath}/profiles/qemu-guest.nix" ];

  # The keys that log in as root. `nci` proves the installation by logging in with one of them.
  users.users.root.openssh.authorizedKeys.keys = [
    # "ssh-ed25519 AAAA… you@example.org"
  ];
  assertions = [
    {
      assertion = config.users.users.root.openssh.authorizedKeys.keys != [ ];
      message = "configuration.nix has no key: nobody could log in. Put yours into users.users.root.openssh.authorizedKeys.keys.";
    }
  ];
  services.openssh = {
    enable = true;
    settings = {
      PermitRootLogin = "prohibit-password";
      PasswordAuthentication = false;
      KbdInteractiveAuthentication = false;
    };
  };

  # Proxmox learns the addresses from it, and shuts down and freezes disks for backups through it.
  services.qemuGuest.enable = true;

  # The cloud-init drive is gone after the installation: the machine's network is configured here, and reaches the same
  # address as `networks` of the input.
  networking = {
    useNetworkd = true;
    useDHCP = false;
    # As Proxmox and the installer count them: eth0 is net0.
    usePredictableInterfaceNames = false;
  };
  systemd.network.networks."10-lan" = {
    matchConfig.Name = "eth0";
    networkConfig.DHCP = "yes";
    # Or a fixed address:
    # address = [ "192.0.2.10/24" ];
    # gateway = [ "192.0.2.1" ];
    # dns = [ "192.0.2.1" ];
  };

  # `qm terminal` shows it.
  boot.kernelParams = [
    "console=tty1"
    "console=ttyS0,115200"
  ];

  # Blocks that the file system has freed are freed on the storage too, where the disk has `discard`.
  services.fstrim.enable = true;

  # The release that this machine was installed with; it stays as it is when nixpkgs is updated.
  system.stateVersion = "26.05";
}
