import { toNciError } from '../../core/errors.ts'
import type { ProgressEvent, StepEvent } from '../../core/events.ts'
import { Places } from '../../core/places.ts'
import type { Resources } from '../../core/resources.ts'
import { runStep, statusOf } from '../../core/run.ts'
import type { Context, Inputs, ListingAge, Outputs, Step, StepId } from '../../core/step.ts'
import { withIsoProperty } from '../iso.ts'
import { defaultTimeout, valuesFor } from '../run.ts'
import type { Host } from './conflicts.ts'
import { SharedSystems } from './shared-systems.ts'

type Shared = NonNullable<Outputs['batch']['shared']>[number]
export interface SharedOptions {
  readonly check: boolean
  readonly signal: AbortSignal
  readonly resources: Resources
  readonly listings: ListingAge
  readonly uploads_per_node: number
  redact(text: string): string
  emit(event: ProgressEvent): void
  /** Seconds since the batch began. */
  seconds(): number
}

/** What hosts of a batch have in common, done once: ISOs, uploads, one build of all systems. */
export class SharedWork implements AsyncDisposable {
  readonly #options: SharedOptions
  readonly #done: Shared[] = []
  readonly #isos = new Map<string, Promise<Outputs['iso.download']>>()
  readonly #uploads = new Map<string, Promise<string | undefined>>()
  /** How many hosts need an ISO, or its upload. */
  readonly #hosts = new Map<string, number>()
  readonly #uploadPlaces = new Map<string, Places>()
  readonly #stop = new AbortController()
  readonly #signal: AbortSignal
  /** The systems of the hosts, which are built together. */
  readonly systems: SharedSystems

  constructor(options: SharedOptions) {
    this.#options = options
    this.#signal = AbortSignal.any([options.signal, this.#stop.signal])
    this.systems = new SharedSystems(async (title, hosts, build) => {
      this.#signal.throwIfAborted()
      const count = (): number => hosts
      await this.#work('nixos.build', title, count, (emit) => build(this.#context(emit)))
    })
  }

  /** What was done, for the report. */
  get done(): readonly Shared[] {
    return this.#done
  }

  /**
   * The volume id of a host's ISO on its storage. In check mode `undefined` where its name is not known yet.
   *
   * @param place what tells the storage apart: the cluster, and the node where each has its own
   * @throws {NciError} those of `iso.download` and `iso.upload`
   */
  iso({ input }: Host, node: string | undefined, place: readonly string[]): Promise<string | undefined> {
    const source = JSON.stringify(valuesFor('iso.download', input))
    const key = JSON.stringify([place, input.iso_storage, source])
    for (const one of [source, key]) this.#hosts.set(one, (this.#hosts.get(one) ?? 0) + 1)
    let volid = this.#uploads.get(key)
    if (volid === undefined) {
      volid = this.#provide(input, node, key)
      // Whoever needs it gets the error.
      volid.catch(() => undefined)
      this.#uploads.set(key, volid)
    }
    return volid
  }

  /** Nobody needs any of it any more: ends what is under way, and waits for that. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new Error('the batch is over'))
    await Promise.allSettled([...this.#isos.values(), ...this.#uploads.values(), this.systems.settled()])
  }

  async #provide(
    input: Inputs['provision'],
    node: string | undefined,
    key: string,
  ): Promise<string | undefined> {
    const { check } = this.#options
    const file = await this.#download(input)
    if (check && (file.path === undefined || !(await exists(file.path)))) return undefined
    const places = this.#places(node ?? '')
    using _place = await places.take(0, this.#signal)
    const uploading = this.#step(
      async () => (await import('../../steps/iso/upload.ts')).isoUpload,
      {
        ...valuesFor('iso.upload', input),
        path: file.path,
        // In check mode that of a file yet to be downloaded is not the one of the file that is there.
        ...(file.sha256 === undefined || (check && file.downloaded !== false)
          ? {}
          : { checksum: file.sha256 }),
        via: 'engine',
        storage: input.iso_storage,
        ...(node === undefined ? {} : { node }),
        replace: false,
      } as Inputs['iso.upload'],
      `${file.name ?? 'installer'} to ${input.iso_storage}${node === undefined ? '' : ` of ${node}`}`,
      key,
    )
    return (await withIsoProperty(uploading)).volid
  }

  #download(input: Inputs['provision']): Promise<Outputs['iso.download']> {
    const values = valuesFor('iso.download', input)
    const key = JSON.stringify(values)
    let iso = this.#isos.get(key)
    if (iso === undefined) {
      iso = this.#step(
        async () => (await import('../../steps/iso/download.ts')).isoDownload,
        values as unknown as Inputs['iso.download'],
        `installer ${input.iso_path === undefined ? `for ${input.architecture}` : input.iso_path}`,
        key,
      )
      iso.catch(() => undefined)
      this.#isos.set(key, iso)
    }
    return iso
  }

  #places(node: string): Places {
    const places = this.#uploadPlaces.get(node) ?? new Places(this.#options.uploads_per_node)
    this.#uploadPlaces.set(node, places)
    return places
  }

  /** Runs a step for all that need it, in a row of its own. */
  async #step<Id extends StepId>(
    load: () => Promise<Step<Id>>,
    input: Inputs[Id],
    title: string,
    key: string,
  ): Promise<Outputs[Id]> {
    const step = await load()
    let output: Outputs[Id] | undefined
    const hosts = (): number => this.#hosts.get(key) ?? 0
    await this.#work(step.id, title, hosts, async (emit) => {
      const { check, redact, resources, listings } = this.#options
      const result = await runStep(step, input, {
        ...{ check, redact, resources, listings, emit },
        signal: this.#signal,
        timeout: defaultTimeout(step.id),
      })
      output = result.output
      return statusOf(result)
    })
    return output as Outputs[Id]
  }

  async #work(
    step: string,
    title: string,
    hosts: () => number,
    work: (emit: (event: StepEvent) => void) => Promise<Shared['status']>,
  ): Promise<void> {
    const { emit, seconds } = this.#options
    const began = seconds()
    const about = { step, shared: title }
    const note = (status: Shared['status'], error?: unknown): void => {
      this.#done.push({
        step,
        title,
        status,
        began,
        seconds: Math.max(0, Math.round((seconds() - began) * 1000) / 1000),
        hosts: hosts(),
        ...(error === undefined ? {} : { error: { ...toNciError(error).toDocument() } }),
      })
    }
    emit({ ...about, type: 'start' })
    try {
      const status = await work((event) => emit({ ...about, ...event }))
      note(status)
      emit({ ...about, type: 'end', status })
    } catch (error) {
      // It did not fail: nobody needs it any more.
      if (this.#stop.signal.aborted && !this.#options.signal.aborted) {
        note('skipped')
        emit({ ...about, type: 'end', status: 'skipped' })
        throw error
      }
      note('failed', error)
      emit({ ...about, type: 'end', status: 'failed', error: toNciError(error).code })
      throw error
    }
  }

  #context(emit: (event: StepEvent) => void): Context {
    const { check, resources, listings, redact } = this.#options
    return { check, signal: this.#signal, resources, listings, redact, emit, assumed: new Set() }
  }
}

async function exists(file: string): Promise<boolean> {
  const { existsSync } = await import('node:fs')
  return existsSync(file)
}
