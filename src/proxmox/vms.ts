import { delay } from '../core/deadline.ts'
import { isNciError, NciError } from '../core/errors.ts'
import type { Context } from '../core/step.ts'
import type { ProxmoxClient } from './client.ts'
import type { VmSummary } from './cluster.ts'
import { runTask } from './tasks.ts'
import { forget, recall, remember } from './vm-memory.ts'

export type VmConfig = Readonly<Record<string, string | number>>

/** A setting that the next stop and start change. */
export interface PendingSetting {
  readonly key: string
  readonly before?: string
  /** Absent: it is removed. */
  readonly after?: string
}

/** What a VM is configured to be: now, and after the next start. */
export interface VmState {
  readonly current: VmConfig
  readonly pending: readonly PendingSetting[]
}

/** What a VM does. */
export interface VmStatus {
  readonly status: 'running' | 'stopped'
  /** Why it is locked: `backup`, `create`, … */
  readonly lock?: string
  readonly name?: string
  /** The HA manager starts and stops it. */
  readonly ha?: boolean
}

const haPause = 1000

interface CurrentStatus {
  readonly status: string
  readonly lock?: string
  readonly name?: string
  readonly ha?: { readonly managed?: number }
}

interface PendingRow {
  readonly key: string
  readonly value?: string | number
  readonly pending?: string | number
  readonly delete?: number
}

/** The path of a VM's API. */
export function vmPath(vm: { readonly vmid: number; readonly node: string }): string {
  return `/nodes/${vm.node}/qemu/${vm.vmid}`
}

/**
 * A VM's settings with what is pending, in one request: a row's value is what `config?current=1` gives, and what waits
 * stands beside it. `GET config` alone would hide what is about to be removed.
 */
export async function readVm(client: ProxmoxClient, vm: VmSummary): Promise<VmState> {
  const rows = await client.get<PendingRow[]>(
    `${vmPath(vm)}/pending`,
    `read the configuration of VM ${vm.vmid}`,
  )
  const current = rows.flatMap(({ key, value }) => (value === undefined ? [] : [[key, value] as const]))
  const pending = rows
    .filter((row) => row.pending !== undefined || row.delete !== undefined)
    .map((row) => ({
      key: row.key,
      ...(row.value === undefined ? {} : { before: String(row.value) }),
      ...(row.pending === undefined ? {} : { after: String(row.pending) }),
    }))
  return { current: Object.fromEntries(current), pending }
}

/** A VM's settings with those that its next start adds or changes; what that removes is still among them. */
export function withAdditions({ current, pending }: VmState): VmConfig {
  const added = pending.flatMap(({ key, after }) => (after === undefined ? [] : [[key, after] as const]))
  return { ...current, ...Object.fromEntries(added) }
}

/** Whether a VM runs, at once: the cluster's list lags some seconds behind. */
export async function readStatus(
  client: ProxmoxClient,
  vm: { readonly vmid: number; readonly node: string },
): Promise<VmStatus> {
  const { status, lock, name, ha } = await client.get<CurrentStatus>(
    `${vmPath(vm)}/status/current`,
    `read the state of VM ${vm.vmid}`,
  )
  return {
    status: status === 'running' ? 'running' : 'stopped',
    ...(lock === undefined ? {} : { lock }),
    ...(name === undefined ? {} : { name }),
    ...(ha?.managed ? { ha: true } : {}),
  }
}

/** Starts, stops or shuts down a VM and waits for it. Warnings of the task become warnings of the step. */
export async function setPower(
  client: ProxmoxClient,
  context: Context,
  vm: VmSummary,
  action: 'start' | 'stop' | 'shutdown',
  parameters: Readonly<Record<string, string | number>> = {},
): Promise<void> {
  const known = recall(context, vm)
  forget(context, vm)
  const { warnings } = await runTask(client, context, () =>
    client.post<string>(`${vmPath(vm)}/status/${action}`, `${action} the VM ${vm.vmid}`, parameters),
  ).catch((error: unknown) => {
    // Somebody was quicker: perhaps an earlier run, whose task went on when it was killed.
    if (action === 'start' && isAlreadyRunning(error)) return { warnings: [] }
    throw error
  })
  for (const message of warnings) context.emit({ type: 'warning', message: `VM ${vm.vmid}: ${message}` })
  const status = action === 'start' ? 'running' : 'stopped'
  if (vm.ha) await reachStatus(client, context, vm, status)
  // What was pending is not any more, and only Proxmox knows what came of it.
  const isSettled = known?.state?.pending.length === 0
  if (isSettled) remember(context, { ...known, vm, status }, known.at)
  else remember(context, { vm, status })
}

/** The task of a VM that the HA manager looks after ends when the manager was asked; it acts some seconds later. */
async function reachStatus(
  client: ProxmoxClient,
  context: Context,
  vm: VmSummary,
  wanted: VmStatus['status'],
): Promise<void> {
  context.emit({ type: 'phase', phase: `waiting for the HA manager and VM ${vm.vmid}` })
  while ((await readStatus(client, vm)).status !== wanted) await delay(haPause, context.signal)
}

/** A VM's settings, or those that this run has just given it. */
export async function knownState(client: ProxmoxClient, context: Context, vm: VmSummary): Promise<VmState> {
  return recall(context, vm)?.state ?? readVm(client, vm)
}

function isAlreadyRunning(error: unknown): boolean {
  return isNciError(error, 'PVE_TASK_FAILED') && /already running/.test(String(error.details.reason))
}

/** @throws {NciError} `PVE_VM_LOCKED` */
export function assertUnlocked(vm: VmSummary, config: VmConfig): void {
  if (config.lock !== undefined) throw new NciError('PVE_VM_LOCKED', { vmid: vm.vmid, lock: config.lock })
}

/** The DMI product UUID that Proxmox gives the VM. */
export function uuidOf(config: VmConfig): string | undefined {
  return /uuid=([0-9a-fA-F-]{36})/.exec(String(config.smbios1 ?? ''))?.[1]?.toLowerCase()
}

/** MAC addresses of the network cards, in order: `net0: virtio=BC:24:…,bridge=vmbr0`. */
export function macsOf(config: VmConfig): string[] {
  return Object.keys(config)
    .filter((key) => /^net\d+$/.test(key))
    .sort((a, b) => Number(a.slice(3)) - Number(b.slice(3)))
    .flatMap((key) => /([0-9A-F]{2}(:[0-9A-F]{2}){5})/i.exec(String(config[key]))?.[1] ?? [])
}
