# shellcheck shell=sh
# An apt of its own for another Debian suite, to be sourced: nothing is installed, and the machine's own apt is left as it
# is. Needs apt-get and no privileges; the mirror is the one that the machine uses.

# usage: open_apt SUITE FOLDER    the folder is made
open_apt() {
  apt=$2
  mkdir -p "$apt/etc/apt.conf.d" "$apt/etc/preferences.d" "$apt/state/lists/partial" "$apt/cache/archives/partial"
  : >"$apt/status"
  # shellcheck disable=SC2016 # apt's own variable
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -E '/debian/?$' | head -n 1)
  [ -n "$mirror" ] || { echo 'there is no Debian mirror in the sources of apt' >&2; exit 1; }
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $1 main" >"$apt/etc/sources.list"
  own apt-get update
}

# usage: own apt-get|apt-cache WORD…    of the apt that was opened
own() {
  command=$1
  shift
  "$command" -qq -o Dir::Etc="$apt/etc" -o Dir::Etc::sourcelist="$apt/etc/sources.list" -o Dir::Etc::sourceparts=- \
    -o Dir::State="$apt/state" -o Dir::State::status="$apt/status" -o Dir::Cache="$apt/cache" \
    -o APT::Sandbox::User="$(id -un)" -o Acquire::Languages=none -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false "$@"
}
