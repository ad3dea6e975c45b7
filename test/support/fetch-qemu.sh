#!/bin/sh
# Fetches QEMU 10 for the tests from Debian into a folder in the user's cache, as fetch-debian.sh does it: the emulator,
# qemu-img, its firmware for BIOS and UEFI. FOLDER/bin has a starter for each.
#
# usage: fetch-qemu.sh [FOLDER]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/nci-tests/qemu}
if "$folder/bin/qemu-system-x86_64" --version 2>/dev/null; then exit 0; fi
# Made beside it and moved there whole: another run may be looking.
draft=$folder.$$
trap 'rm -rf "$draft"' EXIT
sh "$here/fetch-debian.sh" trixie "$draft" \
  'qemu-system-x86 qemu-system-common qemu-system-data seabios ipxe-qemu qemu-utils qemu-guest-agent ovmf'
# Documents, and the drawing of windows that nobody opens.
rm -rf "$draft/usr/share/doc" "$draft/usr/share/man" "$draft/usr/share/icons" "$draft/usr/share/locale"

# It looks for its data and modules beside the program, which is the loader here.
for program in bin/qemu-system-x86_64 bin/qemu-img sbin/qemu-ga; do
  case $program in
  *system*) data='-L "$folder/usr/share/qemu" -L "$folder/usr/share/seabios" -L "$folder/usr/lib/ipxe/qemu"' ;;
  *) data= ;;
  esac
  cat >"$draft/bin/${program##*/}" <<END
#!/bin/sh
folder=\$(cd "\$(dirname "\$0")/.." && pwd)
for loader in "\$folder"/usr/lib/*-linux-gnu*/ld-linux*.so.*; do break; done
libraries=\$(dirname "\$loader")
export QEMU_MODULE_DIR="\$libraries/qemu"
exec "\$loader" --library-path "\$libraries:\$libraries/pulseaudio" --argv0 "\$0" "\$folder/usr/$program" $data "\$@"
END
  chmod +x "$draft/bin/${program##*/}"
done
"$draft/bin/qemu-system-x86_64" --version
# Another run may have been quicker, and use its own by now.
if "$folder/bin/qemu-system-x86_64" --version >/dev/null 2>&1; then exit 0; fi
rm -rf "$folder"
mv "$draft" "$folder"
