import { abortable } from '../../core/deadline.ts'
import { type NciError, toNciError } from '../../core/errors.ts'
import type { ProgressEvent } from '../../core/events.ts'
import { Places } from '../../core/places.ts'
import type { Resources } from '../../core/resources.ts'
import type { Outputs, StepId } from '../../core/step.ts'
import { provision } from '../provision.ts'
import type { Companions } from '../run.ts'
import { HostLog, installLog } from './host-log.ts'
import type { SharedWork } from './shared-work.ts'
import { listings, type Surveyed } from './survey.ts'

/** A host of the report, and what the journal wants to know besides. */
export type HostReport = Outputs['batch']['hosts'][number] & {
  /** Seconds from nothing to NixOS, without waiting for others. */
  readonly times?: number
}

export interface HostRunOptions {
  readonly check: boolean
  readonly shared: SharedWork
  /** For the logs. */
  readonly folder: string | undefined
  readonly signal: AbortSignal
  readonly resources: Resources
  readonly limits: {
    readonly hosts: Places
    readonly installs: Places
    readonly creates: Map<string, Places>
  }
  readonly createsPerStorage: number
  readonly priority: number
  redact(text: string): string
  emit(event: ProgressEvent): void
  /** Seconds since the batch began. */
  seconds(): number
  /** Whether no other host is to be begun. */
  isOver(): boolean
  /** This one has failed. */
  failed(): void
}

/** One host of a batch, from waiting for its turn to its line of the report. */
export class HostRun {
  readonly #surveyed: Surveyed
  readonly #options: HostRunOptions
  readonly #name: string
  readonly #warnings: string[] = []
  /** The places that it needs to be created. */
  #creation: Disposable | undefined

  constructor(surveyed: Surveyed, options: HostRunOptions) {
    this.#surveyed = surveyed
    this.#options = options
    this.#name = surveyed.host.name
  }

