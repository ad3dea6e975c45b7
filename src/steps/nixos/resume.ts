import type { Context } from '../../core/step.ts'
import type { ProxmoxClient } from '../../proxmox/client.ts'
import type { VmSummary } from '../../proxmox/cluster.ts'
import { updateNote } from '../../proxmox/note-store.ts'
import { readVm } from '../../proxmox/vms.ts'
import { readFacts } from '../../ssh/facts.ts'
import { openSession } from '../../ssh/session.ts'
import { Guest, type SystemLoginOptions, systemLogin } from '../ssh/guest.ts'

const seconds = 15

/**
 * Whether the VM already runs the system that an interrupted run installed: it shows the host key that this run
 * shipped, which nobody else has. Then the note says so, and the installation need not be done again.
 */
export async function adoptInstalledSystem(
  client: ProxmoxClient,
  vm: VmSummary,
  options: SystemLoginOptions,
  shippedKey: string,
  flake: string | undefined,
  context: Context,
): Promise<{ readonly system: string; readonly host_key: string } | undefined> {
  const { current: config } = await readVm(client, vm)
  const guest = new Guest(systemLogin(options, shippedKey), { client, summary: vm, config })
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(seconds * 1000)])
  try {
    const address = await guest.address()
    if (address === undefined) return undefined
    const login = {
      address: await guest.reachable(address),
      user: guest.user,
      key: await guest.key(),
      hostKey: shippedKey,
    }
    await using session = await openSession(login, signal)
    const facts = await readFacts(session, signal)
    if (facts === undefined || facts.installer || facts.system === undefined) return undefined
    const installed = { system: facts.system, host_key: shippedKey }
    await updateNote(client, context, vm, ({ created, uuid }) => ({
      created,
      uuid,
      installed: {
        at: new Date().toISOString(),
        rebooted: true,
        ...installed,
        ...(flake === undefined ? {} : { flake }),
      },
    }))
    return installed
  } catch {
    context.signal.throwIfAborted()
    // Down, or the installer with its own key: the installation is begun anew.
    return undefined
  }
}
