#!/bin/sh
# Unpacks packages of another Debian suite, with the libraries that they need, into a folder of their own: nothing is
# installed, and the machine's own apt is left as it is. Needs apt-get and no privileges; the mirror is the one that the
# machine uses. Each program gets a starter FOLDER/bin/NAME, as the machine's own libraries may be older.
#
# usage: fetch-debian.sh SUITE FOLDER PACKAGE PROGRAM…    PACKAGE: one or several in a word, PROGRAM: its path, as /usr/bin/nix
set -eu
suite=$1 folder=$2 package=$3
shift 3
command -v apt-get >/dev/null || { echo "$package can be fetched on Debian only" >&2; exit 1; }

rm -rf "$folder"
mkdir -p "$folder/bin"
. "$(dirname "$0")/debian-apt.sh"
open_apt "$suite" "$folder/apt"

# The package and the libraries that it is linked with; not what only its installation scripts call for.
packages=$(own apt-get install --simulate --no-install-recommends $package | sed -n 's/^Inst \([^ ]*\) .*/\1/p' |
  grep -E "^($(echo "$package" | tr ' ' '|')|lib|zlib)" | grep -vE '^lib(perl|db|gdbm|semanage|debconf|dbi|dbd|www|pam-)')
(cd "$apt/cache" && own apt-get download $packages)
for file in "$apt"/cache/*.deb; do dpkg-deb -x "$file" "$folder"; done
rm -rf "$apt"

for program; do
  cat >"$folder/bin/${program##*/}" <<END
#!/bin/sh
folder=\$(cd "\$(dirname "\$0")/.." && pwd)
for loader in "\$folder"/usr/lib/*-linux-gnu*/ld-linux*.so.*; do break; done
libraries=\$(dirname "\$loader")
exec "\$loader" --library-path "\$libraries:\$libraries/nix" --argv0 "\$0" "\$folder$program" "\$@"
END
  chmod +x "$folder/bin/${program##*/}"
done
