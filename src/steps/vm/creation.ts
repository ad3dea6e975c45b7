import { randomUUID } from 'node:crypto'
import { isNciError, NciError, toNciError } from '../../core/errors.ts'
import type { Context, Inputs, Outputs, Plan } from '../../core/step.ts'
import { readBridges, unknownBridges } from '../../proxmox/bridges.ts'
import type { Parameters, ProxmoxClient } from '../../proxmox/client.ts'
import {
  type Cluster,
  chooseNode,
  listVolumes,
  readCluster,
  requireStorage,
  type VmSummary,
} from '../../proxmox/cluster.ts'
import { credentialsOf } from '../../proxmox/credentials.ts'
import { writeNote } from '../../proxmox/ownership.ts'
import { isVmidTaken } from '../../proxmox/responses.ts'
import { assertSettable } from '../../proxmox/root-options.ts'
import { runTask } from '../../proxmox/tasks.ts'
import { changesOf } from '../../proxmox/vm-differences.ts'
import { lookUpVm } from '../../proxmox/vm-lookup.ts'
import { remember } from '../../proxmox/vm-memory.ts'
import {
  cloudInitOptions,
  driveOptions,
  enlargedDisks,
  hardwareOptions,
  imageStorages,
} from '../../proxmox/vm-options.ts'
import { freeVmid } from '../../proxmox/vmids.ts'
import { macsOf, readVm, type VmConfig } from '../../proxmox/vms.ts'
import { enlargeDisks } from './enlarge.ts'
import { explainFull } from './full-storage.ts'

type Input = Inputs['vm.create']
type Output = Outputs['vm.create']

/** The creation of a VM that is not there. */
export async function planCreation(
  client: ProxmoxClient,
  cluster: Cluster,
  input: Input,
  context: Context,
): Promise<Plan<Output>> {
  const node = chooseNode(cluster, input.node)
  assertSettable(hardwareOptions(input), credentialsOf(input))
  for (const { storage, property } of imageStorages(input))
    requireStorage(cluster, { node, storage, property, content: 'images' })
  if (!context.preflighted) {
    await Promise.all([requireIso(client, node, input.iso, context), requireBridges(client, node, input)])
  }
  if (input.cloud_init && !input.ssh_public_keys?.length && input.ci_password === undefined) {
    const message = 'No `ssh_public_keys` were given: nobody will be able to log in to the installer.'
    context.emit({ type: 'warning', message })
  }
  const uuid = randomUUID()
  const options: Parameters = {
    ...hardwareOptions(input),
    ...cloudInitOptions(input),
    ...driveOptions(input),
    smbios1: `uuid=${uuid}`,
    description: writeNote(input.description ?? '', { created: new Date().toISOString(), uuid }),
    pool: input.pool,
  }
  const { smbios1: _, ...shown } = options
  const candidate = input.vmid ?? (await freeVmid(client, input))
  const change = { what: 'vm', after: input.vmid ?? `the next free id (${candidate} now)` }
  const about = { node, name: input.name, status: 'stopped' as const, created: true, pending: [] }
  return {
    changed: true,
    diff: [change, ...changesOf({}, shown)],
    expected: { ...(input.vmid === undefined ? {} : { vmid: input.vmid }), ...about, macs: [] },
    async apply() {
      const vmid = await create(client, context, node, input, options, candidate).catch((error: unknown) => {
        throw explainFull(error, { cluster, node, input })
      })
      change.after = vmid
      const vm = { vmid, node, name: input.name }
      const current = configOf(options)
      try {
        await enlargeDisks(client, context, vm, enlargedDisks(input))
        remember(context, { vm, status: 'stopped', state: { current, pending: [] }, asSent: true })
        return { ...about, vmid, uuid, macs: await cardAddresses(client, context, vm, current) }
      } catch (error) {
        // Whoever cleans up must know that the VM is there.
        throw toNciError(error).withDetails({ created: { vmid, node, uuid } })
      }
    },
  }
}

/** The MAC addresses: Proxmox makes those that were not given. */
async function cardAddresses(
  client: ProxmoxClient,
  context: Context,
  vm: VmSummary,
  sent: VmConfig,
): Promise<string[]> {
  const given = macsOf(sent)
  const cards = Object.keys(sent).filter((key) => /^net\d+$/.test(key))
  if (given.length === cards.length || context.preflighted) return given
  return macsOf((await readVm(client, vm)).current)
}

/** Ids are not reserved: between asking for a free one and using it another client may take it. */
async function create(
  client: ProxmoxClient,
  context: Context,
  node: string,
  input: Input,
  options: Parameters,
  candidate: number,
): Promise<number> {
  for (let vmid = candidate; ; ) {
    context.emit({ type: 'phase', phase: `creating VM ${vmid}` })
    client.creatingIds.add(vmid)
    try {
      await runTask(client, context, () =>
        client.post<string>(`/nodes/${node}/qemu`, `create the VM ${vmid}`, { vmid, ...options }),
      )
      return vmid
    } catch (error) {
      if (isMissing(error, input.iso)) {
        throw new NciError('PVE_ISO_MISSING', { volid: input.iso ?? '', node }, { cause: error })
      }
      if (!isVmidTaken(error) && !isBeingCreated(error, vmid)) throw error
      // What comes into being with this id is somebody else's.
      client.creatingIds.delete(vmid)
      if (input.vmid !== undefined) {
        const name = lookUpVm(await readCluster(client), { vmid })?.name ?? 'another VM'
        throw new NciError('PVE_VMID_TAKEN', { vmid, name }, { cause: error })
      }
      vmid = await freeVmid(client, input, vmid)
    }
  }
}

/** Somebody else's create holds the id's lock: it began, and ours did not. */
function isBeingCreated(error: unknown, vmid: number): boolean {
  return isNciError(error, 'PVE_BUSY') && String(error.details.reason).includes(`lock-${vmid}.conf`)
}

/** Proxmox looks for the ISO when it creates the VM, and takes everything back when there is none. */
function isMissing(error: unknown, volid: string | undefined): boolean {
  return (
    volid !== undefined &&
    isNciError(error, 'PVE_TASK_FAILED') &&
    String(error.details.reason).includes(`volume '${volid}' does not exist`)
  )
}

/** What was sent, as a configuration. */
function configOf(options: Parameters): VmConfig {
  return Object.fromEntries(
    Object.entries(options).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
  )
}

async function requireIso(
  client: ProxmoxClient,
  node: string,
  volid: string | undefined,
  { assumed }: Context,
): Promise<void> {
  if (volid === undefined || assumed.has(volid)) return
  const [storage = ''] = volid.split(':')
  const volumes = await listVolumes(client, node, storage, 'iso')
  if (!volumes.some((volume) => volume.volid === volid))
    throw new NciError('PVE_ISO_MISSING', { volid, node })
}

async function requireBridges(client: ProxmoxClient, node: string, input: Input): Promise<void> {
  const [unknown] = unknownBridges(node, await readBridges(client, node), input)
  if (unknown !== undefined) throw unknown
}
