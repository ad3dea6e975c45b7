import { randomUUID } from 'node:crypto'
import { NciError } from '../../core/errors.ts'
import { type Context, type Inputs, type Outputs, type Plan, step } from '../../core/step.ts'
import { connectProxmox, type Parameters, type ProxmoxClient } from '../../proxmox/client.ts'
import {
  type Cluster,
  chooseNode,
  existingVm,
  listVolumes,
  lookUpVm,
  readCluster,
  readSettledCluster,
  requireStorage,
  type VmSummary,
} from '../../proxmox/cluster.ts'
import { drivesOf } from '../../proxmox/drives.ts'
import { assertOurs, type Note, readNote, userDescription, writeNote } from '../../proxmox/ownership.ts'
import { isVmidTaken } from '../../proxmox/responses.ts'
import { runTask } from '../../proxmox/tasks.ts'
import { changesOf, differences } from '../../proxmox/vm-differences.ts'
import {
  cloudInitOptions,
  driveOptions,
  hardwareOptions,
  installerDrives,
  isoDrive,
} from '../../proxmox/vm-options.ts'
import {
  assertUnlocked,
  macsOf,
  readStatus,
  readVm,
  uuidOf,
  type VmState,
  vmPath,
} from '../../proxmox/vms.ts'

type Input = Inputs['vm.create']
type Output = Outputs['vm.create']

/** Creates the VM, or brings the settings of one that this tool created to the wanted values; never its disks. */
export const vmCreate = step('vm.create', async (input, context): Promise<Plan<Output>> => {
  assertFreeOptions(input)
  const client = connectProxmox(input, context)
  const cluster = await readSettledCluster(client, context)
  const existing = existingVm(cluster, input)
  return existing === undefined
    ? planCreation(client, cluster, input, context)
    : planUpdate(client, existing, input, context)
})

async function planCreation(
  client: ProxmoxClient,
  cluster: Cluster,
  input: Input,
  context: Context,
): Promise<Plan<Output>> {
  const node = chooseNode(cluster, input.node)
  const storages = new Map<string, string>(
    input.disks.map(
      (disk) => [disk.storage ?? input.storage, disk.storage === undefined ? 'storage' : 'disks'] as const,
    ),
  )
  if (input.cloud_init && input.cloud_init_storage !== undefined)
    storages.set(input.cloud_init_storage, 'cloud_init_storage')
  for (const [storage, property] of storages)
    requireStorage(cluster, { node, storage, property, content: 'images' })
  await Promise.all([requireIso(client, node, input.iso, context), requireBridges(client, node, input)])
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
  return {
    changed: true,
    diff: [{ what: 'vm', after: input.vmid ?? 'the next free id' }, ...changesOf({}, shown)],
    expected: {
      ...(input.vmid === undefined ? {} : { vmid: input.vmid }),
      node,
      name: input.name,
      status: 'stopped',
      created: true,
      macs: [],
      pending: [],
    },
    async apply() {
      const vmid = await create(client, context, node, input, options)
      const vm = { vmid, node, name: input.name }
      return { ...describe(vm, await readVm(client, vm)), status: 'stopped', created: true, pending: [] }
    },
  }
}

/** Options that this tool looks after itself: given raw, they would undo its work or be allocated at every run. */
const ownedOption =
  /^(vmid|name|node|description|tags|boot|smbios1|delete|revert|force|archive|digest|lock|template|skiplock|start|unique|pool|storage|cdrom|bwlimit|ha-managed|import-working-storage|live-restore|sshkeys|ci(user|password|type|custom|upgrade)|nameserver|searchdomain|((ide|sata|scsi|virtio|net|ipconfig|unused|efidisk|tpmstate)\d+))$/

/** @throws {NciError} `INPUT_INVALID` */
function assertFreeOptions({ options = {} }: Input): void {
  const owned = Object.keys(options).filter((key) => ownedOption.test(key))
  if (owned.length === 0) return
  const problems = owned.map(
    (key) => `\`/options/${key}\` is not for raw options, as it has properties of its own`,
  )
  throw new NciError('INPUT_INVALID', { problems: problems.join('; '), step: 'vm.create' })
}

/** Ids are not reserved: between asking for a free one and using it another client may take it. */
async function create(
  client: ProxmoxClient,
  context: Context,
  node: string,
  input: Input,
  options: Parameters,
): Promise<number> {
  for (let candidate = input.vmid ?? (await freeVmid(client, input, 0)); ; ) {
    const vmid = candidate
    context.emit({ type: 'phase', phase: `creating VM ${vmid}` })
    try {
      await runTask(client, context, () =>
        client.post<string>(`/nodes/${node}/qemu`, `create the VM ${vmid}`, { vmid, ...options }),
      )
      return vmid
    } catch (error) {
      if (!isVmidTaken(error)) throw error
      if (input.vmid !== undefined) {
        const name = lookUpVm(await readCluster(client), { vmid })?.name ?? 'another VM'
        throw new NciError('PVE_VMID_TAKEN', { vmid, name }, { cause: error })
      }
      candidate = await freeVmid(client, input, vmid)
    }
  }
}

