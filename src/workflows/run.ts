import { type NciError, toNciError } from '../core/errors.ts'
import type { ProgressEvent, StepStatus } from '../core/events.ts'
import type { Resources } from '../core/resources.ts'
import { type RunOptions, runStep, type Success, statusOf } from '../core/run.ts'
import type { Change, Context, Inputs, ListingAge, Outputs, Step, StepId } from '../core/step.ts'
import { documents } from '../generated/commands.ts'

type Input = Inputs['provision']
type Output = Outputs['provision']

/** What a run ends with, besides its steps and times. */
export type Outcome = Omit<Output, 'name' | 'steps' | 'seconds'>

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

/** A VM that this run created; its UUID tells it from one that is given the same id later. */
export interface CreatedVm {
  readonly vmid: number
  readonly node: string
  readonly uuid?: string
}

/** What a host of a batch has in common with the others. */
export interface Companions {
  /** What lives as long as the batch: connections. */
  readonly resources: Resources
  /** How old a listing of the cluster may be. */
  readonly listings: ListingAge
  /**
   * The volume id of the ISO on a storage of this node: it is brought there once for all hosts. `undefined` in check mode,
   * where it is not known before it is there.
   */
  iso(node: string | undefined): Promise<string | undefined>
  /** The system, which is built together with those of the others; `undefined` where another machine builds it. */
  system(context: Context): Promise<Input['store_paths']>
  /** Waits for a place: so many hosts at once may take a step. */
  place(step: StepId, signal: AbortSignal, onWait: () => void): Promise<Disposable>
}

export interface WorkflowOptions {
  readonly check: boolean
  readonly signal: AbortSignal
  readonly redact: (text: string) => string
  emit(event: ProgressEvent): void
  /** In a batch. */
  readonly companions?: Companions
}

/** One run of the workflow: runs steps, keeps their times, changes and warnings. */
export class Run {
  readonly input: Input
  readonly check: boolean
  readonly context: Context
  readonly companions: Companions | undefined
  readonly warnings: string[] = []
  /** Volumes that a step ahead would put on a storage: in check mode they are not there yet. */
  readonly assumed = new Set<string>()
  /** The VM that this run created: what `on_failure: destroy` is about. */
  created: CreatedVm | undefined
  readonly #stop = new AbortController()
  readonly #options: WorkflowOptions
  readonly #resources: Resources
  readonly #began = performance.now()
  readonly #summaries = new Map<Row, Output['steps'][number]>()
  /** What each step failed of, in the order of time. */
  readonly #failures: { readonly step: Row; readonly error: unknown }[] = []
  #listings: { readonly most: number; after: number } | undefined

