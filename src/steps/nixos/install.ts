import { deadline } from '../../core/deadline.ts'
import { NciError } from '../../core/errors.ts'
import { type Context, type Inputs, type Outputs, type Plan, step } from '../../core/step.ts'
import { buildSystem } from '../../nix/build.ts'
import { type InstallReport, runNixosAnywhere } from '../../nix/nixos-anywhere.ts'
import { findNixosAnywhere } from '../../nix/programs.ts'
import { Workspace } from '../../nix/workspace.ts'
import { connectProxmox } from '../../proxmox/client.ts'
import { updateNote } from '../../proxmox/note-store.ts'
import { isOurs, type Note, readNote } from '../../proxmox/ownership.ts'
import { findVm } from '../../proxmox/vm-lookup.ts'
import { readVm, uuidOf } from '../../proxmox/vms.ts'
import { formatAddress, knownHostsLine } from '../../ssh/address-map.ts'
import { type Facts, readFacts } from '../../ssh/facts.ts'
import { openSession, type Session } from '../../ssh/session.ts'
import type { Reached } from '../../ssh/wait.ts'
import { Guest, systemLogin } from '../ssh/guest.ts'
import { type Target, waitForGuest } from '../ssh/wait.ts'
import { assertMayBeFormatted, assertOurInstaller, diskNames } from './guard.ts'
import { LogFile } from './log-file.ts'
import { assertInstallable, isBuiltHere } from './preflight.ts'
import { authorizeRoot, endLeftovers, installedSystem, releaseDisks } from './remote.ts'

type Input = Inputs['nixos.install']
type Output = Outputs['nixos.install']

/** Seconds in which a machine that is up must let us in. */
const loginSeconds = 120
/** Seconds for cleaning up on the installer after an abort. */
const cleanUpSeconds = 30

/** Installs NixOS on the machine that runs the installer, and proves that it is there. */
export const nixosInstall = step('nixos.install', async (input, context): Promise<Plan<Output>> => {
  if (input.flake === undefined && input.store_paths === undefined) {
    throw new NciError('INPUT_INVALID', {
      problems: '`flake` or `store_paths` is needed',
      step: 'nixos.install',
    })
  }
  const client = connectProxmox(input, context)
  const { vm: summary, status } = await findVm(client, context, input)
  const { current: config } = await readVm(client, summary)
  const target: Target = { client, summary, config }
  const note = isOurs(config) ? readNote(config) : undefined
  // A system that this tool installed stays: to install it anew, its VM is destroyed, or booted into the installer.
  if (note?.installed !== undefined && !input.reinstall) {
    return { changed: false, output: finishedOutput(input, target, note.installed) }
  }
  assertInstallable(input)
  return {
    changed: true,
    diff: [{ what: `system of VM ${summary.vmid}`, after: input.store_paths?.system ?? input.flake }],
    expected: { vmid: summary.vmid, node: summary.node, port: input.ssh_port, rebooted: input.reboot },
    apply() {
      if (status !== 'running') throw new NciError('PVE_VM_NOT_RUNNING', { vmid: summary.vmid })
      return install(input, context, target, note)
    },
  }
})

