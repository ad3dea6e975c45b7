#!/bin/sh
# Fetches an OpenSSH server that is new enough for penalties (9.8) from Debian into .cache/sshd, as fetch-debian.sh does it.
#
# usage: fetch-sshd.sh [FOLDER]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:-$here/../../.cache/sshd}
if "$folder/bin/sshd" -V 2>/dev/null; then exit 0; fi
sh "$here/fetch-debian.sh" trixie "$folder" openssh-server /usr/sbin/sshd /usr/lib/openssh/sshd-session /usr/lib/openssh/sshd-auth
"$folder/bin/sshd" -V
