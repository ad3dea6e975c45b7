{ lib, ... }:
{
  networking = {
    # cloud-init configures networkd; whatever else configures cards would fight with it.
    useNetworkd = true;
    # The drive says which cards use DHCP; a second opinion makes a second address.
    useDHCP = false;
    dhcpcd.enable = false;
    # The installation media switch it on. It drops the routes that networkd set, in the middle of an installation.
    networkmanager.enable = lib.mkForce false;
    wireless.enable = lib.mkForce false;
    # Proxmox calls the cards eth0, eth1, … on the drive, and networkd finds them by name and MAC address.
    usePredictableInterfaceNames = false;
  };

  # A card that leads nowhere, or that the drive does not configure, must not hold up the boot for two minutes.
  systemd.network.wait-online.anyInterface = true;
}
