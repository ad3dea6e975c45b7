import { isNciError, NciError } from '../../core/errors.ts'
import { type Context, type Inputs, type Outputs, type Plan, step } from '../../core/step.ts'
import { connectProxmox, type ProxmoxClient } from '../../proxmox/client.ts'
import { readCluster, type VmSummary } from '../../proxmox/cluster.ts'
import { drivesOf } from '../../proxmox/drives.ts'
import { assertOurs } from '../../proxmox/ownership.ts'
import { isOn } from '../../proxmox/property-string.ts'
import { runTask } from '../../proxmox/tasks.ts'
import { type FoundVm, findVm } from '../../proxmox/vm-lookup.ts'
import { forget, recall } from '../../proxmox/vm-memory.ts'
import {
  assertUnlocked,
  readVm,
  setPower,
  uuidOf,
  type VmConfig,
  type VmState,
  vmPath,
  withAdditions,
} from '../../proxmox/vms.ts'
import { unreferencedVolumes } from './unreferenced.ts'

type Input = Inputs['vm.destroy']

/** A VM that may be destroyed. */
export interface Condemned {
  readonly vm: VmSummary
  readonly status: 'running' | 'stopped'
  readonly config: VmConfig
  /** Volumes that go with it. */
  readonly volumes: readonly string[]
}

/** Destroys a VM that this tool created, with its disks; any other one only with `force`. */
export const vmDestroy = step('vm.destroy', async (input, context): Promise<Plan<Outputs['vm.destroy']>> => {
  const client = connectProxmox(input, context)
  const condemned = await condemn(client, context, input)
  if (condemned === undefined) {
    const named = input.name === undefined ? {} : { name: input.name }
    const numbered = input.vmid === undefined ? {} : { vmid: input.vmid }
    return {
      changed: false,
      output: { existed: false, volumes: [], unreferenced: [], ...numbered, ...named },
    }
  }
  const { vm, status, volumes } = condemned
  const unreferenced = context.preflighted
    ? []
    : await strayVolumes(client, context, vm, { referenced: volumes, going: input.unreferenced })
  const destroyed = [...volumes, ...(input.unreferenced ? unreferenced : [])]
  const output = { vmid: vm.vmid, node: vm.node, name: vm.name, existed: true, volumes: destroyed }
  const left = input.unreferenced ? [] : unreferenced
  return {
    changed: true,
    diff: [
      { what: 'vm', before: `${vm.vmid} (${vm.name})` },
      ...(status === 'running' ? [{ what: 'status', before: status, after: 'stopped' }] : []),
      ...destroyed.map((volume) => ({ what: 'volume', before: volume })),
    ],
    expected: { ...output, unreferenced: left },
    async apply() {
      if (status === 'running') {
        context.emit({ type: 'phase', phase: `stopping VM ${vm.vmid}` })
        await setPower(client, context, vm, 'stop')
      }
      context.emit({ type: 'phase', phase: `destroying VM ${vm.vmid}` })
      forget(context, vm)
      await runTask(client, context, () =>
        client.delete<string>(vmPath(vm), `destroy the VM ${vm.vmid}`, {
          purge: true,
          'destroy-unreferenced-disks': input.unreferenced,
        }),
      )
      return { ...output, unreferenced: left }
    },
  }
})

/**
 * The VM that is meant, looked at whether it may be destroyed; `undefined` where there is none.
 *
 * @throws {NciError} `PVE_VM_FOREIGN`, `PVE_VM_CHANGED`, `PVE_VM_PROTECTED`, `PVE_VM_RUNNING`, `PVE_VM_LOCKED`, and
 *   those of the look-up
 */
export async function condemn(
  client: ProxmoxClient,
  context: Context,
  input: Input,
): Promise<Condemned | undefined> {
  const found = await findOrNone(client, context, input)
  if (found === undefined) return undefined
  const { vm, status } = found
  const state = await exactState(client, context, vm)
  const { current } = state
  if (input.expected_uuid !== undefined && uuidOf(current) !== input.expected_uuid.toLowerCase())
    throw new NciError('PVE_VM_CHANGED', { vmid: vm.vmid })
  if (!input.force) assertOurs(vm, current, 'Set `force: true` to destroy it all the same.')
  if (isOn(current.protection)) throw new NciError('PVE_VM_PROTECTED', { vmid: vm.vmid })
  if (status === 'running' && !input.stop) throw new NciError('PVE_VM_RUNNING', { vmid: vm.vmid })
  assertUnlocked(vm, current)
  return { vm, status, config: current, volumes: volumesOf(vm.vmid, state) }
}

/** Its absence is success, as long as it is an absence and not a lack of privileges. */
async function findOrNone(
  client: ProxmoxClient,
  context: Context,
  input: Input,
): Promise<FoundVm | undefined> {
  try {
    return await findVm(client, context, input)
  } catch (error) {
    if (!isNciError(error, 'PVE_VM_NOT_FOUND')) throw error
    if (input.vmid !== undefined) await assertUnused(client, input.vmid)
    return undefined
  }
}

/** @throws {NciError} `PVE_VM_HIDDEN` where a VM of this id, or a container, exists that the user may not see */
async function assertUnused(client: ProxmoxClient, vmid: number): Promise<void> {
  const { vms, takenIds } = await readCluster(client)
  // Another name, another node, a container: not what was meant, and in plain sight.
  if (takenIds.has(vmid) || vms.some((vm) => vm.vmid === vmid)) return
  try {
    await client.get('/cluster/nextid', `see whether the id ${vmid} is free`, { vmid })
  } catch (error) {
    if (isNciError(error, 'PVE_PARAMETER')) throw new NciError('PVE_VM_HIDDEN', { vmid }, { cause: error })
    throw error
  }
}

/** The settings as Proxmox writes them: what this run sent does not name the volumes. */
async function exactState(client: ProxmoxClient, context: Context, vm: VmSummary): Promise<VmState> {
  const known = recall(context, vm)
  return known?.state !== undefined && !known.asSent ? known.state : readVm(client, vm)
}

/** What goes with the VM: its own volumes, those of drives to be added too, and no device or other VM's that it was given. */
function volumesOf(vmid: number, state: VmState): string[] {
  const isOwn = new RegExp(`(^|[:/])(vm|base)-${vmid}-`)
  const named = [state.current, withAdditions(state)].flatMap((config) => [
    ...drivesOf(config)
      .filter(({ kind }) => kind !== 'cdrom')
      .map(({ volume }) => volume),
    ...Object.entries(config).flatMap(([key, value]) =>
      /^(unused\d+|efidisk0|tpmstate0)$/.test(key) ? [String(value).split(',')[0] ?? ''] : [],
    ),
  ])
  return [...new Set(named)].filter((volume) => isOwn.test(volume))
}

async function strayVolumes(
  client: ProxmoxClient,
  context: Context,
  vm: VmSummary,
  volumes: Parameters<typeof unreferencedVolumes>[4],
): Promise<string[]> {
  const found = await unreferencedVolumes(client, context, await readCluster(client), vm, volumes)
  return found.map(({ volid }) => volid)
}
