import type { Inputs } from '../core/step.ts'
import type { Parameters } from './client.ts'
import { ownerTag, tagsOf } from './ownership.ts'
import { propertiesOf } from './property-string.ts'
import { writeBootOrder } from './values/boot.ts'
import { writeDrive } from './values/drive.ts'
import { writeIpConfig } from './values/ip-config.ts'
import { writeNetworkCard } from './values/network-card.ts'
import { gibibytes, parseSize } from './values/size.ts'
import { writeSshKeys } from './values/ssh-keys.ts'
import { writeTags } from './values/tags.ts'

type Spec = Inputs['vm.create']
type Disk = Spec['disks'][number]

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

/** What says how a VM's hardware is to be. */
export type HardwareSpec = Omit<Spec, 'cloud_init' | 'boot_iso_first' | 'reattach' | 'iso' | 'timeout'>

/** Options that a VM keeps for its life, as the API takes them. */
export function hardwareOptions(spec: HardwareSpec): Parameters {
  const aarch64 = spec.architecture === 'aarch64'
  return {
    name: spec.name,
    cores: spec.cores,
    sockets: spec.sockets,
    cpu: spec.cpu ?? (aarch64 ? 'host' : 'x86-64-v2-AES'),
    memory: spec.memory,
    balloon: spec.balloon,
    machine: spec.machine,
    bios: biosOf(spec),
    arch: aarch64 ? 'aarch64' : undefined,
    ostype: spec.os_type,
    scsihw: spec.scsi_controller,
    agent: spec.agent ? 'enabled=1' : 'enabled=0',
    serial0: spec.serial_console ? 'socket' : undefined,
    // There is no VGA card either; the firmware and the kernel talk to the serial port.
    vga: spec.vga ?? (aarch64 && spec.serial_console ? 'serial0' : undefined),
    onboot: spec.onboot,
    startup: spec.startup,
    ...networkOptions(spec),
    ...spec.options,
    // Without its tag a VM would not be known as ours again.
    tags: writeTags([ownerTag, ...(spec.tags ?? []), ...tagsOf({ tags: String(spec.options?.tags ?? '') })]),
  }
}

