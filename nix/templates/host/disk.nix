# One disk, which boots with BIOS (SeaBIOS) and with UEFI (OVMF): the VM's `bios` can be either.
{
  disko.devices.disk.main = {
    type = "disk";
    # The VM's scsi0, whichever the kernel finds first; a virtio0 is /dev/vda.
    device = "/dev/disk/by-id/scsi-0QEMU_QEMU_HARDDISK_drive-scsi0";
    content = {
      type = "gpt";
      partitions = {
        # For GRUB, where there is no UEFI.
        bios = {
          priority = 1;
          size = "1M";
          type = "EF02";
        };
        esp = {
          # GRUB copies the kernel and the initrd of each generation here.
          size = "1G";
          type = "EF00";
          content = {
            type = "filesystem";
            format = "vfat";
            mountpoint = "/boot";
            mountOptions = [ "umask=0077" ];
          };
        };
        root = {
          size = "100%";
          content = {
            type = "filesystem";
            format = "ext4";
            mountpoint = "/";
          };
        };
      };
    };
  };

  # disko tells GRUB the disk. Without variables in the firmware, a VM that is restored or moved boots as well.
  boot.loader.grub = {
    efiSupport = true;
    efiInstallAsRemovable = true;
    # As many generations as fit.
    configurationLimit = 10;
  };
}
