import type { Cluster } from '../proxmox/cluster.ts'
import type { Target } from '../steps/ssh/target.ts'
import type { Run } from './run.ts'

/** What Proxmox has of the host. */
export interface Existing {
  readonly vmid: number
  readonly node: string
  readonly status: 'running' | 'stopped'
  /** The installer's ISO is in a drive. */
  readonly hasIso: boolean
  /** The VM boots a disk before anything else. */
  readonly bootsDisk: boolean
  /** What was noted of an unfinished installation. */
  readonly begun: Begun | undefined
  readonly installed:
    | {
        readonly system?: string
        readonly host_key?: string
        readonly proved?: string
        /** Address at which it was logged in to then. */
        readonly host?: string
        /** It was rebooted into the system. */
        readonly rebooted?: boolean
        readonly detached?: boolean
        readonly flake?: string
        /** Boot of the installer that installed it. */
        readonly boot?: string
      }
    | undefined
}

interface Begun {
  readonly host_key?: string
  readonly system?: string
  readonly engine?: string
}

/**
 * What there is of the host, and whether it is ours to go on with.
 *
 * @param settled the cluster, where it has just been read
 */
export async function lookAt(run: Run, settled?: Cluster): Promise<Existing | undefined> {
  const { input, context } = run
  const [
    { connectProxmox },
    { readSettledCluster },
    { readExistingVm },
    { readStatus },
    { assertOurs, readNote },
    { bootOrder, drivesOf },
  ] = await Promise.all([
    import('../proxmox/client.ts'),
    import('../proxmox/cluster.ts'),
    import('../proxmox/vm-lookup.ts'),
    import('../proxmox/vms.ts'),
    import('../proxmox/ownership.ts'),
    import('../proxmox/drives.ts'),
  ])
  const client = connectProxmox(input, context)
  const cluster = settled ?? (await readSettledCluster(client, context))
  const found = await readExistingVm(client, cluster, {
    name: input.name,
    ...(input.vmid === undefined ? {} : { vmid: input.vmid }),
  })
  if (found === undefined) return undefined
  const {
    vm,
    state: { current },
  } = found
  const { status } = await readStatus(client, vm)
  if (input.node !== undefined && input.node !== vm.node)
    run.warn(`${input.name} is on node ${vm.node}, and not on ${input.node}: it stays there.`)
  assertOurs(vm, current, 'Destroy or rename it, if it is not needed.')
  const media = drivesOf(current).filter(({ volume }) => volume !== 'none')
  const hasIso = media.some(({ kind }) => kind === 'cdrom')
  const [first] = bootOrder(current).flatMap((key) => media.find((drive) => drive.key === key) ?? [])
  const note = readNote(current)
  const begun = note?.disks === undefined ? undefined : note
  const bootsDisk = first?.kind === 'disk'
  return { vmid: vm.vmid, node: vm.node, status, hasIso, bootsDisk, begun, installed: note?.installed }
}

/**
 * An installation that was interrupted, and not noted as done: the VM may run the new system, and somebody may use it by
 * now. A VM that is off and boots its disk first is started as it is: the ISO is put first only where nothing runs. One
 * that boots the ISO first is left off; what is on its disks is looked at before they are formatted.
 *
 * @returns `undefined` where the installer runs, or nothing
 * @throws {NciError} `INSTALL_UNCERTAIN`, `INSTALL_UNDER_WAY` where another run is still at it
 */
export async function adopt(run: Run, existing: Existing): Promise<Existing['installed']> {
  const { input, context } = run
  const { begun, vmid, node, status, bootsDisk } = existing
  if (begun === undefined) return undefined
  const { assertNobodyAtWork } = await import('../steps/nixos/engine.ts')
  assertNobodyAtWork(vmid, begun)
  if (status !== 'running') {
    if (!bootsDisk || input.reinstall) return undefined
    await run.step(async () => (await import('../steps/vm/start.ts')).vmStart, { vmid, node })
  }
  const [{ adoptInstalledSystem }, target] = await Promise.all([
    import('../steps/nixos/resume.ts'),
    targetOf(run, { vmid, node }),
  ])
  return adoptInstalledSystem(target, input, begun, input.boot_timeout, context)
}

