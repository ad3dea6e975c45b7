#!/bin/sh
# Debian's packages in folders of their own: nothing is installed, and the machine's own apt is left as it is. Needs
# apt-get and dpkg-deb, and no privileges.
#
# usage: packages.sh SUITE FOLDER LIST LEFT-OUT…    unpacks the packages of LIST and their dependencies below FOLDER
set -eu
suite=$1 folder=$2 list=$3 left_out=$4
names() { sed '/^#/d; /^$/d' "$1"; }

apt=$folder.apt
rm -rf "$folder" "$apt"
mkdir -p "$folder" "$apt/etc/apt.conf.d" "$apt/etc/preferences.d" "$apt/state/lists/partial" "$apt/cache/archives/partial"
: >"$apt/status"
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -E '/debian/?$' | head -n 1)
[ -n "$mirror" ] || { echo 'there is no Debian mirror in the sources of apt' >&2; exit 1; }
echo "deb [arch=amd64 signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" >"$apt/etc/sources.list"
own() {
  command=$1
  shift
  "$command" -qq -o Dir::Etc="$apt/etc" -o Dir::Etc::sourcelist="$apt/etc/sources.list" -o Dir::Etc::sourceparts=- \
    -o Dir::State="$apt/state" -o Dir::State::status="$apt/status" -o Dir::Cache="$apt/cache" \
    -o APT::Architecture=amd64 -o APT::Architectures::=amd64 -o APT::Sandbox::User="$(id -un)" \
    -o Acquire::Languages=none -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false "$@"
}
own apt-get update

packages=$(own apt-get install --simulate --no-install-recommends $(names "$list") | sed -n 's/^Inst \([^ ]*\) .*/\1/p' |
  grep -vxE "$(names "$left_out" | paste -sd '|')")
(cd "$apt/cache" && own apt-get download $packages)

# As Debian has them since /bin and the like are in /usr.
mkdir -p "$folder/usr/bin" "$folder/usr/sbin" "$folder/usr/lib" "$folder/usr/lib64"
for name in bin sbin lib lib64; do ln -s "usr/$name" "$folder/$name"; done
find "$apt/cache" -maxdepth 1 -name '*.deb' -print0 | xargs -0 -n 1 -P "$(nproc)" sh -c 'dpkg-deb --fsys-tarfile "$1" |
  tar -x -C "$0" --keep-directory-symlink --no-same-owner -p --exclude="./usr/share/doc/*" --exclude="./usr/share/man/*" \
    --exclude="./usr/share/locale/*" --exclude="./usr/share/info/*" --exclude="./usr/share/lintian/*"' "$folder"
rm -rf "$apt"
