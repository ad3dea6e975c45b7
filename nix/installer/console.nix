# What is seen of the boot, and how long it takes.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  serialPort = if pkgs.stdenv.hostPlatform.isAarch64 then "ttyAMA0" else "ttyS0";
in
{
  options.cloudInitInstaller.bootTimeout = lib.mkOption {
    # 0 would make the menu of BIOS machines wait for ever.
    type = lib.types.ints.positive;
    default = 2;
    description = "Seconds that the boot menu waits: unattended nobody reads it, by hand one has time for a key.";
  };

  config = {
    # Both have a login; the last one gets the messages of the boot. That is the serial port, which `qm terminal` shows
    # and which can be logged.
    boot.kernelParams = [
      "console=tty1"
      "console=${serialPort},115200"
    ];
    boot.loader.timeout = lib.mkForce config.cloudInitInstaller.bootTimeout;
    # A memory test has no place in a VM.
    boot.loader.grub.memtest86.enable = lib.mkForce false;
  };
}
