import { Command } from '@oclif/core'
import { NciError } from '../core/errors.ts'
import type { ProgressEvent } from '../core/events.ts'
import { protocol } from '../core/protocol.ts'
import { Redactor } from '../core/redact.ts'
import { type Failure, failure, type Success } from '../core/run.ts'
import { validate } from '../core/validate.ts'
import { documents } from '../generated/commands.ts'
import type { DocumentId, Inputs } from '../generated/types.ts'
import { inHelpOrder } from './flag-groups.ts'
import { flagValues } from './flag-values.ts'
import { commonFlags, documentFlags, documentOnly, flagName, plainCommand } from './flags.ts'
import { gatherInput } from './input.ts'
import { printDocument, printOutcome } from './output.ts'
import { chooseRenderer, type ProgressKind } from './progress/choose.ts'
import type { Renderer } from './progress/renderer.ts'
import { registerSecrets } from './secrets.ts'
import { abortOnSignals } from './signals.ts'
import { usageError } from './usage.ts'

/** What a command's work may use. */
export interface Invocation<Id extends DocumentId> {
  readonly input: Inputs[Id]
  readonly check: boolean
  /** The user wants the document in any case. */
  readonly json: boolean
  readonly signal: AbortSignal
  readonly renderer: Renderer
  /** Shows an event, its secrets masked. */
  emit(event: ProgressEvent): void
  redact(text: string): string
  /** The same value, the secrets in it masked. */
  mask<Value>(value: Value): Value
  /** Registers the secrets of another document, before anything of it can be shown. */
  keepSecrets(id: DocumentId, document: unknown): void
}

/**
 * A command that takes one JSON document and ends with one: from flags, the input document and the environment to the
 * result on stdout, also where it fails or is interrupted.
 */
export abstract class DocumentCommand<Id extends DocumentId> extends Command {
  static override enableJsonFlag = false
  /** Set by {@link describeDocument}. */
  static readonly documentId: DocumentId

  abstract work(invocation: Invocation<Id>): Promise<Success<unknown>>
  readonly #redactor = new Redactor()

  get documentId(): Id {
    return (this.ctor as typeof DocumentCommand).documentId as Id
  }

  /** It is about many hosts. */
  get isMany(): boolean {
    return false
  }

  /** What is printed of a success: the document. */
  async print(result: Success<unknown>, _invocation: Invocation<Id>): Promise<void> {
    await printDocument(result)
  }

  /** What is printed of a failure: the document. */
  async printFailure(document: Failure): Promise<void> {
    await printDocument(document)
  }

  /** The input as its sources make it, not yet checked. @param flags as they were given, by name */
  protected gather(
    flags: Readonly<Record<string, unknown>>,
    file: string | undefined,
  ): Promise<Record<string, unknown>> {
    const id = this.documentId
    return gatherInput(id, { flags: flagValues(id, flags), input: file, environment: process.env })
  }

  protected keepSecrets(id: DocumentId, document: unknown): void {
    registerSecrets(id, document, this.#redactor)
  }

  override async run(): Promise<void> {
    const signal = abortOnSignals(() => this.documentId)
    const { flags } = await this.parse()
    const {
      input: file,
      check,
      json,
      progress,
      protocol: wanted,
      ...given
    } = flags as Record<string, unknown>
    assertProtocol(wanted)
    const document = await this.gather(given, file as string | undefined)
    this.keepSecrets(this.documentId, document)
    await validate(this.documentId, document)
    const renderer = await chooseRenderer(progress as ProgressKind, { batch: this.isMany })
    const invocation: Invocation<Id> = {
      input: document as unknown as Inputs[Id],
      check: check === true,
      json: json === true,
      signal,
      renderer,
      emit: (event) => renderer.event(this.#redactor.value(event)),
      redact: (text) => this.#redactor.text(text),
      mask: (value) => this.#redactor.value(value),
      keepSecrets: (id, other) => this.keepSecrets(id, other),
    }
    const result = this.#redactor.value(await this.work(invocation).finally(() => renderer.end()))
    await printOutcome(result, () => this.print(result, invocation))
  }

  override async catch(error: unknown): Promise<void> {
    const thrown = usageError(error, this.id ?? this.documentId)
    if (process.env.NCI_DEBUG) process.stderr.write(`${this.#redactor.text(stackOf(thrown))}\n`)
    const document = this.#redactor.value(failure(this.documentId, thrown))
    process.exitCode = thrown instanceof NciError ? thrown.exitCode : 1
    await printOutcome(document, () => this.printFailure(document))
  }
}

/**
 * Gives a command the flags, summary and examples of its document's schema. As enumerable getters: oclif copies them
 * when the manifest is made, and at run time only the command that is run works them out.
 */
export function describeDocument<Class extends object>(id: DocumentId, command: Class): Class {
  const getters = {
    documentId: () => id,
    summary: () => documents[id].summary || documents[id].title,
    description: () =>
      [
        `Takes one JSON document and prints one; \`nci schema ${id}\` describes both.`,
        ...documentNote(id),
      ].join('\n\n'),
    examples: () => examplesOf(id),
    usage: () => `${documents[id].command} [--input FILE] [FLAGS]`,
    flags: () => inHelpOrder({ ...documentFlags(id), ...commonFlags }),
  }
  return withGetters(command, getters)
}

export function withGetters<Class extends object>(
  command: Class,
  getters: Readonly<Record<string, () => unknown>>,
): Class {
  for (const [name, get] of Object.entries(getters)) {
    Object.defineProperty(command, name, { get, enumerable: true, configurable: true })
  }
  return command
}

/** What has no flag, for the help page. */
export function documentNote(id: DocumentId): string[] {
  const names = documentOnly(id)
  return names.length === 0 ? [] : [`Only in the document: ${names.join(', ')}.`]
}

/** The examples of a document, as the help shows them. */
export function examplesOf(id: DocumentId): string[] {
  return documents[id].examples.map(({ title, input }) => `# ${title}\n${exampleLine(id, input)}`)
}

/** An example as a command line: with flags where all its values are scalars, else with a document. */
function exampleLine(id: DocumentId, input: Readonly<Record<string, unknown>>): string {
  const command = `nci ${plainCommand(id)}`
  const scalar = Object.values(input).every((value) => typeof value !== 'object')
  if (!scalar) return `echo '${JSON.stringify(input)}' | ${command} --input -`
  const flags = documents[id].properties.flatMap((property) => {
    const value = input[property.name]
    if (value === undefined) return []
    const name = flagName(property)
    return typeof value === 'boolean'
      ? [value ? `--${name}` : `--no-${name}`]
      : [`--${name} ${String(value)}`]
  })
  return [command, ...flags].join(' ')
}

/** @throws {NciError} `PROTOCOL_MISMATCH` */
function assertProtocol(wanted: unknown): void {
  if (wanted === undefined || wanted === String(protocol)) return
  throw new NciError('PROTOCOL_MISMATCH', { wanted: String(wanted), protocol })
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause === undefined ? '' : `\ncaused by ${stackOf(error.cause)}`
  return `${error.stack ?? error.message}${cause}`
}
