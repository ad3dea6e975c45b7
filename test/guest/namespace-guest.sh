#!/bin/bash
# The first process of a guest that is not booted: in namespaces of its own, with the machine's programs under a root
# of its own, it does what an installer with cloud-init does when it starts. All that it has started ends with it.
# A line on its standard input lets cloud-init's last stage begin.
#
# usage: unshare --mount --uts --net --ipc --pid --fork --kill-child namespace-guest.sh DRIVE MAC
set -eu
drive=$1 mac=$2 settings=$(cat "${0%/*}/cloud.cfg")
export PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C

say() { printf '%s\n' "$*"; }

# As the machine numbers it: this /proc is still the machine's.
cd -P /proc/self && say "pid ${PWD##*/}" && cd /

# A block device with the drive, which is let go of with the last process that has it open.
attach_drive() {
  loop=$(losetup --find --show --read-only "$drive")
  exec 9<"$loop"
  losetup --detach "$loop"
  number=$(stat --format '%Hr %Lr' "$loop")
}

# Only /usr and /etc are the machine's, and what is written there is gone in the end.
make_root() {
  mount -t tmpfs guest "$root"
  for name in usr etc; do
    mkdir -p "$root/$name" "$root/.upper/$name" "$root/.work/$name"
    mount -t overlay -o "lowerdir=/$name,upperdir=$root/.upper/$name,workdir=$root/.work/$name" guest "$root/$name"
  done
  for link in /bin /sbin /lib*; do [ ! -L "$link" ] || cp -P "$link" "$root/"; done
  mkdir -p "$root"/{dev,proc,sys,run/sshd,tmp,root,home,old,mnt,var/{lib,log,cache,tmp}}
  chmod 1777 "$root/tmp" "$root/var/tmp"
  mount -t proc proc "$root/proc"
  # Read-only, so that networkd does not wait for udev.
  mount -t sysfs -o ro sysfs "$root/sys"
  # The drive is the only block device.
  for folder in block class/block; do
    mount -t tmpfs none "$root/sys/$folder"
    ln -s "/sys/devices/virtual/block/${loop#/dev/}" "$root/sys/$folder/"
  done
  # What the machine's kernel was started with is none of the guest's.
  echo 'console=ttyS0' >"$root/run/cmdline"
  mount --bind "$root/run/cmdline" "$root/proc/cmdline"
}

make_devices() {
  mount -t tmpfs -o mode=755 dev "$root/dev"
  while read -r name major minor; do mknod -m 666 "$root/dev/$name" c "$major" "$minor"; done <<END
null 1 3
zero 1 5
full 1 7
random 1 8
urandom 1 9
tty 5 0
END
  mknod -m 600 "$root/dev/console" c 1 3
  # shellcheck disable=SC2086 # two numbers
  mknod -m 600 "$root$loop" b $number
  mkdir "$root/dev/pts" "$root/dev/shm"
  mount -t devpts -o newinstance,ptmxmode=666 devpts "$root/dev/pts"
  ln -s pts/ptmx "$root/dev/ptmx"
  ln -s /proc/self/fd "$root/dev/fd"
}

# A card with the VM's address, whose other end is the bridge.
make_card() {
  ip link set lo up
  ip link add eth0 address "$mac" type veth peer name vmbr0
  ip link set vmbr0 up
}

# The machine's own settings make way for those of an installer.
make_installer() {
  find /etc/cloud/cloud.cfg.d -type f ! -name 05_logging.cfg -delete
  rm -rf /etc/systemd/network /etc/ssh/ssh_host_* /etc/os-release /etc/resolv.conf /etc/hostname
  mkdir -p /etc/systemd/network
  : >/etc/resolv.conf
  printf '%s\n' 'ID=nixos' 'VARIANT_ID=installer' 'PRETTY_NAME="NixOS installer"' >/etc/os-release
  echo "$settings" >/etc/cloud/cloud.cfg
  hostname installer
  # A kernel that does not know ISO 9660 gets the drive's files from a program.
  if ! { mount -o ro "$loop" /mnt && umount /mnt; } 2>/dev/null; then
    cat >/sbin/mount.iso9660 <<'END'
#!/bin/sh
mount -t tmpfs none "$2"
isoinfo -R -f -i "$1" | while read -r file; do isoinfo -R -x "$file" -i "$1" >"$2$file"; done
END
    chmod +x /sbin/mount.iso9660
  fi
}

stage() {
  say "cloud-init $*"
  cloud-init "$@" >>/var/log/stages.log 2>&1 </dev/null || { cat /var/log/stages.log /var/log/cloud-init.log >&2; exit 1; }
}

root=${drive%/*}/root
mkdir "$root"
attach_drive
make_root
make_devices
make_card
mount --make-rprivate /
cd "$root"
pivot_root . old
umount --lazy /old
make_installer

stage init --local
# Where networkd, which gives up its privileges, tells of its work.
install -d -o systemd-network -g systemd-network /run/systemd/netif{,/links,/leases,/lldp}
/lib/systemd/systemd-networkd </dev/null >/var/log/networkd.log 2>&1 &
# Not systemd-networkd-wait-online: it waits for routers that there are not.
until ip address show dev eth0 scope global | grep -q inet && [ -z "$(ip address show dev eth0 tentative)" ]; do
  sleep 0.05
done
stage init
# The keys that may log in come from the next stage.
ssh-keygen -q -t ed25519 -N '' -C '' -f /etc/ssh/ssh_host_ed25519_key
/usr/sbin/sshd -D -e </dev/null 2>/var/log/sshd.log &
stage modules --mode config
say 'waiting'
read -r _
stage modules --mode final
say 'done'
read -r _
