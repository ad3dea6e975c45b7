import { NciError, toNciError } from '../../core/errors.ts'
import { type Change, type Context, type Outputs, type Plan, step } from '../../core/step.ts'
import { connectProxmox, type ProxmoxClient } from '../../proxmox/client.ts'
import type { VmSummary } from '../../proxmox/cluster.ts'
import { drivesOf } from '../../proxmox/drives.ts'
import { assertOurs, isOurs, readNote, writeNote } from '../../proxmox/ownership.ts'
import { readable } from '../../proxmox/vm-differences.ts'
import { findVm } from '../../proxmox/vm-lookup.ts'
import { forget, recall, remember } from '../../proxmox/vm-memory.ts'
import {
  assertUnlocked,
  knownState,
  readVm,
  setPower,
  type VmConfig,
  type VmState,
  vmPath,
  withAdditions,
} from '../../proxmox/vms.ts'
import { keysOf, type Leftovers, leftoversOf, notGone, remaining } from './leftovers.ts'

type Output = Outputs['vm.detach']

const shutdownSeconds = 120
/** For what is probably the installer, which lives in memory, and may be a system that somebody put there or rebooted. */
const cautiousSeconds = 30

/** Removes ISO, cloud-init drive and cloud-init settings, fixes the boot order, and proves that they are gone. */
export const vmDetach = step('vm.detach', async (input, context): Promise<Plan<Output>> => {
  const client = connectProxmox(input, context)
  const { vm, status } = await findVm(client, context, input)
  const state = await knownState(client, context, vm)
  if (!input.force) assertOurs(vm, state.current, 'Set `force: true` to detach its drives all the same.')
  const leftovers = leftoversOf(state)
  const start = input.start ?? status === 'running'
  const keys = keysOf(leftovers)
  // What hot mode removed waits for a stop that cold mode makes.
  const installed = readNote(state.current)?.installed
  const runsSystem = !isOurs(state.current) || installed?.proved !== undefined || installed?.rebooted === true
  const grace = runsSystem ? shutdownSeconds : cautiousSeconds
  // Nothing is hot about a VM that is off.
  const hot = input.mode === 'hot' && status === 'running'
  const done = (hot ? notGone(state) : remaining(leftovers)).length === 0
  const settled = !start || status === 'running'
  if (done && settled) return { changed: false, output: describe(vm, state, status, []) }
  assertUnlocked(vm, state.current)
  return {
    changed: true,
    diff: changesOf(withAdditions(state), leftovers, status, start, hot),
    expected: { vmid: vm.vmid, node: vm.node, name: vm.name, removed: keys, pending: [] },
    apply: () =>
      (hot ? detachHot : detachCold)({ client, context, vm, state, leftovers, status, start, grace }),
  }
})

interface Work {
  readonly client: ProxmoxClient
  readonly context: Context
  readonly vm: VmSummary
  readonly state: VmState
  readonly leftovers: Leftovers
  readonly status: Output['status']
  readonly start: boolean
  /** Seconds that what runs gets to shut down. */
  readonly grace: number
}

/** With the VM off nothing is left pending: Proxmox removes drives and volumes at once. */
async function detachCold(work: Work): Promise<Output> {
  const { client, context, vm, status, start } = work
  if (status === 'running') await switchOff(work)
  try {
    return await detachStopped(work)
  } catch (error) {
    if (status !== 'running') throw error
    throw await afterFailure(error, client, context, vm, start)
  }
}

async function switchOff({ client, context, vm, grace }: Work): Promise<void> {
  context.emit({ type: 'phase', phase: `stopping VM ${vm.vmid}` })
  await setPower(client, context, vm, 'shutdown', { timeout: grace, forceStop: 1 })
}

async function detachStopped(work: Work): Promise<Output> {
  const { client, context, vm, state, status, start } = work
  context.emit({ type: 'phase', phase: 'removing the drives' })
  // The stop may have applied what was pending.
  const isKnown = status === 'stopped' || recall(context, vm)?.asSent === true
  const stopped = isKnown ? state : await readVm(client, vm)
  await remove(client, vm, leftoversOf(stopped), stopped.current)
  const after = await readVm(client, vm)
  remember(context, { vm, status: 'stopped', state: after })
  const left = remaining(leftoversOf(after))
  if (left.length > 0)
    throw new NciError('PVE_DETACH_INCOMPLETE', { vmid: vm.vmid, settings: left.join(', ') })
  if (start) {
    context.emit({ type: 'phase', phase: `starting VM ${vm.vmid}` })
    await setPower(client, context, vm, 'start')
  }
  return describe(vm, after, start ? 'running' : 'stopped', keysOf(work.leftovers))
}