  constructor(input: Input, options: WorkflowOptions, signal: AbortSignal, resources: Resources) {
    this.input = input
    this.check = options.check
    this.#options = options
    this.#resources = resources
    this.companions = options.companions
    this.#listings = options.companions && { ...options.companions.listings }
    const stoppable = AbortSignal.any([signal, this.#stop.signal])
    this.context = {
      signal: stoppable,
      resources,
      assumed: this.assumed,
      listings: this.#listings,
      redact: options.redact,
      emit: (event) => this.#warn(event),
    }
  }

  /** Says something that belongs to no step. */
  warn(message: string): void {
    const event = { type: 'warning', message } as const
    this.#warn(event)
    this.#options.emit({ step: 'provision', ...event })
  }

  /** From now on no listing will do that was read before. */
  forgetListings(): void {
    if (this.#listings !== undefined) this.#listings.after = performance.now()
  }

  /** Ends what is under way: something beside it failed, and the run cannot succeed any more. */
  stop(reason: unknown): void {
    this.#stop.abort(reason)
  }

  /** Runs a step with the host's values and these; shows it in a row. */
  async step<Id extends StepId>(
    load: () => Promise<Step<Id>>,
    values: Partial<Inputs[Id]>,
    row?: Row,
  ): Promise<Outputs[Id]> {
    const step = await load()
    const input = { ...valuesFor(step.id, this.input), ...values } as unknown as Inputs[Id]
    return this.row(row ?? (step.id as Row), async (emit, waited) => {
      using _place = await this.#place(step.id, emit, waited)
      const result = await runStep(step, input, {
        ...this.#runOptions(),
        emit,
        timeout: input.timeout ?? defaultTimeout(step.id),
      })
      return { status: statusOf(result), diff: result.diff, output: result.output }
    })
  }

  /** Does something in a row of the display, with its time taken. */
  async row<Value>(
    step: Row,
    work: (
      emit: RunOptions['emit'],
      /** To be told how long it waited for others. */
      waited: (milliseconds: number) => void,
    ) => Promise<{ status: StepStatus; diff?: readonly Change[]; output: Value }>,
  ): Promise<Value> {
    const began = performance.now()
    let waited = 0
    const noteWaited = (milliseconds: number): void => {
      waited += milliseconds
    }
    this.#options.emit({ step, type: 'start' })
    try {
      const {
        status,
        diff = [],
        output,
      } = await work((event) => {
        this.#warn(event)
        this.#options.emit({ step, ...event })
      }, noteWaited)
      this.#end(step, status, { began, waited, diff })
      return output
    } catch (error) {
      // What was only cancelled, because something beside it failed, did not fail itself.
      const isCancelled =
        step !== 'nixos.build' && this.#stop.signal.aborted && error === this.#stop.signal.reason
      if (!isCancelled) this.#failures.push({ step, error })
      if (isCancelled) this.#end(step, 'skipped', { began, waited })
      else this.#end(step, 'failed', { began, waited }, toNciError(error).code)
      throw error
    }
  }

  /** A row for which there is nothing to do, or in check mode: one whose work is known without looking. */
  note(step: Row, status: 'skipped' | 'unchanged' | 'planned', diff: readonly Change[] = []): void {
    this.#options.emit({ step, type: 'start' })
    this.#end(step, status, { began: performance.now(), diff })
  }

  success(output: Outcome): Success<Output> {
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
    // A creation that failed when the VM was there already.
    this.created ??= error.details.created as CreatedVm | undefined
    const steps = this.#steps()
    const failedStep = this.#failures.find((failure) => failure.error === thrown)?.step
    const kept = this.created !== undefined && !(await this.#destroyed(error))
    const details = {
      name: this.input.name,
      ...(failedStep === undefined ? {} : { failed_step: failedStep }),
      ...(kept ? { vm_kept: { vmid: this.created?.vmid, node: this.created?.node } } : {}),
      steps,
    }
    return Object.assign(error.withDetails(details), { warnings: this.warnings })
  }

  /** An interrupted run is meant to be carried on: only failures destroy. */
  async #destroyed(error: NciError): Promise<boolean> {
    if (this.input.on_failure !== 'destroy' || this.created === undefined || error.code === 'INTERRUPTED')
      return false
    if (await this.#isSomebodyElses(this.created)) return false
    const { vmDestroy } = await import('../steps/vm/destroy.ts')
    const { name: _, ...values } = valuesFor('vm.destroy', this.input)
    const { uuid, ...reference } = this.created
    const expected = uuid === undefined ? {} : { expected_uuid: uuid }
    const input = { ...values, ...reference, ...expected, stop: true, force: false, unreferenced: false }
    const options = { ...this.#runOptions(), signal: AbortSignal.timeout(120_000), emit: () => undefined }
    try {
      const { output } = await runStep(vmDestroy, input as Inputs['vm.destroy'], options)
      return output.existed
    } catch (reason) {
      this.warnings.push(`VM ${this.created.vmid} could not be destroyed: ${toNciError(reason).message}`)
      return false
    }
  }

  /** Another run, from another machine, may be installing what this one created, or be done with it. */
  async #isSomebodyElses(vm: CreatedVm): Promise<boolean> {
    const [{ connectProxmox }, { readVm }, { readNote }, { ownEngine }] = await Promise.all([
      import('../proxmox/client.ts'),
      import('../proxmox/vms.ts'),
      import('../proxmox/ownership.ts'),
      import('../steps/nixos/engine.ts'),
    ])
    const signal = AbortSignal.timeout(30_000)
    const client = connectProxmox(this.input, this.context).with(signal)
    try {
      const note = readNote((await readVm(client, { ...vm, name: this.input.name })).current)
      const isBusy = note?.engine !== undefined && note.engine !== ownEngine()
      return note?.installed !== undefined || isBusy
    } catch {
      // Destroying it tells what is wrong.
      return false
    }
  }

  #runOptions(): Omit<RunOptions, 'emit'> {
    const { check, context } = this
    const { signal, redact } = context
    return {
      check,
      signal,
      redact,
      resources: this.#resources,
      assumed: this.assumed,
      listings: this.#listings,
      preflighted: !check,
    }
  }

  #warn(event: { readonly type: string; readonly message?: string }): void {
    if (event.type !== 'warning' || event.message === undefined || this.warnings.includes(event.message))
      return
    this.warnings.push(event.message)
  }

  /** Waits, in a batch, until so few others take the step that this one may. */
  async #place(
    step: StepId,
    emit: RunOptions['emit'],
    waited: (milliseconds: number) => void,
  ): Promise<Disposable | undefined> {
    if (this.companions === undefined || this.check) return undefined
    const began = performance.now()
    const onWait = (): void => emit({ type: 'phase', phase: 'waiting for a place' })
    const place = await this.companions.place(step, this.context.signal, onWait)
    waited(performance.now() - began)
    return place
  }

  #end(
    step: Row,
    status: StepStatus,
    { began, waited = 0, diff = [] }: { began: number; waited?: number; diff?: readonly Change[] },
    error?: string,
  ): void {
    this.#summaries.set(step, {
      step,
      status,
      seconds: this.#seconds(began),
      began: Math.round(began - this.#began) / 1000,
      ...(waited >= 1 ? { waited: Math.round(waited) / 1000 } : {}),
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

/** Those of the host's values that a step's document knows. */
export function valuesFor(id: StepId, input: Input): Record<string, unknown> {
  const values: Readonly<Record<string, unknown>> = { ...input }
  const names = documents[id].properties.map(({ name }) => name).filter((name) => name !== 'timeout')
  return Object.fromEntries(
    names.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])),
  )
}

/** Seconds that a step may take where nothing else was said: nothing waits for ever. */
export function defaultTimeout(id: StepId): number | undefined {
  const value = documents[id].properties.find(({ name }) => name === 'timeout')?.default
  return typeof value === 'number' ? value : undefined
}
