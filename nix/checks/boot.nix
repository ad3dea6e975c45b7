# Boots the image in QEMU as Proxmox does: with a cloud-init drive as Proxmox writes it, a card of its MAC address, a
# serial port and the guest agent's channel. Logs in with the drive's key, and looks at what must hold there.
{
  pkgs,
  image,
  # Of the ISO in `image`.
  filePath,
}:
let
  inherit (pkgs) lib;
  inherit (pkgs.stdenv) hostPlatform;
  serialPort = if hostPlatform.isAarch64 then "ttyAMA0" else "ttyS0";

  mac = "bc:24:11:00:00:01";
  port = "2222";

  # For this test alone; whoever has it gets into a machine that is gone a minute later.
  key = pkgs.runCommand "test-key" { nativeBuildInputs = [ pkgs.openssh ]; } ''
    mkdir $out
    ssh-keygen -q -t ed25519 -N "" -C test -f $out/id_ed25519
  '';

  # What Proxmox 9 writes for `citype: nocloud`; the address is the one that QEMU's own network gives.
  drive = pkgs.runCommand "cloud-init-drive.iso" { nativeBuildInputs = [ pkgs.xorriso ]; } ''
    mkdir drive
    cat >drive/user-data <<EOF
    #cloud-config
    hostname: nixos1
    manage_etc_hosts: true
    fqdn: nixos1.example.org
    user: root
    disable_root: False
    ssh_authorized_keys:
      - $(cat ${key}/id_ed25519.pub)
    chpasswd:
      expire: False
    package_upgrade: true
    EOF
    cat >drive/network-config <<EOF
    version: 1
    config:
        - type: physical
          name: eth0
          mac_address: '${mac}'
          subnets:
          - type: static
            address: '10.0.2.15'
            netmask: '255.255.255.0'
            gateway: '10.0.2.2'
        - type: nameserver
          address:
          - '10.0.2.3'
          search:
          - 'example.org'
    EOF
    echo 'instance-id: 687f310a7901bdd68c24c8460fd717084c418bd3' >drive/meta-data
    touch drive/vendor-data
    xorriso -as mkisofs -quiet -iso-level 3 -volid cidata -joliet -rock -output $out drive
  '';

  machine =
    if hostPlatform.isAarch64 then
      [
        "qemu-system-aarch64 -machine virt,gic-version=max,accel=kvm -cpu max"
        "-drive if=pflash,format=raw,unit=0,readonly=on,file=${pkgs.OVMF.firmware}"
      ]
    else
      # The drives stand where Proxmox puts them: the ISO at ide2, the cloud-init drive at ide0.
      [ "qemu-system-x86_64 -machine pc,accel=kvm -cpu max" ];
  drives =
    if hostPlatform.isAarch64 then
      [
        "-device virtio-scsi-pci,id=scsi"
        "-drive id=iso,if=none,media=cdrom,readonly=on,file=${image}/${filePath}"
        "-device scsi-cd,bus=scsi.0,drive=iso,bootindex=1"
        "-drive id=seed,if=none,media=cdrom,readonly=on,file=${drive}"
        "-device scsi-cd,bus=scsi.0,drive=seed"
      ]
    else
      [
        "-drive id=iso,if=none,media=cdrom,readonly=on,file=${image}/${filePath}"
        "-device ide-cd,bus=ide.1,unit=0,drive=iso,bootindex=1"
        "-drive id=seed,if=none,media=cdrom,readonly=on,file=${drive}"
        "-device ide-cd,bus=ide.0,unit=0,drive=seed"
      ];
  qemu = lib.concatStringsSep " " (
    machine
    ++ drives
    ++ [
      "-m 2048 -smp 2 -display none -serial file:console.log"
      "-netdev user,id=net0,hostfwd=tcp:127.0.0.1:${port}-:22"
      "-device virtio-net-pci,netdev=net0,mac=${mac}"
      "-device virtio-serial -chardev socket,path=agent,server=on,wait=off,id=agent"
      "-device virtserialport,chardev=agent,name=org.qemu.guest_agent.0"
    ]
  );

  # One line each: shell that must succeed in the installer, and why it matters.
  claims = pkgs.writeText "claims" (
    lib.concatMapStrings (claim: claim + "\n") [
      "timeout 300 sh -c 'until test -e /run/cloud-init/result.json; do sleep 1; done' # cloud-init ends"
      "grep -q '\"errors\": \\[\\]' /run/cloud-init/result.json # without errors"
      "grep -q 'DataSourceNoCloud .*/dev/' /run/cloud-init/result.json # it has read the drive"
      ". /etc/os-release; test \"$VARIANT_ID\" = installer # the engine knows it by this"
      "test \"$(findmnt -no FSTYPE /)\" = tmpfs # and by this"
      "test \"$(hostname)\" = nixos1 # the drive's name"
      "ip -4 addr show dev eth0 | grep -q 10.0.2.15/24 # the drive's network, on a card called eth0"
      "ip route | grep -q 'default via 10.0.2.2' # the drive's gateway"
      "! systemctl is-active NetworkManager # networkd alone"
      "systemctl is-active qemu-guest-agent # Proxmox reads the host key through it"
      "test \"$(echo /etc/ssh/ssh_host_*_key)\" = /etc/ssh/ssh_host_ed25519_key # one host key"
      "\"$(command -v sshd)\" -T | grep -qx 'passwordauthentication no' # by key only"
      "grep -q 'console=${serialPort},115200' /proc/cmdline # a console that can be watched"
      "nix --version && command -v nixos-install # what nixos-anywhere calls"
    ]
  );
in
pkgs.runCommand "installer-boots"
  {
    nativeBuildInputs = [
      pkgs.openssh
      pkgs.qemu
    ];
    # Without, the boot takes longer than the login is waited for.
    requiredSystemFeatures = [ "kvm" ];
  }
  ''
    export HOME=$TMPDIR
    install -m 600 ${key}/id_ed25519 id
    ${qemu} &
    qemu=$!
    login() {
      ssh -F none -i id -p ${port} -o BatchMode=yes -o ConnectTimeout=5 -o UserKnownHostsFile=known_hosts \
        -o StrictHostKeyChecking=accept-new root@127.0.0.1 "$@"
    }

    # Port 22 is open before the keys are there: ready is who lets us in.
    for attempt in $(seq 120); do
      if login true 2>login.log; then break; fi
      if [ "$attempt" = 120 ] || ! kill -0 $qemu; then
        tail -n 50 console.log || true
        cat login.log >&2
        echo 'nobody could log in within ten minutes' >&2
        exit 1
      fi
      sleep 5
    done

    key=$(cat known_hosts)
    while read -r claim <&3; do
      echo "$claim"
      login "''${claim% #*}" || { echo "does not hold: $claim" >&2; exit 1; }
    done 3<${claims}

    # cloud-init has ended: the host key is the one that was shown first.
    rm known_hosts
    login true
    [ "''${key#* }" = "$(cut -d ' ' -f 2- known_hosts)" ]
    kill $qemu
    touch $out
  ''
