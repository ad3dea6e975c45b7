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
apt=$folder/apt
mkdir -p "$apt/etc/apt.conf.d" "$apt/etc/preferences.d" "$apt/state/lists/partial" "$apt/cache/archives/partial" "$folder/bin"
: >"$apt/status"
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -E '/debian/?$' | head -n 1)
[ -n "$mirror" ] || { echo 'there is no Debian mirror in the sources of apt' >&2; exit 1; }
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" >"$apt/etc/sources.list"
own() {
  command=$1
  shift
  "$command" -qq -o Dir::Etc="$apt/etc" -o Dir::Etc::sourcelist="$apt/etc/sources.list" -o Dir::Etc::sourceparts=- \
    -o Dir::State="$apt/state" -o Dir::State::status="$apt/status" -o Dir::Cache="$apt/cache" \
    -o APT::Sandbox::User="$(id -un)" -o Acquire::Languages=none -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false "$@"
}
own apt-get update

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
