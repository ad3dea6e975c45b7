#!/bin/sh
# What boots: the kernel with the modules that it needs, the initial RAM disk, the boot loaders of the medium and of the
# disks that it installs to. Takes the kernel out of the system and puts the rest of it there. The programs for all
# that are the workshop's own.
#
# usage: make-boot.sh WORKSHOP    with the system in WORKSHOP/system; what is made comes into WORKSHOP/medium
set -eu
workshop=$1
here=$(cd "$(dirname "$0")" && pwd)
inside() { PATH=/usr/sbin:/usr/bin LC_ALL=C chroot "$workshop" "$@"; }
system=$workshop/system medium=$workshop/medium initrd=$workshop/initrd
mkdir -p "$medium/boot" "$workshop/grub" "$workshop/dev"
: >"$workshop/dev/null"
cp "$here"/boot/*.cfg "$workshop/grub/"

version=$(basename "$system"/usr/lib/modules/*)
mv "$system/boot/vmlinuz-$version" "$medium/boot/vmlinuz"
rm -f "$system"/boot/*

# Only the modules of the list and those that they need, not compressed.
inside depmod -b /system "$version"
sed '/^#/d' "$here/modules.list" | while read -r module; do
  inside modprobe -d /system -S "$version" --show-depends "$module"
done | sed -n "s,^insmod /system/.*/$version/\\([^ ]*\\).*,\\1,p" | sort -u >"$workshop/modules"
mv "$system/usr/lib/modules/$version" "$workshop/all-modules"
mkdir "$system/usr/lib/modules/$version"
cp "$workshop"/all-modules/modules.builtin* "$workshop/all-modules/modules.order" "$system/usr/lib/modules/$version/"
while read -r file; do
  mkdir -p "$system/usr/lib/modules/$version/${file%/*}"
  cp "$workshop/all-modules/$file" "$system/usr/lib/modules/$version/$file"
done <"$workshop/modules"
find "$system/usr/lib/modules" -name '*.xz' | sed "s,^$workshop,," | inside xargs xz -d
inside depmod -b /system "$version"

mkdir -p "$initrd/bin" "$initrd/lib/modules" "$initrd/dev" "$initrd/proc" "$initrd/sys" "$initrd/run" "$initrd/root" \
  "$initrd/image" "$initrd/medium" "$initrd/memory"
cp "$system/usr/bin/busybox" "$initrd/bin/"
inside /system/usr/bin/busybox --list | grep -vx busybox | while read -r name; do ln -s busybox "$initrd/bin/$name"; done
cp -R "$system/usr/lib/modules/$version" "$initrd/lib/modules/"
install -m 755 "$here/boot/init" "$initrd/init"
inside sh -c 'cd /initrd && find . | LC_ALL=C sort | cpio --quiet --create --format newc --reproducible --owner 0:0 >/medium/boot/initrd'

# Without modules of its own each boot loader has all that it needs. What is built into one knows neither conditions nor
# comments; what is not there is passed over. By BIOS the disk that was booted from is the first; by UEFI the settings are
# beside the program on a disk, and elsewhere on a medium.
modules='configfile echo ext2 fat iso9660 linux normal part_gpt part_msdos search search_fs_file search_fs_uuid serial terminal test'
loader() {
  format=$1 result=$2
  shift 2
  # shellcheck disable=SC2086 # words
  inside grub-mkimage --format "$format" --output "$result" "$@" $modules
}
loader i386-pc-eltorito /medium/boot/eltorito.img --prefix /boot --config /grub/medium.cfg biosdisk
loader i386-pc /grub/core.img --prefix /boot --config /grub/disk.cfg biosdisk
loader x86_64-efi /grub/medium.efi --prefix /boot --config /grub/medium.cfg efi_gop all_video
loader x86_64-efi /grub/bootx64.efi --prefix /EFI/BOOT efi_gop all_video
inside sh -c 'truncate -s 2M /medium/boot/efi.img && mformat -i /medium/boot/efi.img -v EFI :: &&
  mmd -i /medium/boot/efi.img ::/EFI ::/EFI/BOOT && mcopy -i /medium/boot/efi.img /grub/medium.efi ::/EFI/BOOT/BOOTX64.EFI'
sed "s|PARAMETERS|$(cat "$here/boot/parameters")|" "$here/boot/installer.cfg" >"$medium/boot/installer.cfg"

# For the disks.
mv "$system/usr/lib/grub/i386-pc/grub-bios-setup" "$workshop/grub/core.img" "$workshop/grub/bootx64.efi" "$system/usr/lib/stand-in/"
cp "$workshop/usr/lib/grub/i386-pc/boot.img" "$system/usr/lib/stand-in/"
sed "s|PARAMETERS|$(cat "$here/boot/parameters")|" "$here/boot/installed.cfg" >"$system/usr/lib/stand-in/installed.cfg"
rm -rf "$system/usr/lib/grub"