async function install(
  input: Input,
  context: Context,
  target: Target,
  note: Note | undefined,
): Promise<Output> {
  using workspace = new Workspace()
  await using log = input.log_file === undefined ? undefined : new LogFile(input.log_file, context.redact)
  const system = await build(input, context, log)
  const generated = input.generate_host_key
    ? await workspace.makeKey('host_key', target.summary.name, context.signal)
    : undefined
  const files = workspace.collectFiles(input.extra_files, generated)
  // A key of its own for this run: the user's may be encrypted, or in an agent, and stays here.
  const loginKey = await workspace.makeKey('id', 'nci', context.signal)
  const guest = new Guest(input, target, (message) => context.emit({ type: 'warning', message }))

  context.emit({ type: 'phase', phase: 'looking at the machine' })
  const reached = await logIn(input, context, guest, target)
  const open = (signal: AbortSignal): Promise<Session> => reopen(guest, reached, signal)
  const report = await (async (): Promise<InstallReport> => {
    await using session = await open(context.signal)
    const address = formatAddress(reached.address)
    const uuid = input.expected_uuid?.toLowerCase() ?? uuidOf(target.config)
    assertOurInstaller(reached.facts, { address, vmid: target.summary.vmid, uuid })
    const ownDisks = note?.disks ?? []
    const mayClean = ownDisks.length > 0 || input.reinstall
    const facts = mayClean ? await afterLeftovers(session, context, reached.facts) : reached.facts
    assertMayBeFormatted(facts, address, { reinstall: input.reinstall, ownDisks })
    await noteStart(context, target, files.hostKey, diskNames(facts))
    workspace.pinHostKey(reached.hostKey, reached.address.host)
    await authorizeRoot(session, loginKey.publicKey, context.signal)
    const report = await runNixosAnywhere(
      {
        program: findNixosAnywhere(input.nixos_anywhere),
        workspace,
        system,
        host: reached.address.host,
        port: reached.address.port,
        keyFile: loginKey.file,
        phases: input.reboot ? ['disko', 'install', 'reboot'] : ['disko', 'install'],
        buildOn: input.build_on,
        extraFiles: files.folder,
        diskEncryptionKeys: input.disk_encryption_keys ?? [],
        nixOptions: input.nix_options ?? {},
        silenceTimeout: input.silence_timeout,
        onLine: (line, stream) => log?.line(line, stream === 'stdout' ? 'O' : 'E'),
        onAbort: () => cleanUp(open),
      },
      context,
    )
    return report
  })()

  context.emit({ type: 'phase', phase: 'proving the result' })
  const wanted = typeof system === 'string' ? undefined : system.system
  const proof = input.reboot
    ? await proveRebooted(input, context, target, files.hostKey, wanted)
    : await proveMounted(await open(context.signal), context, wanted)
  await noteEnd(context, target, input, proof, files.hostKey)
  const hostKey = files.hostKey ?? (input.reboot ? proof.hostKey : undefined)
  const address = (await guest.address()) ?? reached.address
  return {
    vmid: target.summary.vmid,
    node: target.summary.node,
    ...address,
    ...(proof.system === undefined ? {} : { system: proof.system }),
    ...(hostKey === undefined ? {} : { host_key: hostKey }),
    known_hosts: hostKey === undefined ? [] : [knownHostsLine(address, hostKey)],
    rebooted: input.reboot,
    phases: report.phases.map(({ phase, seconds }) => ({ phase, seconds })),
    ...(log === undefined ? {} : { log_file: log.path }),
  }
}

/** What nixos-anywhere is to install: built here first, with progress, unless it is to be built on the machine. */
async function build(
  input: Input,
  context: Context,
  log: LogFile | undefined,
): Promise<string | { readonly disko_script: string; readonly system: string }> {
  if (input.store_paths !== undefined) return input.store_paths
  const flake = input.flake ?? ''
  if (!isBuiltHere(input)) return flake
  context.emit({ type: 'phase', phase: `building ${flake}` })
  return buildSystem(flake, input.nix_options ?? {}, context, (line) => log?.line(line, 'B'))
}

/** The machine is up already: what does not let us in soon never will. */
async function logIn(input: Input, context: Context, guest: Guest, target: Target): Promise<Reached> {
  using limit = deadline(context.signal, loginSeconds, 'the login to the installer')
  const expectation = {
    expect: 'any',
    timeout: loginSeconds,
    ...(input.ssh_host === undefined ? {} : { ssh_host: input.ssh_host }),
  } as const
  return (await waitForGuest(expectation, { ...context, signal: limit.signal }, guest, target)).reached
}

async function reopen(guest: Guest, { address, hostKey }: Reached, signal: AbortSignal): Promise<Session> {
  return openSession({ address, hostKey, user: guest.user, key: await guest.key() }, signal)
}

