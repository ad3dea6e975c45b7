import type { Context, Inputs, Outputs, Plan } from '../../core/step.ts'
import type { Parameters, ProxmoxClient } from '../../proxmox/client.ts'
import type { VmSummary } from '../../proxmox/cluster.ts'
import { credentialsOf } from '../../proxmox/credentials.ts'
import { diskDifferences } from '../../proxmox/disk-differences.ts'
import { drivesOf } from '../../proxmox/drives.ts'
import { assertOurs, type Note, readNote, userDescription, writeNote } from '../../proxmox/ownership.ts'
import { assertSettable } from '../../proxmox/root-options.ts'
import { changesOf, differences } from '../../proxmox/vm-differences.ts'
import { forget } from '../../proxmox/vm-memory.ts'
import { cloudInitOptions, hardwareOptions, installerDrives, isoDrive } from '../../proxmox/vm-options.ts'
import { surplusCards, unwantedSettings } from '../../proxmox/vm-removals.ts'
import {
  assertUnlocked,
  macsOf,
  readStatus,
  readVm,
  uuidOf,
  type VmConfig,
  type VmState,
  vmPath,
} from '../../proxmox/vms.ts'
import { enlargeDisks, smallDisks } from './enlarge.ts'

type Input = Inputs['vm.create']
type Output = Outputs['vm.create']

/** Brings the settings of a VM of ours to the wanted values, as far as that is safe: never a disk. */
export async function planUpdate(
  client: ProxmoxClient,
  { vm, state }: { readonly vm: VmSummary; readonly state: VmState },
  input: Input,
  context: Context,
): Promise<Plan<Output>> {
  const { status } = await readStatus(client, vm)
  assertOurs(vm, state.current, 'This step changes only VMs with this tool’s tag and note.')
  const note = readNote(state.current)
  const warn = (message: string): void => context.emit({ type: 'warning', message })
  const now = withPending(state)
  const { kept, rest } = firmwareKept(now, hardwareOptions(input))
  // Once the system is installed, what cloud-init told the installer is gone and stays gone.
  const isInstaller = note?.installed === undefined && (note?.detached !== true || input.reattach)
  const drives = isInstaller ? missingDrives(state, input, status, warn) : {}
  const wanted = {
    ...rest,
    ...(isInstaller
      ? { ...cloudInitOptions(input), ...drives, ...wantedBoot({ ...state.current, ...drives }, input) }
      : {}),
    ...describedAs(state, input, note),
  }
  const unwanted = unwantedSettings(now, input)
  for (const message of keptAsIs(vm, state, input, kept, isInstaller ? [] : unwanted)) warn(message)
  const changed = differences(now, wanted)
  const removed = isInstaller ? unwanted : []
  const addsDrives = Object.keys(drives).some((key) => changed[key] !== undefined)
  const sent = { ...changed, ...(removed.length > 0 ? { delete: removed.join(',') } : {}) }
  const pool = input.pool === undefined || input.pool === vm.pool ? undefined : input.pool
  const small = note?.installed === undefined ? smallDisks(state.current, input) : []
  const output: Output = { ...describe(vm, state), status, created: false, pending: pendingKeys(state) }
  if (Object.keys(sent).length === 0 && pool === undefined && small.length === 0) {
    warnOfPending(vm, state, warn)
    return { changed: false, output }
  }
  assertUnlocked(vm, state.current)
  assertSettable(changed, credentialsOf(input))
  const before = vm.pool === undefined ? {} : { before: vm.pool }
  return {
    changed: true,
    diff: [
      ...changesOf(state.current, changed, removed),
      ...(pool === undefined ? [] : [{ what: 'pool', ...before, after: pool }]),
      ...small.map(({ key, size }) => ({ what: key, before: state.current[key], after: `size=${size}` })),
    ],
    expected: output,
    async apply() {
      context.emit({ type: 'phase', phase: `changing VM ${vm.vmid}` })
      forget(context, vm)
      if (pool !== undefined) await moveToPool(client, vm, pool)
      await change(client, vm, sent, state.current.digest, addsDrives)
      await enlargeDisks(client, context, vm, small)
      const after = await readVm(client, vm)
      warnOfPending(vm, after, warn)
      return { ...describe(vm, after), status, created: false, pending: pendingKeys(after) }
    },
  }
}

/** What is asked for and not done, in sentences. */
function* keptAsIs(
  vm: VmSummary,
  state: VmState,
  input: Input,
  firmware: readonly string[],
  settings: readonly string[],
): Generator<string> {
  if (firmware.length > 0)
    yield `VM ${vm.vmid} keeps its ${firmware.join(', ')}: a system may depend on it. Destroy the VM to have it made anew.`
  const disks = diskDifferences(state.current, input)
  if (disks.length > 0) yield `The disks of VM ${vm.vmid} are left as they are: ${disks.join('; ')}.`
  const cards = surplusCards(withPending(state), input)
  if (cards.length > 0)
    yield `VM ${vm.vmid} has more network cards than are asked for, and keeps them: ${cards.join(', ')}.`
  if (settings.length > 0)
    yield `VM ${vm.vmid} keeps its ${settings.join(', ')}: nothing is taken from a VM after its installation.`
  if (input.node !== undefined && input.node !== vm.node)
    yield `${input.name} is on node ${vm.node}, and not on ${input.node}: it stays there.`
}

