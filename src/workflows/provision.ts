import { deadline } from '../core/deadline.ts'
import { Resources } from '../core/resources.ts'
import type { Success } from '../core/run.ts'
import type { Inputs, Outputs } from '../core/step.ts'
import type { Proof } from '../steps/nixos/proof.ts'
import { isCloudInitStale } from './cloud-init-drive.ts'
import {
  adopt,
  bringUpToDate,
  type Existing,
  isToBeReinstalled,
  lookAt,
  noteProof,
  switchOffInstaller,
  warnOfOff,
} from './existing.ts'
import { lockHost } from './host-lock.ts'
import { keepIso, provideIso } from './iso.ts'
import { factsOf, knownLogin, login, systemAddress } from './known-login.ts'
import { planHost } from './plan-host.ts'
import { type Outcome, Run, valuesFor, type WorkflowOptions } from './run.ts'
import { vmValues } from './vm-values.ts'

type Input = Inputs['provision']
type Output = Outputs['provision']

/**
 * Takes one host from nothing to a proved NixOS. What is there already is found in Proxmox and kept, so that a run that
 * failed or was killed is carried on by the next one.
 *
 * @throws {NciError} the failed step's, with the steps so far in `details.steps`
 */
export async function provision(input: Input, options: WorkflowOptions): Promise<Success<Output>> {
  using limit = deadline(options.signal, input.timeout, `provisioning ${input.name}`)
  await using resources = new Resources(options.companions?.resources)
  const run = new Run(input, options, limit.signal, resources)
  // Nobody else comes to the host before it is cleaned up.
  using held = new DisposableStack()
  try {
    return run.success(await (options.check ? planHost(run) : provisionHost(run, held)))
  } catch (error) {
    throw await run.failed(error)
  }
}

async function provisionHost(run: Run, held: DisposableStack): Promise<Outcome> {
  const { input } = run
  const { cluster } = held.use(await lockHost(run))
  const existing = await lookAt(run, cluster)
  if (existing?.installed !== undefined && !(await isToBeReinstalled(run, existing))) {
    warnOfNoEffect(run, existing.installed)
    await bringUpToDate(run, existing)
    return finish(run, existing, await carryOn(run, existing, existing.installed))
  }
  if (existing !== undefined) {
    const adopted = await adopt(run, existing)
    if (adopted !== undefined) return finish(run, existing, adopted)
  }

  await preflight(run)
  // A batch has looked for all of its hosts.
  if (existing === undefined && run.companions === undefined) await assertCreatable(run)
  // The build needs nothing of the rest until the installation.
  const stopBuild = new AbortController()
  const building = buildAhead(run, stopBuild.signal)
  // A system that cannot be built ends the rest at once: the sooner, the less is there to be cleaned up.
  building.catch((error: unknown) => run.stop(error))
  try {
    const iso = existing?.hasIso ? keepIso(run) : await provideIso(run, existing?.node)
    const vm = await run.step(async () => (await import('../steps/vm/create.ts')).vmCreate, {
      ...(await vmValues(run)),
      ...(iso === undefined ? {} : { iso }),
      ...(existing === undefined ? {} : { vmid: existing.vmid, node: existing.node }),
    })
    const reference = { vmid: vm.vmid, node: vm.node }
    const uuid = vm.uuid === undefined ? {} : { uuid: vm.uuid }
    if (vm.created) run.created = { ...reference, ...uuid }
    const isPending = vm.pending.some((key) => cloudInitSetting.test(key))
    if (vm.status === 'running' && (isPending || (await isCloudInitStale(run, reference))))
      await switchOffInstaller(run, reference)
    await run.step(async () => (await import('../steps/vm/start.ts')).vmStart, reference)
    await run.step(async () => (await import('../steps/ssh/wait.ts')).sshWait, {
      ...reference,
      expect: 'installer',
      timeout: input.boot_timeout,
    })
    const built = await building
    const installed = await run.step(async () => (await import('../steps/nixos/install.ts')).nixosInstall, {
      ...reference,
      // Ids are given anew: it must still be the VM that was created, or found, a moment ago.
      ...(vm.uuid === undefined ? {} : { expected_uuid: vm.uuid }),
      ...(built === undefined ? {} : { store_paths: built }),
      reboot: input.detach !== 'cold',
      timeout: input.install_timeout,
    })
    return await finish(run, reference, installed)
  } finally {
    stopBuild.abort(run.context.signal.reason ?? new Error('another step failed'))
    await building.catch(() => undefined)
  }
}

/** A machine that was rebooted into its new system by a run that was killed then: that is waited for. */
async function carryOn(
  run: Run,
  { vmid, node, status }: Existing,
  installed: NonNullable<Existing['installed']>,
): Promise<NonNullable<Existing['installed']>> {
  if (!installed.rebooted || installed.proved !== undefined || status !== 'running') return installed
  const { rebooted: _, ...output } = await run.step(
    async () => (await import('../steps/nixos/install.ts')).nixosInstall,
    { vmid, node, reboot: true, timeout: run.input.install_timeout },
  )
  return { ...installed, ...output, proved: new Date().toISOString() }
}