/** What an earlier run left running is ended; then the disks are looked at again. */
async function afterLeftovers(session: Session, { signal }: Context, before: Facts): Promise<Facts> {
  await endLeftovers(session, signal)
  return (await readFacts(session, signal)) ?? before
}

/** After an abort the installer may still be working; the run's own time is over, so this has its own. */
async function cleanUp(open: (signal: AbortSignal) => Promise<Session>): Promise<void> {
  const signal = AbortSignal.timeout(cleanUpSeconds * 1000)
  try {
    await using session = await open(signal)
    await endLeftovers(session, signal)
  } catch {
    // The machine is gone or busy; the next run begins with the same.
  }
}

interface Proof {
  readonly system: string | undefined
  readonly hostKey?: string
}

/** The installer is still up: the disk must name the system that was sent, and be let go of. */
async function proveMounted(opened: Session, context: Context, wanted: string | undefined): Promise<Proof> {
  await using session = opened
  const system = await installedSystem(session, context.signal)
  assertSystem(system, wanted)
  await releaseDisks(session, context.signal)
  return { system }
}

/** The new system must answer, with the host key that was shipped, and be the one that was sent. */
async function proveRebooted(
  input: Input,
  context: Context,
  target: Target,
  hostKey: string | undefined,
  wanted: string | undefined,
): Promise<Proof> {
  const guest = new Guest(systemLogin(input, hostKey), target)
  using limit = deadline(context.signal, input.boot_timeout, 'the first boot of the new system')
  const { reached } = await waitForGuest(
    { expect: 'system', timeout: input.boot_timeout, ...(wanted === undefined ? {} : { system: wanted }) },
    { ...context, signal: limit.signal },
    guest,
    target,
  )
  return { system: reached.facts.system, hostKey: reached.hostKey }
}

function assertSystem(system: string | undefined, wanted: string | undefined): void {
  if (system === undefined) {
    throw new NciError('INSTALL_UNPROVEN', { reason: 'the disk names no installed system' })
  }
  if (wanted !== undefined && system !== wanted) {
    throw new NciError('INSTALL_UNPROVEN', { reason: `the disk has ${system}, and ${wanted} was sent` })
  }
}

/**
 * From here on the disks are formatted. The note says so: what a later run then finds on them is ours, and it may begin
 * anew.
 */
function noteStart(
  context: Context,
  { client, summary }: Target,
  hostKey: string | undefined,
  disks: string[],
): Promise<void> {
  return updateNote(client, context, summary, ({ created, uuid }) => ({
    created,
    uuid,
    disks,
    ...(hostKey === undefined ? {} : { host_key: hostKey }),
  }))
}

function noteEnd(
  context: Context,
  { client, summary }: Target,
  input: Input,
  proof: Proof,
  hostKey: string | undefined,
): Promise<void> {
  const key = hostKey ?? proof.hostKey
  const at = new Date().toISOString()
  const installed = {
    at,
    ...(input.reboot ? { proved: at, rebooted: true } : {}),
    ...(proof.system === undefined ? {} : { system: proof.system }),
    ...(input.flake === undefined ? {} : { flake: input.flake }),
    ...(key === undefined ? {} : { host_key: key }),
  }
  return updateNote(client, context, summary, ({ created, uuid }) => ({ created, uuid, installed }))
}

function finishedOutput(input: Input, target: Target, installed: NonNullable<Note['installed']>): Output {
  const { system, host_key } = installed
  const address = { host: input.ssh_host ?? String(target.summary.name), port: input.ssh_port }
  return {
    vmid: target.summary.vmid,
    node: target.summary.node,
    ...address,
    ...(system === undefined ? {} : { system }),
    ...(host_key === undefined ? {} : { host_key }),
    known_hosts: host_key === undefined ? [] : [knownHostsLine(address, host_key)],
    rebooted: false,
    phases: [],
  }
}
