#!/bin/sh
# Does to unpacked packages what their installation scripts would do, as far as this system needs it: accounts, the
# cache of the linker, units, Python's bytecode. Root, or root of a user namespace.
#
# usage: make-system.sh WORKSHOP    with the packages unpacked in WORKSHOP/system
set -eu
system=$1/system
here=$(cd "$(dirname "$0")" && pwd)
inside() { PATH=/usr/sbin:/usr/bin LC_ALL=C.UTF-8 chroot "$system" "$@"; }

cd "$system"
cp usr/share/base-passwd/passwd.master etc/passwd
cp usr/share/base-passwd/group.master etc/group
awk -F: '{ print $1 ":*:20000:0:99999:7:::" }' etc/passwd >etc/shadow
chmod 640 etc/shadow
: >etc/gshadow
: >etc/fstab
: >etc/machine-id
sed -i 's,^root:.*,root:x:0:0:root:/root:/bin/bash,; s,^\([^:]*\):\*:,\1:x:,' etc/passwd
mknod -m 666 dev/null c 1 3 2>/dev/null || : >dev/null
inside ldconfig
inside systemd-sysusers 2>/dev/null
ln -s mawk usr/bin/awk
ln -s nc.openbsd usr/bin/nc
# Python does not start a client without; more of them would only be read.
mkdir -p etc/ssl/certs
cp usr/share/ca-certificates/mozilla/ISRG_Root_X1.crt etc/ssl/certs/ca-certificates.crt
rm -r usr/share/ca-certificates
ln -sf /proc/self/mounts etc/mtab
ln -sf ../run/resolv.conf etc/resolv.conf
rm -f etc/ssh/ssh_config.d/* etc/cloud/cloud.cfg.d/90* usr/lib/tmpfiles.d/x11.conf etc/update-motd.d/* etc/issue.net etc/os-release

# What Debian's packages bring and these guests do not use.
rm -rf etc/init.d etc/sv etc/runit etc/cron.d etc/grub.d etc/kernel etc/logrotate.d \
  usr/share/bash-completion usr/share/bug usr/share/python3 usr/share/grub usr/share/pixmaps usr/share/zsh usr/share/polkit-1 \
  usr/lib/python3*/ensurepip usr/lib/python3*/lib2to3 usr/lib/python3*/test usr/lib/python3*/idlelib \
  usr/lib/udev/hwdb.d usr/lib/udev/rules.d/*-azure-* usr/lib/udev/rules.d/*persistent-[aiv]* usr/lib/udev/rules.d/*sound* \
  usr/lib/systemd/user usr/lib/systemd/catalog
# Each generator is a program that every boot waits for.
for generator in usr/lib/systemd/system-generators/*; do
  case ${generator##*/} in
    cloud-init-generator | systemd-fstab-generator | systemd-getty-generator) ;;
    *) rm "$generator" ;;
  esac
done

rm usr/bin/nix-store
cp -R "$here/system/." .
ln -s /usr/bin/nix usr/lib/stand-in/nix-store
# The names that the kernel gives, as the installer has them.
ln -s /dev/null etc/systemd/network/99-default.link

sed '/^#/d' "$here/units.list" | while read -r unit; do ln -sf /dev/null "etc/systemd/system/$unit"; done
ln -sf multi-user.target usr/lib/systemd/system/default.target
mkdir -p etc/systemd/system/multi-user.target.wants etc/systemd/system/cloud-init.target.wants
for unit in sshd systemd-networkd; do
  ln -s "/usr/lib/systemd/system/$unit.service" etc/systemd/system/multi-user.target.wants/
done
for unit in cloud-init-main cloud-init-local cloud-init-network cloud-config cloud-final; do
  ln -s "/usr/lib/systemd/system/$unit.service" etc/systemd/system/cloud-init.target.wants/
done

# A NixOS has its system there. What the installer's profile would have is in Debian's places.
current=nix/store/00000000000000000000000000000000-nixos-system-installer-stand-in
mkdir -p "$current/sw" iso mnt nix/var/nix/profiles
ln -s /usr/bin "$current/sw/bin"
ln -s /etc "$current/etc"
printf x86_64-linux >"$current/system"
printf stand-in >"$current/nixos-version"

# The kernel's time stamps are not kept in the image; so bytecode does not look at them.
inside python3 -m compileall -q --invalidation-mode unchecked-hash /usr/lib/python3 &
inside python3 -m compileall -q --invalidation-mode unchecked-hash /usr/lib/python3.13
wait $!
rm -f dev/null
