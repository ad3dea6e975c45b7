#!/bin/sh
# Debian's packages in folders of their own: nothing is installed, and the machine's own apt is left as it is. Needs
# apt-get and dpkg-deb, and no privileges.
#
# Ends with 69 where they are out of reach.
#
# usage: packages.sh SUITE FOLDER LIST LEFT-OUT…    unpacks the packages of LIST and their dependencies below FOLDER
set -eu
suite=$1 folder=$2 list=$3 left_out=$4
out_of_reach() { echo "Debian's packages are out of reach: $*" >&2 && exit 69; }
names() { sed '/^#/d; /^$/d' "$1"; }

rm -rf "$folder" "$folder.apt"
mkdir -p "$folder"
# shellcheck source=test/support/debian-apt.sh
. "$(dirname "$0")/../../support/debian-apt.sh"
(open_apt "$suite" "$folder.apt") || out_of_reach "there is no list of those in $suite"
apt=$folder.apt
# What apt does not get is no failure for it.
[ -n "$(find "$apt/state/lists" -name '*_Packages*')" ] || out_of_reach "there is no list of those in $suite"
# shellcheck disable=SC2046 # words
packages=$(own apt-get install --simulate --no-install-recommends $(names "$list") | sed -n 's/^Inst \([^ ]*\) .*/\1/p' |
  grep -vxE "$(names "$left_out" | paste -sd '|')")
# shellcheck disable=SC2086 # words
(cd "$apt/cache" && own apt-get download $packages) || out_of_reach 'the mirror does not give them all'

# As Debian has them since /bin and the like are in /usr.
mkdir -p "$folder/usr/bin" "$folder/usr/sbin" "$folder/usr/lib" "$folder/usr/lib64"
for name in bin sbin lib lib64; do ln -s "usr/$name" "$folder/$name"; done
# shellcheck disable=SC2016 # of the other shell
find "$folder.apt/cache" -maxdepth 1 -name '*.deb' -print0 | xargs -0 -n 1 -P "$(nproc)" sh -c 'dpkg-deb --fsys-tarfile "$1" |
  tar -x -C "$0" --keep-directory-symlink --no-same-owner -p --exclude="./usr/share/doc/*" --exclude="./usr/share/man/*" \
    --exclude="./usr/share/locale/*" --exclude="./usr/share/info/*" --exclude="./usr/share/lintian/*"' "$folder"
rm -rf "$folder.apt"
