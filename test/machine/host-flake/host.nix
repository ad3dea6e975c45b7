# What a NixOS configuration with disko has of a host, without nixpkgs: two closures that Nix builds itself, of a static
# busybox and nothing else. The stand-in installer and its nixos-install make a system that boots of them.
#
#   hostName        of the system
#   device          the disk: BIOS and UEFI both find their boot loader on it
#   authorizedKeys  of root
#   address         `10.0.2.15/24`, with `gateway`; otherwise the system keeps what the installer has
#   payloadMiB      size of what else is in the closure
{
  hostName,
  device ? "/dev/sda",
  authorizedKeys ? [ ],
  address ? null,
  gateway ? null,
  payloadMiB ? 1,
}:
let
  platform = "x86_64-linux";
  # Its own name tells it what to do.
  busybox = "${
    builtins.path {
      path = ./tools;
      name = "busybox-static";
    }
  }/busybox";

  build =
    name: script:
    derivation {
      inherit name;
      system = platform;
      builder = busybox;
      args = [
        "sh"
        "-c"
        "set -eu; for tool in mkdir cat chmod head ln; do eval \"$tool() { ${busybox} $tool \\\"\\$@\\\"; }\"; done\n${script}"
      ];
    };

  diskScript =
    name: parts:
    build name ''
      cat >$out <<'END'
      #!/bin/sh
      export PATH="$PATH:/run/current-system/sw/bin:/usr/sbin:/usr/bin:/sbin:/bin"
      set -eux
      case ${device} in
      /dev/disk/*) part=${device}-part ;;
      *[0-9]) part=${device}p ;;
      *) part=${device} ;;
      esac
      ${builtins.concatStringsSep "\n" parts}
      END
      chmod 755 $out
    '';
  format = ''
    umount -Rv /mnt || true
    for old in "$part"?*; do if [ -b "$old" ]; then wipefs --all -f "$old"; fi; done
    wipefs --all -f ${device}
    printf '%s\n' 'label: gpt' \
      'size=1M, type=21686148-6449-6E6F-744E-656564454649' \
      'size=64M, type=C12A7328-F81F-11D2-BA4B-00A0C93EC93B' \
      'type=0FC63DAF-8483-4772-8E79-3D69D8477DE4' | sfdisk ${device}
    udevadm settle
    mkfs.vfat -F 32 "$part"2
    mkfs.ext4 -q -F "$part"3
    udevadm settle'';
  mount = ''
    mkdir -p /mnt
    mount "$part"3 /mnt
    mkdir -p /mnt/boot
    mount "$part"2 /mnt/boot'';

  payload = build "payload-${hostName}" ''
    mkdir $out
    head -c ${toString (payloadMiB * 1024 * 1024)} /dev/urandom >$out/blob
  '';
  network = ''
    [Match]
    Name=eth0
    [Network]
    Address=${address}
    ${if gateway == null then "" else "Gateway=${gateway}"}
  '';
  toplevel = build "nixos-system-${hostName}-26.05.stand-in" ''
    mkdir -p $out/bin $out/sw/bin $out/etc/ssh/authorized_keys.d
    printf ${platform} >$out/system
    printf 26.05.stand-in >$out/nixos-version
    printf '#!%s sh\n' ${busybox} >$out/activate
    cat $out/activate >$out/init
    cat $out/activate >$out/bin/switch-to-configuration
    chmod 755 $out/activate $out/init $out/bin/switch-to-configuration
    ln -s ${busybox} $out/sw/bin/busybox
    ln -s ${payload} $out/payload
    printf '%s\n' '${hostName}' >$out/etc/hostname
    cat >$out/etc/ssh/authorized_keys.d/root <<'END'
    ${builtins.concatStringsSep "\n" authorizedKeys}
    END
    ${if address == null then "" else "mkdir -p $out/etc/systemd/network"}
    ${if address == null then "" else "printf '%s' '${network}' >$out/etc/systemd/network/10-eth0.network"}
  '';
in
{
  config = {
    networking = { inherit hostName; };
    nixpkgs.hostPlatform.system = platform;
    nix.settings = {
      substituters = [ ];
      trusted-public-keys = [ ];
    };
    system.build = {
      inherit toplevel;
      diskoScript = diskScript "disko" [
        format
        mount
      ];
      formatScript = diskScript "disko-format" [ format ];
      mountScript = diskScript "disko-mount" [ mount ];
    };
  };
}
