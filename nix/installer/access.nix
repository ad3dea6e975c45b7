# Root, by key only.
{ lib, ... }:
{
  services.openssh = {
    enable = true;
    settings = {
      PermitRootLogin = "prohibit-password";
      # The installation media have a user whose password is empty.
      PasswordAuthentication = false;
      KbdInteractiveAuthentication = false;
    };
    # One key, of the type that is quick to make; it is read through the guest agent before the first login.
    hostKeys = [
      {
        type = "ed25519";
        path = "/etc/ssh/ssh_host_ed25519_key";
      }
    ];
  };

  # Proxmox asks it for the host key, and for the addresses that DHCP gave.
  services.qemuGuest.enable = true;

  # The installation media's own text says how to log in with a password, which is not possible here.
  services.getty.helpLine = lib.mkForce ''
    This is the installer with cloud-init. Log in as root by SSH, with a key that is on the VM's cloud-init drive.
  '';
}
