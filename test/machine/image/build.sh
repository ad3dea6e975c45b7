#!/bin/sh
# Builds the stand-in for the NixOS installer from Debian packages, and prints the folder that it is in:
#
#   installer.iso   boots by BIOS and by UEFI into what cloud-init, SSH, nixos-anywhere and this project take for the
#                   NixOS installer; its nixos-install makes a small system that boots
#   busybox         a static one, for closures that need no nixpkgs
#
# The folder is in the cache under a name that follows from what is in here: nothing is done where it is there already.
# Needs apt-get and dpkg-deb on x86_64, and root or user namespaces; nothing is installed.
#
# Ends with 69, and the reason in the last line, where something that it needs cannot be had.
#
# usage: build.sh [--name]    with --name it only says where it would be
set -eu
here=$(cd "$(dirname "$0")" && pwd)
suite=trixie
content_of() { (cd "$1" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c 1-16); }
content=$(content_of "$here")
cache=${XDG_CACHE_HOME:-$HOME/.cache}/nci-tests
folder=$cache/stand-in-$content
if [ "${1:-}" = --name ]; then echo "$folder" && exit; fi

lacks() { echo "the stand-in installer is built $*" >&2 && exit 69; }
as_root=
if [ "$(id -u)" != 0 ]; then as_root='unshare --user --map-root-user'; fi

if [ ! -d "$folder" ]; then
  [ "$(uname -m)" = x86_64 ] || lacks 'on x86_64'
  for program in apt-get dpkg-deb flock; do
    command -v "$program" >/dev/null || lacks "with $program, which is not here"
  done
  # shellcheck disable=SC2086 # words
  $as_root true || lacks 'by root, or with user namespaces, which are not to be had'
  mkdir -p "$cache"
  exec 9>"$cache/stand-in.lock"
  flock 9
fi
# Somebody else may have built it meanwhile.
if [ ! -d "$folder" ]; then
  work=$cache/stand-in.part
  rm -rf "$work"
  mkdir "$work"
  trap 'rm -rf "$work"' EXIT
  trap 'exit 1' HUP INT TERM
  {
    sh "$here/packages.sh" "$suite" "$work/workshop" "$here/packages/workshop.list" "$here/packages/left-out.list"
    sh "$here/packages.sh" "$suite" "$work/workshop/system" "$here/packages/system.list" "$here/packages/left-out.list"
    # shellcheck disable=SC2086 # words
    for step in make-system make-boot make-iso; do $as_root sh "$here/$step.sh" "$work/workshop"; done
    mkdir "$work/result"
    mv "$work/workshop/installer.iso" "$work/result/"
    cp "$work/workshop/system/usr/bin/busybox" "$work/result/"
    [ "$(content_of "$here")" = "$content" ] || { echo "$here was changed meanwhile" && exit 1; }
    mv "$work/result" "$folder"
    # What nobody has asked for since.
    find "$cache" -maxdepth 1 -name 'stand-in-*' -mtime +14 -exec rm -rf {} +
  } >&2
fi
touch "$folder"
echo "$folder"
