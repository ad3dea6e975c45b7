#!/bin/sh
# Fetches Nix for the tests from Debian into .cache/nix, as fetch-debian.sh does it.
#
# usage: fetch-nix.sh [FOLDER]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:-$here/../../.cache/nix}
if "$folder/bin/nix" --version 2>/dev/null; then exit 0; fi
sh "$here/fetch-debian.sh" trixie "$folder" nix-bin /usr/bin/nix
ln -s nix "$folder/bin/nix-instantiate"
"$folder/bin/nix" --version
