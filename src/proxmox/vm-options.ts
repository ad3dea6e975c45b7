import type { Inputs } from '../core/step.ts'
import type { Parameters } from './client.ts'
import { ownerTag, tagsOf } from './ownership.ts'
import { parseSize, writeProperties, writeSshKeys } from './property-string.ts'

type Spec = Inputs['vm.create']

/** The drives that the installation needs and that go afterwards. */
export interface InstallerDrives {
  readonly iso: string
  readonly cloudInit: string
}

/** The keys of the installer's drives: aarch64 has no IDE. Disks count from 0, so these are out of their way. */
export function installerDrives(architecture: Spec['architecture']): InstallerDrives {
  return architecture === 'aarch64'
    ? { iso: 'scsi30', cloudInit: 'scsi29' }
    : { iso: 'ide2', cloudInit: 'ide0' }
}

/** Options that a VM keeps for its life, as the API takes them. */
export function hardwareOptions(spec: Spec): Parameters {
  const aarch64 = spec.architecture === 'aarch64'
  const bios = biosOf(spec)
  return {
    name: spec.name,
    cores: spec.cores,
    sockets: spec.sockets,
    cpu: spec.cpu ?? (aarch64 ? 'host' : 'x86-64-v2-AES'),
    memory: spec.memory,
    balloon: spec.balloon,
    machine: spec.machine,
    bios,
    arch: aarch64 ? 'aarch64' : undefined,
    ostype: spec.os_type,
    scsihw: spec.scsi_controller,
    agent: spec.agent ? 'enabled=1' : 'enabled=0',
    serial0: spec.serial_console ? 'socket' : undefined,
    vga: spec.vga,
    onboot: spec.onboot,
    startup: spec.startup,
    ...networkOptions(spec),
    ...spec.options,
    // Without its tag a VM would not be known as ours again.
    tags: ownTags([...(spec.tags ?? []), ...tagsOf({ tags: String(spec.options?.tags ?? '') })]),
  }
}

function ownTags(others: readonly string[]): string {
  return [...new Set([ownerTag, ...others.map((tag) => tag.toLowerCase())])].sort().join(';')
}

/** What cloud-init gets: of use to the installer only. */
export function cloudInitOptions(spec: Spec): Parameters {
  const networks = spec.networks.map((network, index): [string, string | undefined] => {
    const { ip, gateway: gw, ip6, gateway6: gw6 } = network
    // Without an ipconfig a card is absent from the guest's network configuration.
    const text =
      writeProperties(Object.entries({ ip, gw, ip6, gw6 })) || (index === 0 ? 'ip=dhcp' : undefined)
    return [`ipconfig${index}`, text]
  })
  return {
    ciuser: spec.ci_user,
    cipassword: spec.ci_password,
    citype: spec.ci_type,
    cicustom: spec.ci_custom,
    ciupgrade: spec.ci_upgrade,
    sshkeys: spec.ssh_public_keys?.length ? writeSshKeys(spec.ssh_public_keys) : undefined,
    nameserver: spec.nameservers?.length ? spec.nameservers.join(' ') : undefined,
    searchdomain: spec.search_domain,
    ...Object.fromEntries(networks),
  }
}

/** Disks, EFI disk and the installer's drives, with the boot order: only for a VM that is created. */
export function driveOptions(spec: Spec): Parameters {
  const counters = new Map<string, number>()
  const disks = spec.disks.map((disk): [string, string] => {
    const number = counters.get(disk.bus) ?? 0
    counters.set(disk.bus, number + 1)
    const { format, ssd, iothread, cache, backup, serial } = disk
    const properties = { file: volume(disk.storage ?? spec.storage, disk.size), format, cache }
    const switches = { discard: disk.discard ? 'on' : undefined, ssd, iothread, backup, serial }
    return [`${disk.bus}${number}`, writeProperties(Object.entries({ ...properties, ...switches }), 'file')]
  })
  const drives = installerDrives(spec.architecture)
  const first = disks[0]?.[0]
  const iso = spec.iso === undefined ? undefined : drives.iso
  const order = (spec.boot_iso_first ? [iso, first] : [first, iso]).filter((key) => key !== undefined)
  return {
    ...Object.fromEntries(disks),
    efidisk0: biosOf(spec) === 'ovmf' ? `${spec.storage}:1,efitype=4m,pre-enrolled-keys=0` : undefined,
    [drives.iso]: isoDrive(spec.iso),
    [drives.cloudInit]: spec.cloud_init ? `${spec.cloud_init_storage ?? spec.storage}:cloudinit` : undefined,
    // An empty disk falls through to the CD-ROM; Proxmox's own order would begin with the cloud-init drive.
    boot: order.length > 0 ? `order=${order.join(';')}` : undefined,
  }
}

export function isoDrive(volid: string | undefined): string | undefined {
  return volid === undefined ? undefined : `${volid},media=cdrom`
}

function networkOptions(spec: Spec): Parameters {
  const cards = spec.networks.map((network, index): [string, string] => {
    const { model, mac, bridge, firewall, vlan, mtu } = network
    const card = mac === undefined ? model : `${model}=${mac.toUpperCase()}`
    return [
      `net${index}`,
      writeProperties(Object.entries({ card, bridge, firewall, mtu, tag: vlan }), 'card'),
    ]
  })
  return Object.fromEntries(cards)
}

function biosOf(spec: Spec): 'seabios' | 'ovmf' {
  return spec.bios ?? (spec.architecture === 'aarch64' ? 'ovmf' : 'seabios')
}

/** A volume to allocate: Proxmox takes its size in GiB. */
function volume(storage: string, size: string): string {
  const gib = parseSize(size) / 2 ** 30
  // It does not read numbers such as 9.5e-7.
  return `${storage}:${Number.isInteger(gib) ? gib : gib.toFixed(9).replace(/0+$/, '')}`
}