/** @param addsDrives then Proxmox puts them last in the boot order, whatever order comes with them: it is sent afterwards */
async function change(
  client: ProxmoxClient,
  vm: VmSummary,
  { boot, ...sent }: Parameters,
  digest: string | number | undefined,
  addsDrives: boolean,
): Promise<void> {
  const put = (parameters: Parameters): Promise<null> =>
    client.put(`${vmPath(vm)}/config`, `change the VM ${vm.vmid}`, parameters)
  const order = boot === undefined ? {} : { boot }
  if (addsDrives) {
    await put({ ...sent, digest })
    if (boot !== undefined) await put(order)
  } else if (boot !== undefined || Object.keys(sent).length > 0) await put({ ...sent, ...order, digest })
}

/** A changed value that the running VM does not have yet is easily taken for one that it has. */
function warnOfPending(vm: VmSummary, { pending }: VmState, warn: (message: string) => void): void {
  // What belongs to the installer goes with it.
  const waiting = pending.filter(
    ({ key }) => !/^((ide|sata|scsi|virtio)\d|boot$|ci|ipconfig|sshkeys$)/.test(key),
  )
  if (waiting.length === 0) return
  const texts = waiting.map(({ key, before, after }) => `${key} (${before ?? 'none'} → ${after ?? 'none'})`)
  warn(`VM ${vm.vmid} gets ${texts.join(', ')} when it is stopped and started the next time.`)
}

/** A VM is in one pool at most. */
async function moveToPool(client: ProxmoxClient, vm: VmSummary, pool: string): Promise<void> {
  await client.put('/pools', `put the VM ${vm.vmid} in pool ${pool}`, {
    poolid: pool,
    vms: String(vm.vmid),
    'allow-move': true,
  })
}

/** What an installed system, or the disk that it is on, is made for. */
const firmware = ['bios', 'machine', 'scsihw', 'arch']

/** The options without those of the firmware; and which of these would have changed. */
function firmwareKept(
  current: VmState['current'],
  options: Parameters,
): { readonly kept: string[]; readonly rest: Parameters } {
  const isFirmware = ([key]: [string, unknown]): boolean => firmware.includes(key)
  const entries = Object.entries(options)
  // Proxmox leaves its own choice out.
  const now = { bios: 'seabios', ...current }
  return {
    kept: Object.keys(differences(now, Object.fromEntries(entries.filter(isFirmware)))),
    rest: Object.fromEntries(entries.filter((entry) => !isFirmware(entry))),
  }
}

/** The installer's drives that an interrupted run left out, or that hold another ISO. */
function missingDrives(
  state: VmState,
  input: Input,
  status: Output['status'],
  warn: (message: string) => void,
): Readonly<Record<string, string>> {
  const keys = installerDrives(input.architecture)
  const drives = drivesOf(state.current)
  const iso = drives.find(({ kind }) => kind === 'cdrom')
  const cloudInit = drives.find(({ kind }) => kind === 'cloud-init')
  // An installer runs from its medium: taking that away ends it, whatever it is doing.
  const isInUse = status === 'running' && iso !== undefined && iso.volume !== 'none'
  const medium = iso?.volume === input.iso ? undefined : isoDrive(input.iso)
  if (medium !== undefined && isInUse)
    warn(`The VM runs, and keeps ${iso.volume} in ${iso.key}: stop it to have ${input.iso} put in.`)
  return {
    ...(medium !== undefined && !isInUse ? { [iso?.key ?? keys.iso]: medium } : {}),
    ...(input.cloud_init && cloudInit === undefined
      ? { [keys.cloudInit]: `${input.cloud_init_storage ?? input.storage}:cloudinit` }
      : {}),
  }
}

/** The order of disk and ISO, as long as there is something to install. */
function wantedBoot(config: VmConfig, input: Input): Parameters {
  const drives = drivesOf(config)
  const first = `${input.disks[0]?.bus}0`
  const disk = drives.find(({ kind, key }) => kind === 'disk' && key === first)?.key
  const iso = drives.find(({ kind, volume }) => kind === 'cdrom' && volume !== 'none')?.key
  if (disk === undefined || iso === undefined) return {}
  return { boot: `order=${(input.boot_iso_first ? [iso, disk] : [disk, iso]).join(';')}` }
}

function describedAs(state: VmState, input: Input, note: Note | undefined): Parameters {
  if (note === undefined) return {}
  const now = String(state.current.description ?? '')
  const text = input.description?.trim() ?? userDescription(now)
  const { detached, ...rest } = note
  const isReattached = detached === true && input.reattach
  if (userDescription(now) === text && !isReattached) return {}
  return { description: writeNote(text, isReattached ? rest : note) }
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
