/**
 * Simulated guests: an SSH server inside the lab's process that behaves as the booted installer and then as
 * the installed system. Nothing of the host is touched but the disks' files.
 */
import type { GuestFactory } from '../guest.ts'
import { defaultLatency, type Faults, type Latency, type SimulatedGuestsOptions } from './options.ts'
import { SimulatedGuest } from './simulated-guest.ts'

export interface SimulatedGuests extends GuestFactory {
  /** May be changed at any time; counts from the next wait on. */
  readonly latency: Latency
  /** For all guests; may be changed at any time. */
  readonly faults: Faults
  /** For one guest, on top of those for all. */
  faultsOf(vmid: number): Faults
}

export function simulatedGuests(options: SimulatedGuestsOptions = {}): SimulatedGuests {
  const latency: Latency = { ...defaultLatency, ...options.latency }
  const faults: Faults = options.faults ?? {}
  const own = new Map<number, Faults>()
  const faultsOf = (vmid: number): Faults => {
    const known = own.get(vmid) ?? {}
    own.set(vmid, known)
    return known
  }
  const factory: GuestFactory = (vmid, host) =>
    new SimulatedGuest(vmid, host, {
      latency: () => latency,
      faults: () => ({ ...faults, ...given(faultsOf(vmid)) }),
      listenOn: options.listenOn?.(vmid) ?? {},
      penalties: options.loginPenalties ?? false,
    })
  return Object.assign(factory, { latency, faults, faultsOf })
}

/** Without the fields that are there but undefined: they must not hide what is set for all. */
function given(faults: Faults): Faults {
  return Object.fromEntries(Object.entries(faults).filter(([, value]) => value !== undefined))
}