/** What cloud-init gets: of use to the installer only. */
export function cloudInitOptions(spec: Spec): Parameters {
  const networks = spec.networks.map((network, index): [string, string | undefined] => {
    const { ip, gateway: gw, ip6, gateway6: gw6 } = network
    // Without an ipconfig a card is absent from the guest's network configuration.
    const text = writeIpConfig({ ip, gw, ip6, gw6 }) || (index === 0 ? 'ip=dhcp' : undefined)
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

/** Disks, EFI disk, TPM and the installer's drives, with the boot order: only for a VM that is created. */
export function driveOptions(spec: Spec): Parameters {
  const disks = numberedDisks(spec)
  const drives = installerDrives(spec.architecture)
  const first = disks[0]?.key
  const iso = spec.iso === undefined ? undefined : drives.iso
  const order = (spec.boot_iso_first ? [iso, first] : [first, iso]).filter((key) => key !== undefined)
  return {
    ...Object.fromEntries(disks.map(({ key, disk }) => [key, diskOption(disk, spec)])),
    efidisk0: biosOf(spec) === 'ovmf' ? efiDisk(spec) : undefined,
    // Proxmox makes it 4 MiB, whatever is asked for.
    tpmstate0: spec.tpm && `${spec.tpm_storage ?? spec.storage}:1,version=${spec.tpm}`,
    [drives.iso]: isoDrive(spec.iso),
    [drives.cloudInit]: spec.cloud_init ? `${spec.cloud_init_storage ?? spec.storage}:cloudinit` : undefined,
    // An empty disk falls through to the CD-ROM; Proxmox's own order would begin with the cloud-init drive.
    boot: writeBootOrder(order) || undefined,
  }
}

/** What tells where a VM's disks and drives are made. */
export type DriveSpec = Pick<
  Spec,
  | 'disks'
  | 'storage'
  | 'efi_storage'
  | 'tpm'
  | 'tpm_storage'
  | 'cloud_init'
  | 'cloud_init_storage'
  | 'bios'
  | 'architecture'
>

/** A storage, and the property of the input that names it. */
interface NamedStorage {
  readonly storage: string
  readonly property: string
}

/** What has no storage of its own is on that of the VM. */
function namedStorage(
  { storage: standard }: DriveSpec,
  own: string | undefined,
  property: string,
): NamedStorage {
  return own === undefined ? { storage: standard, property: 'storage' } : { storage: own, property }
}

/** The storages that a VM's disks and drives are made on, with the property that names each. */
export function imageStorages(spec: DriveSpec): NamedStorage[] {
  const named: [string | undefined, string, boolean][] = [
    ...spec.disks.map(({ storage }): [string | undefined, string, boolean] => [storage, 'disks', true]),
    [spec.efi_storage, 'efi_storage', biosOf(spec) === 'ovmf'],
    [spec.tpm_storage, 'tpm_storage', spec.tpm !== undefined],
    [spec.cloud_init_storage, 'cloud_init_storage', spec.cloud_init],
  ]
  const used = named
    .filter(([, , isUsed]) => isUsed)
    .map(([own, property]) => namedStorage(spec, own, property))
  return [...new Map(used.map((one) => [one.storage, one])).values()]
}

/** A disk, the size that it is to have, and where it is. */
export interface Enlargement extends NamedStorage {
  readonly key: string
  readonly size: string
}

/** Disks that are to be enlarged once they are there: an image is imported at its own size. */
export function enlargedDisks(spec: DriveSpec): Enlargement[] {
  return numberedDisks(spec).flatMap(({ key, disk: { import_from, size, storage } }) =>
    import_from === undefined || size === undefined
      ? []
      : [{ key, size, ...namedStorage(spec, storage, 'disks') }],
  )
}

export function isoDrive(volid: string | undefined): string | undefined {
  return volid === undefined ? undefined : `${volid},media=cdrom`
}

/** Disks are numbered by bus. */
export function numberedDisks({
  disks,
}: Pick<Spec, 'disks'>): { readonly key: string; readonly disk: Disk }[] {
  const counters = new Map<string, number>()
  return disks.map((disk) => {
    const number = counters.get(disk.bus) ?? 0
    counters.set(disk.bus, number + 1)
    return { key: `${disk.bus}${number}`, disk }
  })
}

function diskOption(disk: Disk, spec: Spec): string {
  const { size, import_from, discard, ssd, iothread, cache, aio, backup, replicate, serial, format } = disk
  const gib = import_from === undefined ? gibibytes(parseSize(size ?? '') ?? 0) : 0
  return writeDrive({
    volume: `${disk.storage ?? spec.storage}:${gib}`,
    properties: propertiesOf({
      ...{ ssd, iothread, cache, aio, backup, replicate, serial, format },
      discard: discard ? 'on' : undefined,
      'import-from': import_from,
    }),
  })
}

/** Keys are enrolled only on request: the installer is not signed, and Secure Boot would not start it. */
function efiDisk(spec: Spec): string {
  return `${spec.efi_storage ?? spec.storage}:1,efitype=4m,pre-enrolled-keys=${spec.secure_boot ? 1 : 0}`
}

function networkOptions(spec: HardwareSpec): Parameters {
  const cards = spec.networks.map((network, index): [string, string] => {
    const { model, mac, bridge, firewall, link_down, mtu, queues, rate, trunks, vlan: tag } = network
    const properties = propertiesOf({ bridge, firewall, link_down, mtu, queues, rate, tag, trunks })
    const address = mac === undefined ? {} : { mac: mac.toUpperCase() }
    return [`net${index}`, writeNetworkCard({ model, ...address, properties })]
  })
  return Object.fromEntries(cards)
}

export function biosOf(spec: Pick<Spec, 'bios' | 'architecture'>): 'seabios' | 'ovmf' {
  return spec.bios ?? (spec.architecture === 'aarch64' ? 'ovmf' : 'seabios')
}
