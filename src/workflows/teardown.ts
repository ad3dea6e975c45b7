import { deadline } from '../core/deadline.ts'
import { NciError, toNciError } from '../core/errors.ts'
import type { ProgressEvent } from '../core/events.ts'
import { machineLock } from '../core/machine-lock.ts'
import { Places } from '../core/places.ts'
import { LockUnusable } from '../core/process-lock.ts'
import { Resources } from '../core/resources.ts'
import { runStep, type Success, statusOf } from '../core/run.ts'
import type { Change, Inputs, Outputs } from '../core/step.ts'
import { vmDestroy } from '../steps/vm/destroy.ts'
import { readHosts } from './batch/hosts.ts'
import { listNames } from './batch/names.ts'
import { type Doomed, type LookOptions, lookAtVms } from './teardown/look.ts'
import { Report } from './teardown/report.ts'

type Input = Inputs['teardown']
type Output = Outputs['teardown']

export interface TeardownOptions {
  readonly check: boolean
  readonly signal: AbortSignal
  readonly redact: (text: string) => string
  emit(event: ProgressEvent): void
  /** Registers the secrets of a host's document. */
  keepSecret(document: Record<string, unknown>): void
  /** Asks whether these VMs may go; absent where there is nobody to ask. */
  confirm?(doomed: readonly Doomed[], spared: Output['hosts']): Promise<boolean>
  /** So many are about to be destroyed. */
  begin(hosts: number): void | Promise<void>
}

/**
 * Destroys the VMs of an inventory's hosts: those that this tool created, once somebody has agreed.
 *
 * @throws {NciError} `TEARDOWN_UNCONFIRMED`; `TEARDOWN_FAILED`, `INTERRUPTED`, `TIMEOUT` with the report in their details;
 *   those of the inventory
 */
export async function teardown(input: Input, options: TeardownOptions): Promise<Success<Output>> {
  using limit = deadline(options.signal, input.timeout, 'the tear-down')
  const { signal } = limit
  await using resources = new Resources()
  const { check, redact, keepSecret } = options
  const warnings: string[] = []
  const emit = (event: ProgressEvent): void => {
    if (event.type === 'warning' && !warnings.includes(event.message)) warnings.push(event.message)
    options.emit(event)
  }
  const { hosts } = await readHosts(input, {
    signal,
    redact,
    keepSecret,
    emit: (event) => emit({ step: 'teardown', ...event }),
  })
  const report = new Report(hosts)
  try {
    const looking: LookOptions = { input, signal, resources, redact, emit }
    const doomed = await lookAtVms(hosts, report, looking)
    const diff = doomed.flatMap(changesOf)
    warnOfVolumes(doomed, emit)
    if (check)
      for (const one of doomed) report.set(one.name, { state: 'planned', ...one.place, ...leftBy(one) })
    else if (doomed.length > 0) {
      if (!input.yes) await requireConsent(doomed, report, options)
      await options.begin(doomed.length)
      await destroyAll(doomed, report, { ...options, input, signal, resources, emit })
    }
    signal.throwIfAborted()
    assertAllGone(report)
    const changed = doomed.length > 0
    return { ok: true, step: 'teardown', changed, check, diff, output: report.output, warnings }
  } catch (thrown) {
    const error = toNciError(signal.aborted ? signal.reason : thrown)
    throw Object.assign(error.withDetails({ report: report.output }), { warnings })
  }
}

/** @throws {NciError} `TEARDOWN_UNCONFIRMED` */
async function requireConsent(
  doomed: readonly Doomed[],
  report: Report,
  { confirm }: TeardownOptions,
): Promise<void> {
  const vms = `${doomed.length} ${doomed.length === 1 ? 'VM' : 'VMs'}`
  if (confirm === undefined) {
    throw new NciError('TEARDOWN_UNCONFIRMED', {
      reason: `${vms} would go, and there is no terminal to ask on`,
      vms: doomed.map(({ name, place }) => ({ name, ...place })),
    })
  }
  const spared = report.output.hosts.filter(({ state }) => state === 'failed')
  if (!(await confirm(doomed, spared))) {
    throw new NciError('TEARDOWN_UNCONFIRMED', { reason: `to destroy ${vms} was not agreed to` })
  }
}

