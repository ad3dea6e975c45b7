import { expect, test } from 'vitest'
import { misspelt, wantedVariables } from '../../src/inventory/host-document.ts'

/** As the inventory plugin of community.proxmox calls what it knows of guests, and its modules' options in roles. */
const ofOthers =
  `acpi affinity agent agent_interfaces agent_interfaces_ipv4 agentx all_lxc all_qemu arch args audio0 autostart
  balloon bios boot bootdisk cdrom cicustom cipassword citype ciupgrade ciuser cmode console cores cpu cpulimit cpus cpuunits
  description digest disk diskread diskwrite efidisk0 features freeze group groups hookscript host hostname hostpci0 hotplug
  hugepages ide0 ide2 id interfaces ipconfig0 ipconfig1 ivshmem keephugepages keyboard kvm localtime lock lxc lxc_interfaces
  machine maxcpu maxdisk maxmem maxswap mem memory meta migrate_downtime migrate_speed mp0 name nameserver net0 net1 netin
  netout node nodes nodes_only numa numa0 onboot ostype parallel0 password pid pool pools port protection qemu qmpstatus
  reboot rng0 rootfs running sata0 scsi0 scsihw searchdomain serial0 shares smbios1 smp snapshots sockets spice_enhancements
  sshkeys startdate startup status stopped storage swap tablet tags tags_parsed tdf template timeout tpmstate0 tty type
  unprivileged unused0 uptime url usb0 user validate vcpus vga virtio0 vm vmgenid vmid vmstate vmstatestorage vmtype watchdog
  api_secret api_token api_url api_node api_pass`
    .split(/\s+/)
    .map((name) => `proxmox_${name}`)

test('what is a letter or two from a variable is told, and nothing else', () => {
  const names = [
    'proxmox_api_hots',
    'proxmox_validate_cert',
    'nixos_vms',
    'nixos_vm_default',
    'nixos_vm_disks_of_mine',
  ]
  expect(misspelt(names, [{}])).toEqual([
    expect.stringContaining('`proxmox_api_hots` means nothing here: did you mean `proxmox_api_host`?'),
    expect.stringContaining('did you mean `proxmox_validate_certs`?'),
    expect.stringContaining('did you mean `nixos_vm`?'),
    expect.stringContaining('did you mean `nixos_vm_defaults`?'),
  ])
})

test('what others call theirs is never taken for a misspelt one', () => {
  const others = ofOthers.filter((name) => !wantedVariables.includes(name))
  expect(others.length).toBeGreaterThan(100)
  expect(misspelt(others, [{}])).toEqual([])
})

test('beside the right variable one like it is somebody’s own', () => {
  const right = { nixos_vm: { flake: '.#web1' } }
  expect(misspelt(['nixos_vmid', 'nixos_vms'], [right, right])).toEqual([])
  expect(misspelt(['nixos_vms'], [right, {}])).toHaveLength(1)
})