/** A machine that ran is not left off because its drives could not be removed. */
async function afterFailure(
  error: unknown,
  client: ProxmoxClient,
  context: Context,
  vm: VmSummary,
  restart: boolean,
): Promise<NciError> {
  const signal = AbortSignal.timeout(60_000)
  const status = restart
    ? await setPower(client.with(signal), { ...context, signal }, vm, 'start').then(
        () => 'running',
        () => 'stopped',
      )
    : 'stopped'
  return toNciError(error).withDetails({ vmid: vm.vmid, status_now: status })
}

/**
 * A running VM keeps its drives until it is stopped: they are emptied, which happens at once, and their removal is
 * left pending.
 */
async function detachHot({ client, context, vm, state: before, leftovers, status }: Work): Promise<Output> {
  context.emit({ type: 'phase', phase: 'emptying the drives' })
  forget(context, vm)
  const leaving = new Set([...leftovers.cdroms, ...leftovers.cloudInit])
  // A drive that is about to be added need not be emptied, and what is in its place may be a disk.
  const drives = drivesOf(before.current).flatMap(({ key, kind }) =>
    kind !== 'disk' && leaving.has(key) ? [key] : [],
  )
  const empty = Object.fromEntries(drives.map((key) => [key, 'none,media=cdrom']))
  const { digest, ...current } = before.current
  if (drives.length > 0) {
    await client.put(`${vmPath(vm)}/config`, `empty the drives of VM ${vm.vmid}`, { ...empty, digest })
  }
  // Emptying a cloud-init drive leaves it in a pending boot order again: the order is sent in any case.
  const order = { ...leftovers, boot: leftovers.boot ?? leftovers.order }
  await remove(client, vm, order, drives.length > 0 ? current : before.current)
  const state = await readVm(client, vm)
  const left = notGone(state)
  if (left.length > 0)
    throw new NciError('PVE_DETACH_INCOMPLETE', { vmid: vm.vmid, settings: left.join(', ') })
  return describe(vm, state, status, keysOf(leftovers))
}

/** @param current what was read last; its digest, where it has one, guards against a change in between */
async function remove(
  client: ProxmoxClient,
  vm: VmSummary,
  leftovers: Leftovers,
  current: VmConfig,
): Promise<void> {
  const { boot } = leftovers
  const keys = keysOf(leftovers)
  if (keys.length === 0 && boot === undefined) return
  const note = isOurs(current) ? readNote(current) : undefined
  await client.put(`${vmPath(vm)}/config`, `detach the drives of VM ${vm.vmid}`, {
    ...(keys.length > 0 ? { delete: keys.join(',') } : {}),
    ...(boot === undefined || boot === '' ? {} : { boot: `order=${boot}` }),
    ...(note === undefined
      ? {}
      : { description: writeNote(String(current.description ?? ''), { ...note, detached: true }) }),
    digest: current.digest,
  })
}

function changesOf(
  config: VmConfig,
  leftovers: Leftovers,
  status: Output['status'],
  start: boolean,
  hot: boolean,
): Change[] {
  const removed = keysOf(leftovers).map((what) => ({
    what,
    before: readable(what, String(config[what])),
  }))
  const boot =
    leftovers.boot === undefined
      ? []
      : [{ what: 'boot', before: config.boot, after: `order=${leftovers.boot}` }]
  const restarted = !hot && status === 'running'
  const power = restarted || (start && status === 'stopped')
  const after = restarted && start ? 'stopped, then running' : start ? 'running' : 'stopped'
  return [...removed, ...boot, ...(power ? [{ what: 'status', before: status, after }] : [])]
}

function describe(vm: VmSummary, state: VmState, status: Output['status'], removed: string[]): Output {
  const boot = state.current.boot
  return {
    vmid: vm.vmid,
    node: vm.node,
    name: vm.name,
    status,
    removed,
    pending: state.pending.map(({ key }) => key).sort(),
    ...(boot === undefined ? {} : { boot: String(boot) }),
  }
}
