#!/bin/sh
# The ISO: boots by BIOS and by UEFI, as a disc and as a disk.
#
# usage: make-iso.sh WORKSHOP    what it is made of in WORKSHOP/system and WORKSHOP/medium, itself in WORKSHOP/installer.iso
set -eu
workshop=$1
inside() { PATH=/usr/sbin:/usr/bin LC_ALL=C chroot "$workshop" "$@"; }

inside mksquashfs /system /medium/system.squashfs -comp lz4 -Xhc -noappend -quiet -no-progress -all-root \
  -p '/dev/console c 600 0 0 5 1' >/dev/null
inside xorriso -as mkisofs -quiet -volid STANDIN_INSTALLER -joliet -rational-rock \
  -eltorito-boot boot/eltorito.img -no-emul-boot -boot-load-size 4 -boot-info-table --grub2-boot-info \
  --grub2-mbr /usr/lib/grub/i386-pc/boot_hybrid.img -partition_offset 16 \
  -eltorito-alt-boot -e boot/efi.img -no-emul-boot -isohybrid-gpt-basdat -output /installer.iso /medium