/** A free id above `after`, in the wanted range. @throws {NciError} `PVE_VMID_RANGE_FULL` */
async function freeVmid(client: ProxmoxClient, input: Input, after: number): Promise<number> {
  const { vmid_min, vmid_max } = input
  if (vmid_min === undefined && vmid_max === undefined) {
    const next = Number(await client.get<string>('/cluster/nextid', 'find a free VM id'))
    if (next > after) return next
  }
  const min = Math.max(vmid_min ?? 100, after + 1)
  const max = vmid_max ?? 999_999_999
  const { takenIds: taken } = await readCluster(client)
  for (let vmid = min; vmid <= max; vmid++) if (!taken.has(vmid)) return vmid
  throw new NciError('PVE_VMID_RANGE_FULL', { min: vmid_min ?? 100, max })
}

async function planUpdate(
  client: ProxmoxClient,
  vm: VmSummary,
  input: Input,
  context: Context,
): Promise<Plan<Output>> {
  const [state, { status }] = await Promise.all([readVm(client, vm), readStatus(client, vm)])
  assertOurs(vm, state.current, 'This step changes only VMs with this tool’s tag and note.')
  const note = readNote(state.current)
  const wanted = {
    ...hardwareOptions(input),
    // Once the system is installed, what cloud-init told the installer is gone and stays gone.
    ...(note?.installed === undefined
      ? { ...cloudInitOptions(input), ...missingDrives(state, input), ...wantedBoot(state, input) }
      : {}),
    ...describedAs(state, input, note),
  }
  const changed = differences(withPending(state), wanted)
  const output: Output = { ...describe(vm, state), status, created: false, pending: pendingKeys(state) }
  if (Object.keys(changed).length === 0) return { changed: false, output }
  assertUnlocked(vm, state.current)
  return {
    changed: true,
    diff: changesOf(state.current, changed),
    expected: output,
    async apply() {
      context.emit({ type: 'phase', phase: `changing VM ${vm.vmid}` })
      await client.put(`${vmPath(vm)}/config`, `change the VM ${vm.vmid}`, changed)
      const after = await readVm(client, vm)
      return { ...describe(vm, after), status, created: false, pending: pendingKeys(after) }
    },
  }
}

/** The installer's drives that an interrupted run left out, or that hold another ISO. */
function missingDrives(state: VmState, input: Input): Parameters {
  const keys = installerDrives(input.architecture)
  const drives = drivesOf(state.current)
  const iso = drives.find(({ kind }) => kind === 'cdrom')
  const cloudInit = drives.find(({ kind }) => kind === 'cloud-init')
  const missesIso = input.iso !== undefined && iso?.volume !== input.iso
  return {
    ...(missesIso ? { [iso?.key ?? keys.iso]: isoDrive(input.iso) } : {}),
    ...(input.cloud_init && cloudInit === undefined
      ? { [keys.cloudInit]: `${input.cloud_init_storage ?? input.storage}:cloudinit` }
      : {}),
  }
}

/** The order of disk and ISO, as long as there is something to install. */
function wantedBoot({ current }: VmState, input: Input): Parameters {
  const drives = drivesOf(current)
  const first = `${input.disks[0]?.bus}0`
  const disk = drives.find(({ kind, key }) => kind === 'disk' && key === first)?.key
  const iso = drives.find(({ kind, volume }) => kind === 'cdrom' && volume !== 'none')?.key
  if (disk === undefined || iso === undefined) return {}
  return { boot: `order=${(input.boot_iso_first ? [iso, disk] : [disk, iso]).join(';')}` }
}

function describedAs(state: VmState, input: Input, note: Note | undefined): Parameters {
  const text = input.description?.trim()
  if (text === undefined || note === undefined) return {}
  const now = String(state.current.description ?? '')
  return userDescription(now) === text ? {} : { description: writeNote(text, note) }
}

/** What the VM will have after its next start: a change that already waits need not be sent again. */
function withPending({ current, pending }: VmState): VmState['current'] {
  return { ...current, ...Object.fromEntries(pending.map(({ key, after }) => [key, after ?? ''])) }
}

function pendingKeys(state: VmState): string[] {
  return state.pending.map(({ key }) => key).sort()
}

function describe(vm: VmSummary, state: VmState): Pick<Output, 'vmid' | 'node' | 'name' | 'uuid' | 'macs'> {
  const uuid = uuidOf(state.current)
  return {
    vmid: vm.vmid,
    node: vm.node,
    name: vm.name,
    macs: macsOf(state.current),
    ...(uuid ? { uuid } : {}),
  }
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

/** Proxmox takes an unknown bridge and fails at the start. Who may not see the bridges is not checked. */
async function requireBridges(client: ProxmoxClient, node: string, input: Input): Promise<void> {
  const rows = await client.get<{ iface: string }[]>(
    `/nodes/${node}/network`,
    `list the bridges of node ${node}`,
    {
      type: 'any_bridge',
    },
  )
  const bridges = rows.map(({ iface }) => iface).sort()
  const unknown = input.networks.find(({ bridge }) => !bridges.includes(bridge))
  if (bridges.length === 0 || unknown === undefined) return
  throw new NciError('PVE_BRIDGE_UNKNOWN', { node, bridge: unknown.bridge, bridges: bridges.join(', ') })
}