type Destroying = Pick<TeardownOptions, 'check' | 'emit' | 'redact'> & Omit<LookOptions, 'emit'>

/** A host that fails does not stop the others, unless too many do. */
async function destroyAll(doomed: readonly Doomed[], report: Report, options: Destroying): Promise<void> {
  const { input, signal } = options
  const places = new Places(input.forks)
  const mayBegin = (): boolean => report.failures < (input.max_failures ?? Number.POSITIVE_INFINITY)
  await Promise.all(
    doomed.map(async (one) => {
      try {
        using _place = await places.take(0, signal)
        if (mayBegin()) await destroyOne(one, report, options)
      } catch (error) {
        // Whoever waited for a place was not begun.
        if (!signal.aborted) throw error
      }
    }),
  )
}

async function destroyOne(
  doomed: Doomed,
  report: Report,
  { input, signal, resources, redact, emit }: Destroying,
): Promise<void> {
  const { name: host, destruction, place, key } = doomed
  // A host as a whole, and its one step.
  const steps = ['provision', vmDestroy.id]
  for (const step of steps) emit({ step, host, type: 'start' })
  using limit = deadline(signal, input.host_timeout, `destroying the VM of ${host}`)
  await using own = new Resources(resources)
  try {
    using _lock = await lockVm(key, limit.signal, () => {
      const message = `Another run on this machine is at ${host}: it is waited for.`
      emit({ step: vmDestroy.id, host, type: 'warning', message })
    })
    const result = await runStep(vmDestroy, destruction, {
      signal: limit.signal,
      redact,
      resources: own,
      preflighted: true,
      timeout: destruction.timeout,
      emit: (event) => emit({ step: vmDestroy.id, host, ...event }),
    })
    const state = result.output.existed ? 'destroyed' : 'absent'
    report.set(host, { state, ...place, ...leftBy(doomed) })
    for (const step of steps.toReversed()) emit({ step, host, type: 'end', status: statusOf(result) })
  } catch (thrown) {
    const error = toNciError(thrown)
    if (error.code === 'ENGINE_BUG') throw thrown
    report.fail(host, error, place)
    for (const step of steps.toReversed())
      emit({ step, host, type: 'end', status: 'failed', error: error.code })
  }
}

/** The lock that runs which provision the host hold; where none can be had, it is done without. */
async function lockVm(key: readonly unknown[], signal: AbortSignal, onWait: () => void): Promise<Disposable> {
  try {
    return await machineLock('host', key, signal, onWait)
  } catch (thrown) {
    if (!(thrown instanceof LockUnusable)) throw thrown
    return { [Symbol.dispose]: () => undefined }
  }
}

/** The volumes that stay, for the report. */
function leftBy({ unreferenced }: Doomed): { unreferenced?: string[] } {
  return unreferenced.length === 0 ? {} : { unreferenced: [...unreferenced] }
}

function warnOfVolumes(doomed: readonly Doomed[], emit: TeardownOptions['emit']): void {
  const volumes = doomed.flatMap(({ unreferenced }) => unreferenced)
  if (volumes.length === 0) return
  const names = listNames(volumes.slice(0, 5), volumes.length)
  const message = `Volumes that no configuration of these VMs names stay: ${names}. \`unreferenced: true\` destroys them as well.`
  emit({ step: 'teardown', type: 'warning', message })
}

function changesOf({ name, place, status, volumes }: Doomed): Change[] {
  return [
    { what: 'vm', before: `${place.vmid} (${name})` },
    ...(status === 'running'
      ? [{ what: `status of ${place.vmid}`, before: 'running', after: 'stopped' }]
      : []),
    ...volumes.map((volume) => ({ what: 'volume', before: volume })),
  ]
}

/** @throws {NciError} `TEARDOWN_FAILED` */
function assertAllGone(report: Report): void {
  const { hosts } = report.output
  const failed = hosts.filter(({ state }) => state === 'failed')
  if (failed.length === 0) return
  const names = listNames(
    failed.slice(0, 5).map(({ name }) => name),
    failed.length,
  )
  throw new NciError('TEARDOWN_FAILED', { failed: failed.length, total: hosts.length, names })
}
