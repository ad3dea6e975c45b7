#!/bin/sh
# Fetches Nix for the tests from Debian into .cache/nix, a folder of its own: nothing is installed, and the machine's own
# apt is left as it is. Needs apt-get and no privileges; the mirror is the one that the machine uses.
#
# usage: fetch-nix.sh [FOLDER]
set -eu
suite=trixie
here=$(cd "$(dirname "$0")/../.." && pwd)
folder=${1:-$here/.cache/nix}
if "$folder/bin/nix" --version 2>/dev/null; then exit 0; fi
command -v apt-get >/dev/null || { echo 'Nix can be fetched on Debian only; install Nix 2.26 or newer instead' >&2; exit 1; }

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

# Nix, the libraries that it is linked with, and a shell and a few tools for what it builds.
packages=$(own apt-get install --simulate --no-install-recommends nix-bin | sed -n 's/^Inst \([^ ]*\) .*/\1/p' |
  grep -E '^(nix-bin|lib|zlib)' | grep -vE '^lib(pam|perl|db|gdbm|semanage|debconf|dbi|dbd|www)')
(cd "$apt/cache" && own apt-get download $packages)
for package in "$apt"/cache/*.deb; do dpkg-deb -x "$package" "$folder"; done
rm -rf "$apt"

# With the libraries that came along, as the machine's own are older.
cat >"$folder/bin/nix" <<'END'
#!/bin/sh
folder=$(cd "$(dirname "$0")/.." && pwd)
for loader in "$folder"/usr/lib/*-linux-gnu*/ld-linux*.so.*; do break; done
libraries=$(dirname "$loader")
exec "$loader" --library-path "$libraries:$libraries/nix" --argv0 "${0##*/}" "$folder/usr/bin/nix" "$@"
END
chmod +x "$folder/bin/nix"
ln -s nix "$folder/bin/nix-instantiate"
"$folder/bin/nix" --version
