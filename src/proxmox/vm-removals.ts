import type { Inputs } from '../core/step.ts'
import { vga } from './values/typed-list.ts'
import { cloudInitOptions, hardwareOptions } from './vm-options.ts'
import type { VmConfig } from './vms.ts'

type Spec = Inputs['vm.create']

/**
 * Settings that a VM has and of which the input says that there are to be none: an empty list, a switch that is off, a
 * card without addresses. What it does not speak of is left as it is.
 */
export function unwantedSettings(current: VmConfig, spec: Spec): string[] {
  const { ssh_public_keys, nameservers, serial_console, networks } = spec
  const shown = vga.parse(String(current.vga ?? '')).get('type') === 'serial0'
  const empty = [
    ...(ssh_public_keys?.length === 0 ? ['sshkeys'] : []),
    ...(nameservers?.length === 0 ? ['nameserver'] : []),
    // A display that is the serial port goes with it: QEMU would not start.
    ...(serial_console ? [] : ['serial0', ...(shown ? ['vga'] : [])]),
    ...networks.map((_, index) => `ipconfig${index}`),
  ]
  const wanted = { ...hardwareOptions(spec), ...cloudInitOptions(spec) }
  return empty.filter((key) => wanted[key] === undefined && isSet(current, key))
}

/** Network cards that a VM has beyond those that are asked for. */
export function surplusCards(current: VmConfig, { networks }: Spec): string[] {
  return Object.keys(current)
    .filter((key) => /^net\d+$/.test(key) && Number(key.slice(3)) >= networks.length && isSet(current, key))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
}

/** A setting that is about to be removed reads as empty. */
function isSet(current: VmConfig, key: string): boolean {
  return Object.hasOwn(current, key) && String(current[key]).trim() !== ''
}