/** An installed host is left alone: whoever asks for something else should know. */
function warnOfNoEffect({ input, context }: Run, installed: NonNullable<Existing['installed']>): void {
  const again =
    installed.proved === undefined ? 'boot the VM from the installer ISO, or destroy it' : 'destroy the VM'
  const way = `To install it anew, ${again} first; to change a running system, deploy to it.`
  const warn = (what: string): void =>
    context.emit({ type: 'warning', message: `${input.name} is installed already: ${what} ${way}` })
  if (input.reinstall) warn('`reinstall` has no effect.')
  else if (input.flake !== undefined && installed.flake !== undefined && installed.flake !== input.flake) {
    warn(`it was installed from \`${installed.flake}\`, and \`${input.flake}\` is not.`)
  }
}

/** From a disk with NixOS on it to a machine that runs it: drives gone, started, proved. */
async function finish(
  run: Run,
  { vmid, node, status = 'running' }: Pick<Existing, 'node' | 'vmid'> & Partial<Pick<Existing, 'status'>>,
  installed: NonNullable<Existing['installed']>,
): Promise<Outcome> {
  const { input } = run
  const reference = { vmid, node }
  const isProved = installed.proved !== undefined
  const isDone = isProved && (installed.detached === true || input.detach === 'keep')
  // A run that was killed may have left the VM off; it is to run in any case.
  if (isDone) run.note('vm.detach', 'unchanged')
  else if (input.detach === 'keep') {
    await run.step(async () => (await import('../steps/vm/start.ts')).vmStart, reference)
    run.note('vm.detach', 'skipped')
  } else {
    await run.step(async () => (await import('../steps/vm/detach.ts')).vmDetach, {
      ...reference,
      // A system that was seen to run is not switched off for it.
      mode: isProved ? 'hot' : input.detach,
      start: true,
    })
  }
  const known = factsOf(reference, installed)
  if (isDone) {
    run.note('proof', 'unchanged')
    warnOfOff(run, { vmid, status })
    return knownLogin(run, known, installed)
  }
  const proof = await prove(run, reference, installed)
  await noteProof(run, reference, proof.address.host)
  return {
    ...known,
    ...proof.address,
    user: proof.user,
    ...(proof.system === undefined ? {} : { system: proof.system }),
    ...(await login(run, proof.address, proof.hostKey)),
    system_state: proof.state,
  }
}

/** Logs in to what was installed; in a row of its own. */
function prove(
  run: Run,
  reference: Pick<Existing, 'node' | 'vmid'>,
  { host_key: hostKey, system }: NonNullable<Existing['installed']>,
): Promise<Proof> {
  const { input, context } = run
  return run.row('proof', async (emit) => {
    const [{ connectProxmox }, { readVm }, { proveSystem }] = await Promise.all([
      import('../proxmox/client.ts'),
      import('../proxmox/vms.ts'),
      import('../steps/nixos/proof.ts'),
    ])
    const proving = { ...context, emit }
    const client = connectProxmox(input, proving)
    const summary = { ...reference, name: input.name }
    const target = { client, summary, config: (await readVm(client, summary)).current }
    const host = systemAddress(input)
    const options = { ...input, ...(host === undefined ? {} : { system_ssh_host: host }) }
    const claim = { hostKey, system, seconds: input.boot_timeout }
    return { status: 'done', output: await proveSystem(options, proving, target, claim) }
  })
}

const cloudInitSetting = /^(ci|sshkeys$|ipconfig|nameserver$|searchdomain$)/

/** Looks for what a creation would stumble over, before an ISO is uploaded for it: node, storages, bridges, key. */
async function assertCreatable(run: Run): Promise<void> {
  const [{ vmCreate }, values] = await Promise.all([import('../steps/vm/create.ts'), vmValues(run)])
  await vmCreate.plan({ ...valuesFor('vm.create', run.input), ...values } as Inputs['vm.create'], run.context)
}

/** What can be found wrong before anything is touched. */
async function preflight({ input }: Run): Promise<void> {
  const { assertInstallable } = await import('../steps/nixos/preflight.ts')
  assertInstallable(input, 'provision')
}

/** Builds the system beside the other steps. `undefined`: it is built already, or later. */
async function buildAhead(run: Run, stop: AbortSignal): Promise<Input['store_paths']> {
  const { input, context } = run
  const { isBuiltHere } = await import('../steps/nixos/preflight.ts')
  if (!isBuiltHere(input) || input.flake === undefined) {
    run.note('nixos.build', 'skipped')
    return input.store_paths
  }
  const { flake, nix_options } = input
  return run.row('nixos.build', async (emit, waited) => {
    const [{ buildSystem }, { buildPlace }] = await Promise.all([
      import('../nix/build.ts'),
      import('../steps/nixos/building.ts'),
    ])
    const building = { ...context, signal: AbortSignal.any([context.signal, stop]), emit }
    try {
      if (run.companions !== undefined) {
        emit({ type: 'phase', phase: 'waiting for the systems of all hosts' })
        const began = performance.now()
        const output = await run.companions.system(building)
        waited(performance.now() - began)
        return { status: output === undefined ? 'skipped' : 'done', output }
      }
      if ((await buildPlace(input, input.architecture, building)) === 'remote')
        return { status: 'skipped', output: undefined }
      emit({ type: 'phase', phase: `building ${flake}` })
      const output = await buildSystem(flake, nix_options ?? {}, building, undefined, input)
      return { status: 'done', output }
    } catch (error) {
      // Nobody needs it any more: that is no failure of the build.
      if (stop.aborted && !context.signal.aborted) return { status: 'skipped', output: undefined }
      throw error
    }
  })
}
