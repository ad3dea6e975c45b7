import { deadline } from '../../core/deadline.ts'
import { NciError, toNciError } from '../../core/errors.ts'
import type { ProgressEvent } from '../../core/events.ts'
import { Places } from '../../core/places.ts'
import { Resources } from '../../core/resources.ts'
import type { Success } from '../../core/run.ts'
import type { Change, Context, Inputs, Outputs } from '../../core/step.ts'
import { checkedHosts, type Known } from './checked-hosts.ts'
import type { Host } from './conflicts.ts'
import { HostLog, logFolder } from './host-log.ts'
import { type HostReport, HostRun } from './host-run.ts'
import { Journal } from './journal.ts'
import { listNames } from './names.ts'
import { noteDone } from './notes.ts'
import { type Findings, preflight } from './preflight.ts'
import { batchInvalid, Problems } from './problems.ts'
import { assertWritable, countsOf, writeReports } from './report.ts'
import { SharedWork } from './shared-work.ts'
import { listings, type Survey, type Surveyed, survey } from './survey.ts'

type Input = Inputs['batch']
type Report = Outputs['batch']

export interface BatchOptions {
  readonly check: boolean
  readonly signal: AbortSignal
  emit(event: ProgressEvent): void
  redact(text: string): string
  /** The same value, the secrets in it masked. */
  mask<Value>(value: Value): Value
  /** Registers the secrets of a host's document, before anything of it can be shown. */
  keepSecret(document: Record<string, unknown>): void
  /** The hosts are known: what is shown can begin. */
  begin(hosts: number): void | Promise<void>
}

/**
 * Provisions the hosts of an inventory, many at once, what they have in common only once. Where each stands is found in
 * Proxmox and in the guests, so that a batch that was stopped in any way is carried on by the next one.
 *
 * @throws {NciError} `BATCH_INVALID` before anything is begun; `BATCH_FAILED`, `INTERRUPTED`, `TIMEOUT` with
 *   `details.report`; those of {@link checkedHosts}
 */
export async function provisionBatch(input: Input, options: BatchOptions): Promise<Success<Report>> {
  assertWritable(input)
  const { hosts, ...known } = await checkedHosts(input, options)
  return provisionHosts(hosts, input, options, known)
}

/** The same of hosts whose documents are checked. */
export async function provisionHosts(
  hosts: readonly Host[],
  input: Input,
  options: BatchOptions,
  known: Known = { all: hosts, problems: new Problems(), warnings: [] },
): Promise<Success<Report>> {
  using limit = deadline(options.signal, input.timeout, 'provisioning the hosts')
  await using resources = new Resources()
  return await new Batch(input, options, limit.signal, resources).run(hosts, known)
}

/** Places that many hosts want at once. */
interface Limits {
  readonly hosts: Places
  readonly installs: Places
  /** By storage. */
  readonly creates: Map<string, Places>
}

class Batch {
  readonly #input: Input
  readonly #options: BatchOptions
  readonly #signal: AbortSignal
  readonly #resources: Resources
  readonly #began = new Date()
  readonly #start = performance.now()
  readonly #warnings: string[] = []
  readonly #journal = new Journal()
  readonly #limits: Limits
  #shared: SharedWork | undefined
  #failures = 0

