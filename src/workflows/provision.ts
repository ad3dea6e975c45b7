import { deadline } from '../core/deadline.ts'
import { type NciError, toNciError } from '../core/errors.ts'
import type { ProgressEvent, StepStatus } from '../core/events.ts'
import { Resources } from '../core/resources.ts'
import { type RunOptions, runStep, type Success, statusOf } from '../core/run.ts'
import type { Change, Context, Inputs, Outputs, Step, StepId } from '../core/step.ts'
import { documents } from '../generated/commands.ts'

type Input = Inputs['provision']
type Output = Outputs['provision']

/** The rows of the progress display, in the order of the work. */
export const provisionSteps = [
  { step: 'iso.download', title: 'Installer ISO' },
  { step: 'iso.upload', title: 'Upload' },
  { step: 'nixos.build', title: 'Build the system' },
  { step: 'vm.create', title: 'Virtual machine' },
  { step: 'vm.start', title: 'Start' },
  { step: 'ssh.wait', title: 'Wait for the installer' },
  { step: 'nixos.install', title: 'Install NixOS' },
  { step: 'vm.detach', title: 'Detach ISO and cloud-init drive' },
  { step: 'proof', title: 'Wait for NixOS' },
] as const
type Row = (typeof provisionSteps)[number]['step']

export interface WorkflowOptions {
  readonly check: boolean
  readonly signal: AbortSignal
  readonly redact: (text: string) => string
  emit(event: ProgressEvent): void
}

/**
 * Takes one host from nothing to a proved NixOS. What is there already is found in Proxmox and kept, so that a run that
 * failed or was killed is carried on by the next one.
 *
 * @throws {NciError} the failed step's, with the steps so far in `details.steps`
 */
export async function provision(input: Input, options: WorkflowOptions): Promise<Success<Output>> {
  using limit = deadline(options.signal, input.timeout, `provisioning ${input.name}`)
  await using resources = new Resources()
  const run = new Run(input, options, limit.signal, resources)
  try {
    return run.success(await (options.check ? planHost(run) : provisionHost(run)))
  } catch (error) {
    throw await run.failed(error)
  }
}

/** One run of the workflow: runs steps, keeps their times, changes and warnings. */
class Run {
  readonly input: Input
  readonly check: boolean
  readonly context: Context
  readonly warnings: string[] = []
  /** The VM that this run created: what `on_failure: destroy` is about. */
  created: { readonly vmid: number; readonly node: string } | undefined
  readonly #options: WorkflowOptions
  readonly #resources: Resources
  readonly #began = performance.now()
  readonly #summaries = new Map<Row, Output['steps'][number]>()
  /** What each step failed of, in the order of time. */
  readonly #failures: { readonly step: Row; readonly error: unknown }[] = []

