import { isCloudInitOption } from './cloud-init/options.ts'
import type { Cluster } from './cluster.ts'
import { applyDelete, applySet } from './config-apply.ts'
import { isCdrom, isDriveName, parseDrive } from './drives.ts'
import { splitList } from './formats.ts'
import { bridgesOf } from './hardware.ts'
import type { Vm } from './vms.ts'

/** These take effect on a running VM at once. */
const immediate = new Set([
  'lock',
  'name',
  'onboot',
  'shares',
  'startup',
  'description',
  'protection',
  'vmstatestorage',
  'hookscript',
  'tags',
  'hotplug',
  'cpuunits',
  'cpulimit',
  'balloon',
  'tablet',
])

/** Takes over what can be changed while the VM runs; the rest stays pending. Tells what failed, by option. */
export async function applyWhileRunning(cluster: Cluster, vm: Vm): Promise<Record<string, string>> {
  const { config } = vm
  const errors: Record<string, string> = {}
  for (const mark of [...config.pendingDelete]) {
    const name = mark.replace(/^!/, '')
    if (!canUnplug(vm, name)) continue
    if (isDriveName(name)) await vm.guest?.eject(name)
    applyDelete(cluster, vm, name, mark.startsWith('!'))
  }
  for (const name of Object.keys(config.pending)) {
    const value = config.pending[name] ?? ''
    if (!canHotplug(cluster, vm, name, value)) continue
    const error = hotplugError(cluster, vm, name, value)
    if (error !== undefined) {
      errors[name] = `hotplug problem - ${error}\n`
      continue
    }
    if (isDriveName(name) && value.startsWith('none,')) await vm.guest?.eject(name)
    recordCloudInitChange(vm, name, value)
    applySet(cluster, vm, name)
  }
  return errors
}

function canUnplug(vm: Vm, name: string): boolean {
  if (immediate.has(name) || isCloudInitOption(name)) return true
  if (/^net\d+$/.test(name)) return hotplugs(vm, 'network')
  // IDE and SATA cannot be unplugged.
  if (/^(?:scsi|virtio)\d+$/.test(name)) return hotplugs(vm, 'disk')
  return false
}

function canHotplug(cluster: Cluster, vm: Vm, name: string, value: string): boolean {
  if (immediate.has(name) || isCloudInitOption(name)) return true
  if (/^net\d+$/.test(name)) return hotplugs(vm, 'network')
  if (!isDriveName(name)) return false
  const old = vm.config.options[name]
  if (old !== undefined) {
    const before = parseDrive(cluster.schema, name, old)
    const after = parseDrive(cluster.schema, name, value)
    // Changing a medium always works; exchanging a disk does not.
    if (isCdrom(before) && isCdrom(after)) return true
    return before.file === after.file
  }
  return /^(?:scsi|virtio)\d+$/.test(name) && hotplugs(vm, 'disk')
}

function hotplugError(cluster: Cluster, vm: Vm, name: string, value: string): string | undefined {
  if (!/^net\d+$/.test(name)) return undefined
  const node = cluster.nodes.find((candidate) => candidate.name === vm.node)
  const [bridge = ''] = bridgesOf({ [name]: value })
  if (bridge === '' || node?.bridges.includes(bridge) !== false) return undefined
  return `VM ${vm.vmid} qmp command 'netdev_add' failed - network script /usr/libexec/qemu-server/pve-bridge-hotplug failed with status 512`
}

function hotplugs(vm: Vm, feature: string): boolean {
  const value = vm.config.options.hotplug ?? 'network,disk,usb'
  return value === '1' || splitList(value).includes(feature)
}

/** Remembers what the drive still says, until it is made anew. */
function recordCloudInitChange(vm: Vm, name: string, value: string): void {
  if (!isCloudInitOption(name)) return
  const { cloudInit, options } = vm.config
  const recorded = cloudInit[name]
  if (recorded === value) delete cloudInit[name]
  else if (recorded === undefined && options[name] !== value) cloudInit[name] = options[name] ?? ''
}
