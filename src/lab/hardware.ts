import { failed } from './api-error.ts'
import { cloudInitDrive } from './cloud-init/drive.ts'
import type { Cluster } from './cluster.ts'
import {
  bootOrderOf,
  byNumber,
  cloudInitDriveName,
  drivesOf,
  isCdrom,
  isCloudInit,
  parseDrive,
} from './drives.ts'
import type { CloudInitDrive, GuestHardware, GuestNic } from './guest.ts'
import { readFileIfPresent } from './persistence.ts'
import { splitPropertyString } from './property-strings.ts'
import type { Options } from './vm-config.ts'
import type { Vm } from './vms.ts'

/** The machine that a configuration describes. Throws where a volume is missing. */
export function hardwareOf(cluster: Cluster, vm: Vm): GuestHardware {
  const { options } = vm.config
  const drives = drivesOf(cluster.schema, options).filter(([, drive]) => drive.file.includes(':'))
  const files = drives.map(([key, drive]) => ({ key, drive, volume: volumeOf(cluster, vm, drive.file) }))
  return {
    vmid: vm.vmid,
    name: options.name ?? `VM${vm.vmid}`,
    node: vm.node,
    uuid: /uuid=([^,]+)/.exec(options.smbios1 ?? '')?.[1] ?? '',
    cores: Number(options.cores ?? 1) * Number(options.sockets ?? 1),
    memoryMiB: memoryOf(options),
    architecture: options.arch === 'aarch64' ? 'aarch64' : 'x86_64',
    machine: options.arch === 'aarch64' ? 'virt' : /q35/.test(options.machine ?? '') ? 'q35' : 'pc',
    firmware: options.bios === 'ovmf' ? 'uefi' : 'bios',
    efiVariables: files.find(({ key }) => key === 'efidisk0')?.volume.file,
    tpm: options.tpmstate0 !== undefined,
    scsiController: options.scsihw ?? 'lsi',
    graphics: !/^(?:type=)?(?:serial|none)/.test(options.vga ?? ''),
    bootOrder: bootOrderOf(options.boot) ?? drives.map(([key]) => key),
    disks: files
      .filter(({ key, drive }) => !isCdrom(drive) && !/^(?:efidisk|tpmstate)/.test(key))
      .map(({ key, volume }) => ({ key, path: volume.file, sizeBytes: volume.size })),
    isos: files
      .filter(({ drive }) => isCdrom(drive) && !isCloudInit(drive))
      .map(({ key, volume }) => ({ key, path: volume.file })),
    cloudInit: cloudInitOf(cluster, vm),
    nics: nicsOf(options),
    agent: hasAgent(options),
  }
}

/** The content of the cloud-init drive, if the VM has one. */
export function cloudInitOf(cluster: Cluster, vm: Vm): CloudInitDrive | undefined {
  const { options } = vm.config
  const key = cloudInitDriveName(cluster.schema, options)
  if (key === undefined) return undefined
  const drive = parseDrive(cluster.schema, key, options[key] ?? '')
  const files = cloudInitDrive(options, vm.vmid, cluster.dns, (volid) => {
    const { storage, name } = cluster.storages.split(vm.node, volid)
    const text = readFileIfPresent(storage.fileOf(name))
    if (text === undefined) throw failed(`volume '${volid}' does not exist`)
    return text
  })
  return { key, path: volumeOf(cluster, vm, drive.file).file, ...files }
}

/** The memory in MiB. */
export function memoryOf(options: Options): number {
  return Number(/\d+/.exec(options.memory ?? '')?.[0] ?? 512)
}

/** Whether the guest agent's device is there. */
export function hasAgent(options: Options): boolean {
  const { agent } = options
  if (agent === undefined) return false
  const { enabled } = splitPropertyString(agent, { enabled: { default_key: 1 } })
  return /^(?:1|on|yes|true)$/i.test(enabled ?? '0')
}

/** The bridges that the VM's network cards want. */
export function bridgesOf(options: Options): string[] {
  return nicsOf(options).map((nic) => nic.bridge)
}

/** The network cards in the order of their numbers. */
export function nicsOf(options: Options): GuestNic[] {
  const keys = Object.keys(options).filter((name) => /^net\d+$/.test(name))
  return keys.sort(byNumber).map((key) => ({
    key,
    model: /^(?:model=)?([\w-]+)/.exec(options[key] ?? '')?.[1] ?? 'virtio',
    mac: /[0-9A-F]{2}(?::[0-9A-F]{2}){5}/i.exec(options[key] ?? '')?.[0] ?? '',
    bridge: /(?:^|,)bridge=([^,]+)/.exec(options[key] ?? '')?.[1] ?? '',
    ...fixedAddress(options[`ipconfig${key.slice(3)}`]),
  }))
}

function fixedAddress(config: string | undefined): Pick<GuestNic, 'ip' | 'gateway'> {
  const { ip, gw } = splitPropertyString(config ?? '', {})
  return ip?.includes('/') ? { ip, gateway: gw } : { ip: undefined, gateway: undefined }
}

function volumeOf(cluster: Cluster, vm: Vm, volid: string) {
  const volume = cluster.storages.find(vm.node, volid)
  if (volume === undefined) throw failed(`volume '${volid}' does not exist`)
  return volume
}
