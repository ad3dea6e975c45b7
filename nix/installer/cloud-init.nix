# What is on the drive: keys, network, name.
{ pkgs, ... }:
{
  services.cloud-init = {
    enable = true;
    # It writes the drive's network configuration for networkd.
    network.enable = true;
    settings = {
      # Proxmox makes drives for the first two. Each of the thirty others is looked for at every boot, which takes time.
      datasource_list = [
        "NoCloud"
        "ConfigDrive"
        "None"
      ];
      # It would make new host keys after sshd has started: the key that a client is shown would not be the one on the
      # disk, which was read through the guest agent.
      ssh_deletekeys = false;
      # Those that sshd presents are there; it would make one of every other type as well.
      ssh_genkeytypes = [ "ed25519" ];
      # The drive's keys are root's: nixos-anywhere installs as root.
      disable_root = false;
      users = [ "root" ];
      # The drive names the machine.
      preserve_hostname = false;
    };
  };

  # For `cloud-init status` and its logs; the services have it anyway.
  environment.systemPackages = [ pkgs.cloud-init ];

  # With a name of its own, /etc/hostname would be a link into the store, where cloud-init cannot write.
  networking.hostName = "";
}