  constructor(input: Input, options: WorkflowOptions, signal: AbortSignal, resources: Resources) {
    this.input = input
    this.check = options.check
    this.#options = options
    this.#resources = resources
    this.context = { signal, resources, redact: options.redact, emit: (event) => this.#warn(event) }
  }

  /** Runs a step with the host's values and these; shows it in a row. */
  async step<Id extends StepId>(
    load: () => Promise<Step<Id>>,
    values: Partial<Inputs[Id]>,
    row?: Row,
  ): Promise<Outputs[Id]> {
    const step = await load()
    const input = { ...valuesFor(step.id, this.input), ...values } as unknown as Inputs[Id]
    return this.row(row ?? (step.id as Row), async (emit) => {
      const result = await runStep(step, input, { ...this.#runOptions(), emit, timeout: input.timeout })
      return { status: statusOf(result), diff: result.diff, output: result.output }
    })
  }

  /** Does something in a row of the display, with its time taken. */
  async row<Value>(
    step: Row,
    work: (
      emit: RunOptions['emit'],
    ) => Promise<{ status: StepStatus; diff?: readonly Change[]; output: Value }>,
  ): Promise<Value> {
    const began = performance.now()
    this.#options.emit({ step, type: 'start' })
    try {
      const {
        status,
        diff = [],
        output,
      } = await work((event) => {
        this.#warn(event)
        this.#options.emit({ step, ...event })
      })
      this.#end(step, status, began, diff)
      return output
    } catch (error) {
      this.#failures.push({ step, error })
      this.#end(step, 'failed', began, [], toNciError(error).code)
      throw error
    }
  }

  /** A row for which there is nothing to do, or in check mode: one whose work is known without looking. */
  note(step: Row, status: 'skipped' | 'unchanged' | 'planned', diff: readonly Change[] = []): void {
    this.#options.emit({ step, type: 'start' })
    this.#end(step, status, performance.now(), diff)
  }

  success(output: Omit<Output, 'name' | 'steps' | 'seconds'>): Success<Output> {
    const steps = this.#steps()
    const changed = steps.some(({ status }) => status === 'changed' || status === 'planned')
    const diff = steps.flatMap((one) => (one.diff ?? []) as unknown as Change[])
    const { check, warnings, input } = this
    const whole = { name: input.name, ...output, steps, seconds: this.#seconds(this.#began) }
    return { ok: true, step: 'provision', changed, check, diff, output: whole, warnings }
  }

  /** The error of the run, after what `on_failure` asks for. */
  async failed(thrown: unknown): Promise<NciError> {
    const error = toNciError(thrown)
    const steps = this.#steps()
    const failedStep = this.#failures.find((failure) => failure.error === thrown)?.step
    const kept = this.created !== undefined && !(await this.#destroyed(error))
    const details = {
      name: this.input.name,
      ...(failedStep === undefined ? {} : { failed_step: failedStep }),
      ...(kept ? { vm_kept: this.created } : {}),
      steps,
    }
    return Object.assign(error.withDetails(details), { warnings: this.warnings })
  }

  /** An interrupted run is meant to be carried on: only failures destroy. */
  async #destroyed(error: NciError): Promise<boolean> {
    if (this.input.on_failure !== 'destroy' || this.created === undefined || error.code === 'INTERRUPTED')
      return false
    const { vmDestroy } = await import('../steps/vm/destroy.ts')
    const input = { ...valuesFor('vm.destroy', this.input), ...this.created, stop: true, force: false }
    const options = { ...this.#runOptions(), signal: AbortSignal.timeout(120_000), emit: () => undefined }
    try {
      await runStep(vmDestroy, input as Inputs['vm.destroy'], options)
      return true
    } catch (reason) {
      this.warnings.push(`VM ${this.created.vmid} could not be destroyed: ${toNciError(reason).message}`)
      return false
    }
  }

  #runOptions(): Omit<RunOptions, 'emit'> {
    const { check, context } = this
    return { check, signal: context.signal, resources: this.#resources, redact: context.redact }
  }

  #warn(event: { readonly type: string; readonly message?: string }): void {
    if (event.type !== 'warning' || event.message === undefined || this.warnings.includes(event.message))
      return
    this.warnings.push(event.message)
  }

  #end(step: Row, status: StepStatus, began: number, diff: readonly Change[], error?: string): void {
    this.#summaries.set(step, {
      step,
      status,
      seconds: this.#seconds(began),
      began: Math.round(began - this.#began) / 1000,
      ...(diff.length > 0 ? { diff: diff.map((change) => ({ ...change })) } : {}),
    })
    this.#options.emit({ step, type: 'end', status, ...(error === undefined ? {} : { error }) })
  }

  #steps(): Output['steps'] {
    return provisionSteps.flatMap(({ step }) => this.#summaries.get(step) ?? [])
  }

  #seconds(began: number): number {
    return Math.round(performance.now() - began) / 1000
  }
}

/** What Proxmox has of the host. */
interface Existing {
  readonly vmid: number
  readonly node: string
  readonly status: 'running' | 'stopped'
  /** The installer's ISO is in a drive. */
  readonly hasIso: boolean
  /** Public host key that an unfinished installation shipped. */
  readonly shippedKey: string | undefined
  readonly installed:
    | { readonly system?: string; readonly host_key?: string; readonly proved?: string }
    | undefined
}

async function provisionHost(run: Run): Promise<Omit<Output, 'name' | 'steps' | 'seconds'>> {
  const { input } = run
  const existing = await lookAt(run)
  if (existing?.installed !== undefined) return finish(run, existing, existing.installed)
  if (existing !== undefined) {
    const adopted = await adopt(run, existing)
    if (adopted !== undefined) return finish(run, existing, adopted)
  }

  // The build needs nothing of the rest until the installation.
  const stopBuild = new AbortController()
  const building = buildAhead(run, stopBuild.signal)
  // Its failure is reported where its result is needed, unless something else fails first.
  building.catch(() => undefined)
  try {
    const keys = await publicKeys(run)
    const iso = existing?.hasIso ? keepIso(run) : await provideIso(run)
    const vm = await run.step(async () => (await import('../steps/vm/create.ts')).vmCreate, {
      ssh_public_keys: keys,
      ...(iso === undefined ? {} : { iso }),
      cloud_init: true,
      ...(existing === undefined ? {} : { vmid: existing.vmid, node: existing.node }),
    })
    const reference = { vmid: vm.vmid, node: vm.node }
    if (vm.created) run.created = reference
    await run.step(async () => (await import('../steps/vm/start.ts')).vmStart, reference)
    await run.step(async () => (await import('../steps/ssh/wait.ts')).sshWait, {
      ...reference,
      expect: 'installer',
      timeout: input.boot_timeout,
    })
    const built = await building
    const installed = await run.step(async () => (await import('../steps/nixos/install.ts')).nixosInstall, {
      ...reference,
      ...(built === undefined ? {} : { store_paths: built }),
      reboot: input.detach !== 'cold',
      timeout: input.install_timeout,
    })
    return await finish(
      run,
      { ...reference, status: 'running', hasIso: true, shippedKey: undefined, installed },
      installed,
    )
  } finally {
    stopBuild.abort(run.context.signal.reason ?? new Error('another step failed'))
    await building.catch(() => undefined)
  }
}

/** An installation that was interrupted after the machine had rebooted into the new system. */
async function adopt({ input, context }: Run, existing: Existing): Promise<Existing['installed']> {
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

/** From a disk with NixOS on it to a machine that runs it: drives gone, started, proved. */
async function finish(
  run: Run,
  existing: Existing,
  installed: NonNullable<Existing['installed']>,
): Promise<Omit<Output, 'name' | 'steps' | 'seconds'>> {
  const { input } = run
  const reference = { vmid: existing.vmid, node: existing.node }
  if (input.detach === 'keep') run.note('vm.detach', 'skipped')
  else {
    // A run that was killed may have left the VM off; it is to run in any case.
    await run.step(async () => (await import('../steps/vm/detach.ts')).vmDetach, {
      ...reference,
      mode: input.detach,
      start: true,
    })
  }
  const hostKey = installed.host_key
  const known = {
    ...reference,
    ...(installed.system === undefined ? {} : { system: installed.system }),
    ...(hostKey === undefined ? {} : { host_key: hostKey }),
  }
  const host = systemAddress(input)
  const address = {
    port: input.ssh_port,
    user: input.system_ssh_user ?? input.ssh_user,
    ...(host === undefined ? {} : { host }),
  }
  if (installed.proved !== undefined) {
    run.note('proof', 'unchanged')
    return { ...known, ...address, known_hosts: await knownHosts(address, hostKey) }
  }
  const proof = await run.step(
    async () => (await import('../steps/ssh/wait.ts')).sshWait,
    {
      ...reference,
      expect: 'system',
      timeout: input.boot_timeout,
      ssh_user: address.user,
      ...(host === undefined ? {} : { ssh_host: host }),
      ...(installed.system === undefined ? {} : { system: installed.system }),
      ...(hostKey === undefined ? {} : { ssh_host_key: hostKey }),
    },
    'proof',
  )
  await noteProof(run, reference)
  const reached = { host: proof.host, port: proof.port, user: proof.user }
  const system = proof.facts.system
  return {
    ...known,
    ...reached,
    ...(system === undefined ? {} : { system }),
    host_key: proof.host_key,
    known_hosts: await knownHosts(reached, proof.host_key),
  }
}

/** Check mode: what each step would do, as far as it can be known before the steps ahead of it are done. */
async function planHost(run: Run): Promise<Omit<Output, 'name' | 'steps' | 'seconds'>> {
  const { input } = run
  const existing = await lookAt(run)
  const reference = existing === undefined ? {} : { vmid: existing.vmid, node: existing.node }
  if (existing?.installed !== undefined) {
    if (input.detach !== 'keep') {
      await run.step(async () => (await import('../steps/vm/detach.ts')).vmDetach, {
        ...reference,
        mode: input.detach,
        start: true,
      })
    }
    run.note('proof', existing.installed.proved === undefined ? 'planned' : 'unchanged')
    return reference
  }
  const iso = existing?.hasIso ? keepIso(run) : await planIso(run)
  await run.step(async () => (await import('../steps/vm/create.ts')).vmCreate, {
    ssh_public_keys: await publicKeys(run),
    ...(iso === undefined ? {} : { iso }),
    cloud_init: true,
    ...reference,
  })
  const running = existing?.status === 'running'
  run.note(
    'vm.start',
    running ? 'unchanged' : 'planned',
    running ? [] : [{ what: 'status', after: 'running' }],
  )
  run.note('ssh.wait', 'unchanged')
  run.note('nixos.install', 'planned', [{ what: 'system', after: input.store_paths?.system ?? input.flake }])
  if (input.detach === 'keep') run.note('vm.detach', 'skipped')
  else run.note('vm.detach', 'planned', [{ what: 'ISO and cloud-init drive', before: 'attached' }])
  run.note('proof', 'unchanged')
  return reference
}

async function lookAt(run: Run): Promise<Existing | undefined> {
  const { input, context } = run
  const [
    { connectProxmox },
    { lookUpVm, readCluster },
    { readStatus, readVm },
    { assertOurs, readNote },
    { drivesOf },
  ] = await Promise.all([
    import('../proxmox/client.ts'),
    import('../proxmox/cluster.ts'),
    import('../proxmox/vms.ts'),
    import('../proxmox/ownership.ts'),
    import('../proxmox/drives.ts'),
  ])
  const client = connectProxmox(input, context)
  const vm = lookUpVm(await readCluster(client), { name: input.name })
  // An id that another VM has is found by the step that creates.
  if (vm === undefined || (input.vmid !== undefined && vm.vmid !== input.vmid)) return undefined
  const [{ current }, { status }] = await Promise.all([readVm(client, vm), readStatus(client, vm)])
  assertOurs(vm, current, 'Destroy or rename it, if it is not needed.')
  const hasIso = drivesOf(current).some(({ kind, volume }) => kind === 'cdrom' && volume !== 'none')
  const note = readNote(current)
  const shippedKey = note?.host_key?.startsWith('ssh-') ? note.host_key : undefined
  return { vmid: vm.vmid, node: vm.node, status, hasIso, shippedKey, installed: note?.installed }
}

function keepIso(run: Run): undefined {
  run.note('iso.download', 'unchanged')
  run.note('iso.upload', 'unchanged')
  return undefined
}

/** The volume id of the ISO, on the storage for sure. */
async function provideIso(run: Run): Promise<string> {
  const { input } = run
  if (input.iso !== undefined) {
    keepIso(run)
    return input.iso
  }
  const file = await run.step(async () => (await import('../steps/iso/download.ts')).isoDownload, {})
  const uploaded = await run.step(async () => (await import('../steps/iso/upload.ts')).isoUpload, {
    path: file.path,
    checksum: file.sha256,
    via: 'engine',
    storage: input.iso_storage,
    replace: false,
  })
  return uploaded.volid
}

/** The volume id, where the ISO is on the storage already. */
async function planIso(run: Run): Promise<string | undefined> {
  const { input } = run
  if (input.iso !== undefined) {
    keepIso(run)
    return input.iso
  }
  const { existsSync } = await import('node:fs')
  const file = await run.step(async () => (await import('../steps/iso/download.ts')).isoDownload, {})
  if (file.path === undefined || !existsSync(file.path)) {
    run.note('iso.upload', 'planned', [
      { what: `${input.iso_storage}:iso/${file.name ?? 'installer.iso'}`, after: 'uploaded' },
    ])
    return undefined
  }
  const planned = await run.step(async () => (await import('../steps/iso/upload.ts')).isoUpload, {
    path: file.path,
    via: 'engine',
    storage: input.iso_storage,
    replace: false,
  })
  return planned.uploaded ? undefined : planned.volid
}

/** Builds the system beside the other steps. `undefined`: it is built already, or on the machine. */
async function buildAhead(run: Run, stop: AbortSignal): Promise<Input['store_paths']> {
  const { input, context } = run
  if (input.store_paths !== undefined || input.build_on !== 'local' || input.flake === undefined) {
    run.note('nixos.build', 'skipped')
    return input.store_paths
  }
  const { flake, nix_options } = input
  return run.row('nixos.build', async (emit) => {
    const { buildSystem } = await import('../nix/build.ts')
    const signal = AbortSignal.any([context.signal, stop])
    emit({ type: 'phase', phase: `building ${flake}` })
    try {
      const output = await buildSystem(flake, nix_options ?? {}, { ...context, signal, emit })
      return { status: 'done', output }
    } catch (error) {
      // Nobody needs it any more: that is no failure of the build.
      if (stop.aborted && !context.signal.aborted) return { status: 'skipped', output: undefined }
      throw error
    }
  })
}

/** The keys for the installer: the user's, and the one that this run logs in with. */
async function publicKeys({ input }: Run): Promise<string[]> {
  const { loadLoginKey } = await import('../ssh/keys.ts')
  const { publicKey } = await loadLoginKey(input)
  const given = input.ssh_public_keys ?? []
  return given.some((key) => key.startsWith(publicKey)) ? given : [...given, publicKey]
}

/** The address of the installed system, where it is known without asking the guest. */
function systemAddress(input: Input): string | undefined {
  const addresses = input.networks.flatMap(({ ip, ip6 }) => [ip, ip6])
  const fixed = addresses.find((address) => address?.includes('/'))?.split('/')[0]
  return input.system_ssh_host ?? input.ssh_host ?? fixed
}

async function knownHosts(
  address: { host?: string; port: number },
  hostKey: string | undefined,
): Promise<string[]> {
  const { knownHostsLine } = await import('../ssh/address-map.ts')
  const { host, port } = address
  return host === undefined || hostKey === undefined ? [] : [knownHostsLine({ host, port }, hostKey)]
}

/** Notes that the installed system was seen, so that a later run need not wait for it. */
async function noteProof({ input, context }: Run, vm: { vmid: number; node: string }): Promise<void> {
  const [{ connectProxmox }, { updateNote }] = await Promise.all([
    import('../proxmox/client.ts'),
    import('../proxmox/note-store.ts'),
  ])
  await updateNote(connectProxmox(input, context), { ...vm, name: input.name }, (note) =>
    note.installed === undefined
      ? note
      : { ...note, installed: { ...note.installed, proved: new Date().toISOString() } },
  )
}

/** Those of the host's values that a step's document knows. */
function valuesFor(id: StepId, input: Input): Record<string, unknown> {
  const values: Readonly<Record<string, unknown>> = { ...input }
  const names = documents[id].properties.map(({ name }) => name).filter((name) => name !== 'timeout')
  return Object.fromEntries(
    names.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])),
  )
}