const askSeconds = 10
const shutdownSeconds = 60

/**
 * The installer lives in memory and may be switched off; a system may not. Where no installation was begun, what does not
 * answer is an installer that does not let us in.
 *
 * @throws {NciError} `INSTALL_UNCERTAIN`
 */
export async function switchOffInstaller(run: Run, vm: { vmid: number; node: string }): Promise<void> {
  const { input, context } = run
  const [{ whatRuns }, { readNote }, { setPower }, { NciError }, target] = await Promise.all([
    import('../steps/nixos/running.ts'),
    import('../proxmox/ownership.ts'),
    import('../proxmox/vms.ts'),
    import('../core/errors.ts'),
    targetOf(run, vm),
  ])
  const { kind } = await whatRuns(target, input, undefined, askSeconds, context)
  const note = readNote(target.config)
  const isBegun = (note?.disks ?? note?.installed) !== undefined
  if (kind === 'system' || (kind === 'unknown' && isBegun)) {
    const found =
      'to get its new cloud-init settings it would have to be switched off, and it does not show that it runs the installer'
    throw new NciError('INSTALL_UNCERTAIN', { vmid: vm.vmid, name: input.name, found })
  }
  if (kind === 'installer') await setPower(target.client, context, target.summary, 'stop')
  // Nobody here knows what it is: it may come to an orderly end.
  else
    await setPower(target.client, context, target.summary, 'shutdown', {
      timeout: shutdownSeconds,
      forceStop: 1,
    })
}

/**
 * Whether an installed host is to be installed anew, because its system never came up: somebody booted it into the
 * installer again, and said so.
 */
export async function isToBeReinstalled(run: Run, existing: Existing): Promise<boolean> {
  const { input, context } = run
  const { installed, status, vmid, node } = existing
  if (!input.reinstall || installed === undefined || installed.proved !== undefined || status !== 'running')
    return false
  const [{ installerBoot }, target] = await Promise.all([
    import('../steps/nixos/reboot.ts'),
    targetOf(run, { vmid, node }),
  ])
  const boot = await installerBoot(input, context, target)
  return boot !== undefined && boot !== installed.boot
}

async function targetOf({ input, context }: Run, vm: { vmid: number; node: string }): Promise<Target> {
  const [{ connectProxmox }, { readVm }] = await Promise.all([
    import('../proxmox/client.ts'),
    import('../proxmox/vms.ts'),
  ])
  const client = connectProxmox(input, context)
  const summary = { vmid: vm.vmid, node: vm.node, name: input.name }
  return { client, summary, config: (await readVm(client, summary)).current }
}

/** A host that is done is left as it is, also where somebody switched it off; whoever asks should know. */
export function warnOfOff(run: Run, { status, vmid }: Pick<Existing, 'status' | 'vmid'>): void {
  if (status === 'stopped')
    run.warn(`${run.input.name} is off, and left so: \`nci vm start --vmid ${vmid}\` starts it.`)
}

/** Notes that the installed system was seen, so that a later run need not wait for it. */
export async function noteProof(
  { input, context }: Run,
  vm: { vmid: number; node: string },
  host: string,
): Promise<void> {
  const detached = input.detach !== 'keep'
  const [{ connectProxmox }, { updateNote }] = await Promise.all([
    import('../proxmox/client.ts'),
    import('../proxmox/note-store.ts'),
  ])
  await updateNote(connectProxmox(input, context), context, { ...vm, name: input.name }, (note) =>
    note.installed === undefined
      ? note
      : { ...note, installed: { ...note.installed, detached, host, proved: new Date().toISOString() } },
  )
}

/** The VM of an installed host gets the values that its document has by now: memory, cores, tags … */
export async function bringUpToDate(run: Run, { vmid, node }: Existing): Promise<void> {
  await run.step(async () => (await import('../steps/vm/create.ts')).vmCreate, {
    vmid,
    node,
    boot_iso_first: false,
    reattach: false,
  })
}
