import { failed, permissionDenied } from './api-error.ts'
import { type Identity, isRoot } from './authentication.ts'
import { isCloudInitOption } from './cloud-init/options.ts'
import type { Cluster } from './cluster.ts'
import { isDriveName } from './drives.ts'

const groups: Readonly<Record<string, readonly string[]>> = {
  'VM.Config.CPU': ['cores', 'cpu', 'cpulimit', 'cpuunits', 'numa', 'smp', 'sockets', 'vcpus'],
  'VM.Config.Disk': ['boot', 'bootdisk', 'vmstatestorage'],
  'VM.Config.HWType': [
    'acpi',
    'hotplug',
    'kvm',
    'machine',
    'scsihw',
    'smbios1',
    'tablet',
    'vga',
    'watchdog',
    'audio0',
    'rng0',
    'amd-sev',
    'allow-ksm',
  ],
  'VM.Config.Memory': ['memory', 'balloon', 'shares'],
  'VM.Config.Options': [
    'agent',
    'autostart',
    'bios',
    'description',
    'keyboard',
    'localtime',
    'migrate_downtime',
    'migrate_speed',
    'name',
    'onboot',
    'ostype',
    'protection',
    'reboot',
    'startdate',
    'startup',
    'tdf',
    'template',
    'tags',
  ],
  'VM.PowerMgmt': ['freeze'],
}
const privilegeOf = new Map(
  Object.entries(groups).flatMap(([privilege, names]) => names.map((name) => [name, privilege])),
)

/** Checks that the caller may change these options of a VM; drives have checks of their own. */
export function requireOptionPrivileges(
  cluster: Cluster,
  identity: Identity,
  vmid: number,
  names: readonly string[],
  pool?: string,
): void {
  if (isRoot(identity)) return
  const need = (privileges: readonly string[], any = false) => {
    const allowed =
      cluster.access.allows(identity.id, `/vms/${vmid}`, privileges, any) ||
      (pool !== undefined && cluster.access.allows(identity.id, `/pool/${pool}`, privileges, any))
    if (!allowed) throw permissionDenied(`/vms/${vmid}`, privileges, any)
  }
  for (const name of names) {
    if (isDriveName(name) || name === 'cdrom') continue
    // The value decides about these; a socket is all that the lab has.
    if (/^(?:serial|usb)\d+$/.test(name)) need(['VM.Config.HWType'])
    else if (name === 'tags' && cluster.schema.major === 8) continue
    else if (/^numa\d+$/.test(name)) need(['VM.Config.CPU'])
    else if (/^unused\d+$/.test(name)) need(['VM.Config.Disk'])
    else if (/^net\d+$/.test(name)) need(['VM.Config.Network'])
    else if (privilegeOf.has(name)) {
      need([privilegeOf.get(name) ?? ''])
      if (name === 'startup' && !cluster.access.allows(identity.id, '/', ['Sys.Modify'])) {
        throw permissionDenied('/', ['Sys.Modify'])
      }
    } else if (isCloudInitOption(name)) need(['VM.Config.Cloudinit', 'VM.Config.Network'], true)
    else throw failed(`only root can set '${name}' config`)
  }
}
