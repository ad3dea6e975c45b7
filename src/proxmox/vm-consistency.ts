import { isIP, isIPv4, isIPv6 } from 'node:net'
import { NciError } from '../core/errors.ts'
import type { Inputs } from '../core/step.ts'
import { vga } from './values/typed-list.ts'
import { numberedDisks } from './vm-options.ts'

type Spec = Inputs['vm.create']

/** Where a mistake is, as a JSON pointer, and what is wrong there, to follow it. */
type Problem = readonly [pointer: string, text: string]

/**
 * What the schema cannot say of a VM: values that do not fit one another.
 *
 * @throws {NciError} `INPUT_INVALID` with all problems at once, in `details.mistakes`
 */
export function assertConsistent(spec: Spec): void {
  const problems = [
    ...idProblems(spec),
    ...diskProblems(spec),
    ...firmwareProblems(spec),
    ...memoryProblems(spec),
    ...displayProblems(spec),
    ...networkProblems(spec),
    ...driveKindProblems(spec),
    ...addressListProblems(spec),
  ]
  if (problems.length === 0) return
  throw new NciError('INPUT_INVALID', {
    problems: problems.map(([pointer, text]) => `\`${pointer}\` ${text}`).join('; '),
    mistakes: problems.map(([pointer, expected]) => ({ pointer, expected })),
    step: 'vm.create',
  })
}

function* idProblems({ vmid_min: min, vmid_max: max }: Spec): Generator<Problem> {
  if (min !== undefined && max !== undefined && min > max) yield ['/vmid_min', 'must not be above `vmid_max`']
}

/** The other buses have room for all the disks that the schema allows. */
const sataPlaces = 6

function* diskProblems(spec: Spec): Generator<Problem> {
  const serials = new Set<string>()
  for (const [index, { key, disk }] of numberedDisks(spec).entries()) {
    const { bus, ssd, iothread, serial } = disk
    const at = (property: string): string => `/disks/${index}/${property}`
    if (bus === 'sata' && Number(key.slice(bus.length)) >= sataPlaces)
      yield [at('bus'), `has no place left: \`sata\` has ${sataPlaces}`]
    if (bus === 'virtio' && ssd !== undefined) yield [at('ssd'), 'is not for disks on the virtio bus']
    if (bus === 'sata' && iothread !== undefined) yield [at('iothread'), 'is not for disks on the sata bus']
    if (serial !== undefined && serials.has(serial)) yield [at('serial'), 'is that of another disk']
    if (serial !== undefined) serials.add(serial)
  }
}

function* firmwareProblems(spec: Spec): Generator<Problem> {
  const aarch64 = spec.architecture === 'aarch64'
  if (aarch64 && spec.bios === 'seabios') yield ['/bios', 'must be `ovmf` for aarch64, which has no other']
  const isUefi = spec.bios === 'ovmf' || (spec.bios === undefined && aarch64)
  if (!isUefi && spec.secure_boot) yield ['/secure_boot', 'needs `bios: ovmf`']
  else if (aarch64 && spec.secure_boot)
    yield ['/secure_boot', 'is not for aarch64: Proxmox has no keys for it']
  if (!isUefi && spec.efi_storage !== undefined) yield ['/efi_storage', 'needs `bios: ovmf`']
  if (spec.tpm === undefined && spec.tpm_storage !== undefined) yield ['/tpm_storage', 'needs `tpm`']
}

function* memoryProblems({ balloon, memory }: Spec): Generator<Problem> {
  if (balloon !== undefined && balloon > memory) yield ['/balloon', 'must not be more than `memory`']
}

/** QEMU does not start with a display on a port that is not there. */
function* displayProblems({ vga: given, options, serial_console }: Spec): Generator<Problem> {
  const port = vga.parse(given ?? String(options?.vga ?? '')).get('type') ?? ''
  if (!/^serial\d$/.test(port) || options?.[port] !== undefined) return
  if (port !== 'serial0' || !serial_console)
    yield [
      given === undefined ? '/options/vga' : '/vga',
      `is on the serial port ${port}, which the VM does not have`,
    ]
}

function* networkProblems({ networks }: Spec): Generator<Problem> {
  const macs = new Set<string>()
  for (const [index, { mac, model, queues, ip, gateway, ip6, gateway6 }] of networks.entries()) {
    const at = (property: string): string => `/networks/${index}/${property}`
    if (mac !== undefined && macs.has(mac.toUpperCase())) yield [at('mac'), 'is that of another card']
    if (mac !== undefined) macs.add(mac.toUpperCase())
    if (queues !== undefined && model !== 'virtio') yield [at('queues'), 'is for virtio cards']
    if (ip !== undefined && ip !== 'dhcp' && !isIPv4(withoutPrefix(ip)))
      yield [at('ip'), 'is no IPv4 address']
    if (gateway !== undefined && !isIPv4(gateway)) yield [at('gateway'), 'is no IPv4 address']
    if (ip6 !== undefined && !['dhcp', 'auto'].includes(ip6) && !isIPv6(withoutPrefix(ip6)))
      yield [at('ip6'), 'is no IPv6 address']
    if (gateway6 !== undefined && !isIPv6(gateway6)) yield [at('gateway6'), 'is no IPv6 address']
    if (gateway !== undefined && !ip?.includes('/')) yield [at('gateway'), 'needs a static address in `ip`']
    if (gateway6 !== undefined && !ip6?.includes('/'))
      yield [at('gateway6'), 'needs a static address in `ip6`']
  }
}

/** An interfaces file names a card once for each family, and cloud-init gives up on a file that names one twice. */
function* driveKindProblems({ ci_type: type, ci_custom: custom, networks }: Spec): Generator<Problem> {
  if (type !== 'configdrive2' || /(?:^|,)network=/.test(custom ?? '')) return
  if (networks.some(({ ip, ip6 }) => ip !== undefined && ip6 !== undefined))
    yield [
      '/ci_type',
      'must be `nocloud` for a card with `ip` and `ip6`: of `configdrive2` cloud-init reads one',
    ]
}

function* addressListProblems({ nameservers = [] }: Spec): Generator<Problem> {
  for (const [index, address] of nameservers.entries())
    if (isIP(address) === 0) yield [`/nameservers/${index}`, 'is no IP address']
}

function withoutPrefix(address: string): string {
  return address.replace(/\/\d+$/, '')
}