  constructor(input: Input, options: BatchOptions, signal: AbortSignal, resources: Resources) {
    this.#input = input
    this.#options = options
    this.#signal = signal
    this.#resources = resources
    this.#limits = {
      hosts: new Places(input.forks),
      installs: new Places(input.installs),
      creates: new Map(),
    }
  }

  /** The host with what the batch says of all. */
  #withOwn({ name, input: { log_file, ...input } }: Host): Host {
    const { host_timeout, log_dir } = this.#input
    return {
      name,
      input: {
        ...(host_timeout === undefined ? {} : { timeout: host_timeout }),
        ...input,
        // What is said of this run counts more than what the inventory has.
        ...(log_file === undefined || log_dir !== undefined ? {} : { log_file }),
      },
    }
  }

  async run(given: readonly Host[], known: Known): Promise<Success<Report>> {
    const { log_dir, journal } = this.#input
    this.#warnings.push(...known.warnings)
    const hosts = given.map((host) => this.#withOwn(host))
    if (journal) this.#journal.open()
    const context = this.#context()
    const { hosts: surveyed, problems, warnings } = await this.#survey(hosts, known, context)
    known.problems.addAll(problems)
    const findings = await this.#examine(surveyed, known, context)
    await this.#options.begin(surveyed.length)
    for (const message of [...warnings, ...findings.warnings])
      this.#emit({ step: 'provision', type: 'warning', message })
    const folder = this.#options.check ? undefined : logFolder(log_dir, this.#began)
    const reports = await this.#provision(surveyed, folder)
    const demand = this.#options.check ? { demand: [...findings.demand] } : {}
    return this.#end(surveyed, reports, demand)
  }

  /** Where hosts stand. A cluster that cannot be asked hides no mistakes that are known already. */
  async #survey(hosts: readonly Host[], { all, problems }: Known, context: Context): Promise<Survey> {
    try {
      return await survey(hosts, this.#input.journal ? this.#journal : undefined, context)
    } catch (error) {
      context.signal.throwIfAborted()
      throw this.#invalid(all, problems) ?? Object.assign(toNciError(error), { warnings: this.#warnings })
    }
  }

  /** What would go wrong is told of all hosts together, before anything is begun. */
  async #examine(
    surveyed: readonly Surveyed[],
    { all, problems }: Known,
    context: Context,
  ): Promise<Findings> {
    const open = surveyed.filter(({ progress }) => progress !== 'done')
    const groups = [...Map.groupBy(open, ({ site }) => site)].map(([site, group]) => ({
      client: site.client,
      cluster: site.cluster,
      hosts: group.map(({ host }) => host),
    }))
    const begun = open.filter(({ progress }) => progress === 'begun').map(({ host }) => host.name)
    const findings = await preflight(groups, { ...context, unfinished: new Set(begun) })
    problems.addAll(findings.problems)
    const error = this.#invalid(all, problems)
    if (error !== undefined) throw error
    return findings
  }

  #invalid(all: Known['all'], { byHost }: Problems): NciError | undefined {
    const error = batchInvalid(all, byHost, this.#input.limit)
    return error === undefined ? undefined : Object.assign(error, { warnings: this.#warnings })
  }

  async #provision(surveyed: readonly Surveyed[], folder: string | undefined): Promise<HostReport[]> {
    const { check, redact } = this.#options
    const log = folder === undefined ? undefined : new HostLog(folder, '-shared', redact)
    await using _log = log
    // It ends before its log does.
    await using shared = new SharedWork({
      check,
      redact,
      signal: this.#signal,
      resources: this.#resources,
      listings,
      uploads_per_node: this.#input.uploads_per_node,
      emit: (event) => {
        log?.add(event)
        this.#emit(event)
      },
      seconds: () => this.#seconds(),
    })
    this.#shared = shared
    const toInstall = surveyed.filter(({ progress }) => progress === 'new' || progress === 'begun')
    // First of all what takes longest, and what all wait for.
    if (!check && toInstall.length > 0) shared.systems.build(toInstall.map(({ host }) => host))
    const usual = usualSeconds(surveyed)
    return await Promise.all(
      surveyed.map((one) =>
        new HostRun(one, {
          check,
          shared,
          folder,
          redact,
          signal: this.#signal,
          resources: this.#resources,
          limits: this.#limits,
          createsPerStorage: this.#input.creates_per_storage,
          priority: priorityOf(one, usual),
          seconds: () => this.#seconds(),
          emit: (event) => this.#emit(event),
          isOver: () => this.#failures >= (this.#input.max_failures ?? Number.POSITIVE_INFINITY),
          failed: () => {
            this.#failures++
          },
        }).run(),
      ),
    )
  }

  async #end(
    surveyed: readonly Surveyed[],
    hosts: HostReport[],
    more: Pick<Report, 'demand'>,
  ): Promise<Success<Report>> {
    const { check, mask } = this.#options
    if (!check) await noteDone(this.#journal, surveyed, hosts, this.#signal.aborted)
    const shared = this.#shared?.done ?? []
    const { report_file, timeline_file } = this.#input
    const report: Report = mask({
      hosts: hosts.map(({ times: _, ...host }) => host),
      ...(shared.length === 0 ? {} : { shared: [...shared] }),
      ...more,
      counts: countsOf(hosts),
      began: this.#began.toISOString(),
      seconds: this.#seconds(),
      ...(report_file === undefined ? {} : { report_file }),
      ...(timeline_file === undefined ? {} : { timeline_file }),
    })
    const failed = this.#errorOf(report)
    const unwritten = await writeReports(report, this.#input)
    if (failed !== undefined && unwritten !== undefined) this.#warnings.push(unwritten.message)
    const error = failed ?? unwritten?.withDetails({ report })
    if (error !== undefined) throw Object.assign(error, { warnings: this.#warnings })
    const diff = hosts.flatMap(({ name, steps }) =>
      steps.flatMap((step) =>
        (step.diff ?? []).map((change) => ({ host: name, ...change }) as unknown as Change),
      ),
    )
    const changed = hosts.some(({ state }) => state === 'changed' || state === 'planned')
    return { ok: true, step: 'batch', changed, check, diff, output: report, warnings: this.#warnings }
  }

  #errorOf(report: Report): NciError | undefined {
    if (this.#signal.aborted) return toNciError(this.#signal.reason).withDetails({ report })
    const failed = report.hosts.filter(({ state }) => state === 'failed')
    if (failed.length === 0) return undefined
    const names = listNames(
      failed.slice(0, 5).map(({ name }) => name),
      failed.length,
    )
    return new NciError('BATCH_FAILED', { failed: failed.length, total: report.hosts.length, names, report })
  }

  #emit(event: ProgressEvent): void {
    if (event.type === 'warning' && event.host === undefined && !this.#warnings.includes(event.message))
      this.#warnings.push(event.message)
    this.#options.emit(event)
  }

  #context(): Context {
    const { check, redact } = this.#options
    return {
      check,
      redact,
      listings,
      signal: this.#signal,
      resources: this.#resources,
      assumed: new Set(),
      emit: (event) => this.#emit({ step: 'provision', ...event }),
    }
  }

  #seconds(): number {
    return Math.round(performance.now() - this.#start) / 1000
  }
}

/** Seconds that a host took before, or those that others took: without any notes all are alike. */
function usualSeconds(surveyed: readonly Surveyed[]): number {
  const known = surveyed.flatMap(({ entry }) => entry?.seconds ?? [])
  return known.length === 0 ? 600 : known.reduce((sum, seconds) => sum + seconds, 0) / known.length
}

/** The longest chain of steps first: what is left to do, in seconds. */
function priorityOf({ progress, entry }: Surveyed, usual: number): number {
  const whole = entry?.seconds ?? usual
  return { new: whole, begun: whole * 0.9, installed: whole * 0.01, done: 0 }[progress]
}
