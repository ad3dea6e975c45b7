# What must hold of an installer, whatever nixpkgs' modules say: each with the words for when it does not.
{
  lib,
  config,
  architecture,
}:
let
  expect = what: holds: {
    what = "${architecture}: ${what}";
    inherit holds;
  };
  cloudInit = config.services.cloud-init;
  sshd = config.services.openssh;
  serialPort = if architecture == "aarch64" then "ttyAMA0" else "ttyS0";
  consoles = lib.filter (lib.hasPrefix "console=") config.boot.kernelParams;
in
[
  (expect "cloud-init runs" cloudInit.enable)
  (expect "cloud-init configures the network" cloudInit.network.enable)
  (expect "only Proxmox's drives are looked for" (
    cloudInit.settings.datasource_list == [
      "NoCloud"
      "ConfigDrive"
      "None"
    ]
  ))
  (expect "host keys are kept, and no others are made" (
    !cloudInit.settings.ssh_deletekeys
    && cloudInit.settings.ssh_genkeytypes == map ({ type, ... }: type) sshd.hostKeys
  ))
  (expect "the drive's keys are root's" (
    cloudInit.settings.users == [ "root" ] && !cloudInit.settings.disable_root
  ))
  (expect "the drive names the machine" (config.networking.hostName == ""))
  (expect "networkd alone configures cards" (
    config.networking.useNetworkd
    && !config.networking.useDHCP
    && !config.networking.dhcpcd.enable
    && !config.networking.networkmanager.enable
  ))
  (expect "cards are called ethN" (!config.networking.usePredictableInterfaceNames))
  (expect "root logs in by key" (sshd.enable && sshd.settings.PermitRootLogin == "prohibit-password"))
  (expect "nobody logs in by password" (
    !sshd.settings.PasswordAuthentication && !sshd.settings.KbdInteractiveAuthentication
  ))
  (expect "there is an ed25519 host key" (map ({ type, ... }: type) sshd.hostKeys == [ "ed25519" ]))
  (expect "the guest agent runs" config.services.qemuGuest.enable)
  (expect "it is known as an installer" (config.system.nixos.variant_id == "installer"))
  (expect "the boot menu does not wait" (config.boot.loader.timeout == 2))
  (expect "the serial port gets the messages of the boot" (
    lib.last consoles == "console=${serialPort},115200"
  ))
  (expect "the file is named after what it is" (
    lib.hasPrefix "nixos-cloud-init-installer-" config.image.baseName
    && lib.hasSuffix "-${architecture}" config.image.baseName
  ))
  (expect "what a VM has no use for is left out" (
    !config.documentation.enable
    && !config.system.installer.channel.enable
    && !config.nixpkgs.flake.setFlakeRegistry
    && !config.hardware.enableRedistributableFirmware
    && config.system.extraDependencies == [ ]
  ))
]