  /** Never throws: how it ended is in the report. */
  async run(): Promise<HostReport> {
    const { progress, entry } = this.#surveyed
    if (progress === 'done' && entry !== undefined) return this.#unchanged(entry)
    const { check, limits, priority, signal, isOver } = this.#options
    try {
      // A host that waits for its ISO holds nobody up.
      if (progress === 'new') await abortable(this.#iso(), signal)
      // Nor does one that waits to be created: the hosts of one storage would take the turns of all others.
      using creation = progress === 'new' && !check ? await this.#placesToCreate(signal) : undefined
      this.#creation = creation
      using _place = await limits.hosts.take(priority, signal)
      if (isOver()) return this.#notBegun()
      return await this.#provision()
    } catch (error) {
      return signal.aborted ? this.#notBegun() : this.#failed(error, this.#options.seconds())
    }
  }

  async #provision(): Promise<HostReport> {
    const { host } = this.#surveyed
    const { check, folder, signal, redact, seconds } = this.#options
    await using log = folder === undefined ? undefined : new HostLog(folder, this.#name, redact)
    const emit = (event: ProgressEvent): void => {
      const own = { ...event, host: this.#name }
      if (event.type === 'warning' && !this.#warnings.includes(event.message))
        this.#warnings.push(event.message)
      log?.add(own)
      this.#options.emit(own)
    }
    const began = seconds()
    emit({ step: 'provision', type: 'start' })
    const about = log === undefined ? {} : { log_file: log.path }
    try {
      const logs = folder === undefined ? {} : { log_file: installLog(folder, this.#name) }
      const result = await provision(
        { ...logs, ...host.input },
        {
          check,
          signal,
          redact,
          emit,
          companions: this.#companions(),
        },
      )
      const { name: _, seconds: took, steps, ...output } = result.output
      const state = check
        ? result.changed
          ? 'planned'
          : 'unchanged'
        : result.changed
          ? 'changed'
          : 'unchanged'
      emit({ step: 'provision', type: 'end', status: state })
      return {
        name: this.#name,
        state,
        ...loginOf(output),
        ...about,
        began,
        seconds: took,
        steps: stepsOf(steps, began),
        ...this.#warned(),
        ...(this.#surveyed.progress === 'new' ? { times: took - waitedOf(steps) } : {}),
      }
    } catch (error) {
      const report = this.#failed(error, began, emit)
      log?.fail(toNciError(error))
      return { ...report, ...about }
    }
  }

  #failed(
    thrown: unknown,
    began: number,
    emit: (event: ProgressEvent) => void = (event) => this.#options.emit({ ...event, host: this.#name }),
  ): HostReport {
    const { signal, seconds, failed } = this.#options
    const error = toNciError(thrown)
    const { steps, ...details } = error.details
    // One that had failed by itself may have been cleaning up.
    const state = signal.aborted && endsOfOthers.has(error.exitCode) ? 'interrupted' : 'failed'
    if (state === 'failed') failed()
    emit({ step: 'provision', type: 'end', status: 'failed', error: error.code })
    const vm = (details.vm_kept ?? {}) as { vmid?: number; node?: string }
    return {
      name: this.#name,
      state,
      ...vm,
      began,
      seconds: Math.round((seconds() - began) * 1000) / 1000,
      steps: stepsOf((steps ?? []) as Outputs['provision']['steps'], began),
      ...this.#warned(),
      error: documentOf(error, details),
    }
  }

  #unchanged({ vmid, node, output }: NonNullable<Surveyed['entry']>): HostReport {
    const about = { step: 'provision', host: this.#name } as const
    this.#options.emit({ ...about, type: 'start' })
    this.#options.emit({ ...about, type: 'end', status: 'unchanged' })
    const began = this.#options.seconds()
    const now = this.#surveyed.node ?? node
    return { name: this.#name, state: 'unchanged', ...output, vmid, node: now, began, seconds: 0, steps: [] }
  }

  #notBegun(): HostReport {
    this.#options.emit({ step: 'provision', host: this.#name, type: 'end', status: 'skipped' })
    return { name: this.#name, state: 'not_begun', seconds: 0, steps: [] }
  }

  #warned(): { warnings?: string[] } {
    return this.#warnings.length === 0 ? {} : { warnings: this.#warnings }
  }

  #companions(): Companions {
    const { shared, resources } = this.#options
    return {
      resources,
      listings,
      iso: (node) => this.#iso(node),
      system: (context) => shared.systems.of(this.#surveyed.host, context),
      place: (step, signal, onWait) => this.#place(step, signal, onWait),
    }
  }

  #iso(node = this.#surveyed.node): Promise<string | undefined> {
    const { host, site } = this.#surveyed
    const { iso, iso_storage } = host.input
    if (iso !== undefined) return Promise.resolve(iso)
    return this.#options.shared.iso(host, node, [site.id, ...this.#ownerOf(iso_storage, node)])
  }

  /** The node of a storage, unless all nodes see the same. */
  #ownerOf(storage: string, node: string | undefined): string[] {
    const { storages } = this.#surveyed.site.cluster
    const isShared = storages.some((one) => one.storage === storage && one.shared)
    return isShared || node === undefined ? [] : [node]
  }

  async #place(step: StepId, signal: AbortSignal, onWait: () => void): Promise<Disposable> {
    const { limits, priority } = this.#options
    if (step === 'nixos.install') return limits.installs.take(priority, signal, onWait)
    // That to be created was taken before the host's turn came; where there is a VM already none is created.
    return (step === 'vm.create' ? this.#creation : undefined) ?? new DisposableStack()
  }

  /** A place on each storage that its disks are created on. */
  async #placesToCreate(signal: AbortSignal): Promise<Disposable> {
    const { input } = this.#surveyed.host
    const storages = new Set(input.disks.map(({ storage = input.storage }) => storage))
    const stack = new DisposableStack()
    try {
      // All take them in the same order, so that nobody waits for somebody who waits.
      for (const storage of [...storages].sort())
        stack.use(await this.#createsOn(storage).take(this.#options.priority, signal))
      return stack
    } catch (error) {
      stack.dispose()
      throw error
    }
  }

  #createsOn(storage: string): Places {
    const { node, site } = this.#surveyed
    const { limits, createsPerStorage } = this.#options
    const key = JSON.stringify([site.id, storage, this.#ownerOf(storage, node)])
    const places = limits.creates.get(key) ?? new Places(createsPerStorage)
    limits.creates.set(key, places)
    return places
  }
}

/** Exit codes of what is ended from outside: deadlines, signals. */
const endsOfOthers: ReadonlySet<number> = new Set([5, 130])

function loginOf(output: Partial<Outputs['provision']>): Partial<HostReport> {
  const { vmid, node, host, port, user, system, host_key } = output
  return Object.fromEntries(
    Object.entries({ vmid, node, host, port, user, system, host_key }).filter(
      ([, value]) => value !== undefined,
    ),
  )
}

/** The steps with their times since the beginning of the batch. */
function stepsOf(steps: Outputs['provision']['steps'], began: number): HostReport['steps'] {
  return steps.map((step) => ({ ...step, began: Math.round((began + step.began) * 1000) / 1000 }))
}

function waitedOf(steps: Outputs['provision']['steps']): number {
  return steps.reduce((sum, { waited = 0 }) => sum + waited, 0)
}

function documentOf(error: NciError, details: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return { ...error.toDocument(), details }
}
