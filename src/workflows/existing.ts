import type { Run } from './run.ts'

/** What Proxmox has of the host. */
export interface Existing {
  readonly vmid: number
  readonly node: string
  readonly status: 'running' | 'stopped'
  /** The installer's ISO is in a drive. */
  readonly hasIso: boolean
  /** Public host key that an unfinished installation shipped. */
  readonly shippedKey: string | undefined
  readonly installed:
    | {
        readonly system?: string
        readonly host_key?: string
        readonly proved?: string
        /** It was rebooted into the system. */
        readonly rebooted?: boolean
        readonly detached?: boolean
        readonly flake?: string
      }
    | undefined
}

/** What there is of the host, and whether it is ours to go on with. */
export async function lookAt(run: Run): Promise<Existing | undefined> {
  const { input, context } = run
  const [
    { connectProxmox },
    { readSettledCluster },
    { readExistingVm },
    { readStatus },
    { assertOurs, readNote },
    { drivesOf },
  ] = await Promise.all([
    import('../proxmox/client.ts'),
    import('../proxmox/cluster.ts'),
    import('../proxmox/vm-lookup.ts'),
    import('../proxmox/vms.ts'),
    import('../proxmox/ownership.ts'),
    import('../proxmox/drives.ts'),
  ])
  const client = connectProxmox(input, context)
  const found = await readExistingVm(client, await readSettledCluster(client, context), {
    name: input.name,
    ...(input.vmid === undefined ? {} : { vmid: input.vmid }),
  })
  if (found === undefined) return undefined
  const {
    vm,
    state: { current },
  } = found
  const { status } = await readStatus(client, vm)
  assertOurs(vm, current, 'Destroy or rename it, if it is not needed.')
  const hasIso = drivesOf(current).some(({ kind, volume }) => kind === 'cdrom' && volume !== 'none')
  const note = readNote(current)
  const shippedKey = note?.host_key?.startsWith('ssh-') ? note.host_key : undefined
  return { vmid: vm.vmid, node: vm.node, status, hasIso, shippedKey, installed: note?.installed }
}

/** An installation that was interrupted after the machine had rebooted into the new system. */
export async function adopt({ input, context }: Run, existing: Existing): Promise<Existing['installed']> {
  if (existing.shippedKey === undefined || existing.status !== 'running') return undefined
  const [{ adoptInstalledSystem }, { connectProxmox }] = await Promise.all([
    import('../steps/nixos/resume.ts'),
    import('../proxmox/client.ts'),
  ])
  const { vmid, node, shippedKey } = existing
  const client = connectProxmox(input, context)
  return adoptInstalledSystem(
    client,
    { vmid, node, name: input.name },
    input,
    shippedKey,
    input.flake,
    context,
  )
}

/** Notes that the installed system was seen, so that a later run need not wait for it. */
export async function noteProof({ input, context }: Run, vm: { vmid: number; node: string }): Promise<void> {
  const detached = input.detach !== 'keep'
  const [{ connectProxmox }, { updateNote }] = await Promise.all([
    import('../proxmox/client.ts'),
    import('../proxmox/note-store.ts'),
  ])
  await updateNote(connectProxmox(input, context), context, { ...vm, name: input.name }, (note) =>
    note.installed === undefined
      ? note
      : { ...note, installed: { ...note.installed, detached, proved: new Date().toISOString() } },
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
