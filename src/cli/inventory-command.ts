import type { Interfaces } from '@oclif/core'
import { NciError } from '../core/errors.ts'
import { over } from '../core/precedence.ts'
import type { Success } from '../core/run.ts'
import { validate } from '../core/validate.ts'
import { documents } from '../generated/commands.ts'
import type { DocumentId } from '../generated/types.ts'
import {
  DocumentCommand,
  describeDocument,
  documentNote,
  examplesOf,
  type Invocation,
  withGetters,
} from './document-command.ts'
import { inHelpOrder } from './flag-groups.ts'
import { flagValues } from './flag-values.ts'
import { commonFlags, documentFlags, flaggedProperties, flagName, plainCommand } from './flags.ts'
import { mergeInput, readDocument } from './input.ts'

/** The documents that are about all hosts of an inventory. */
type ManyId = 'batch' | 'teardown'

/**
 * A command for one host, and with `--inventory` (the flag, or the property of the document) for all hosts of an
 * inventory. Then it takes another document; the flags that belong to a host become `values`, which are for every host.
 */
export abstract class InventoryCommand<One extends DocumentId, Many extends ManyId> extends DocumentCommand<
  One | Many
> {
  /** Set by {@link describeInventoryCommand}. */
  static readonly inventoryId: ManyId
  /** Until the document is read, the command line tells. */
  #isMany = this.argv.some((word) => word === '--inventory' || word.startsWith('--inventory='))

  abstract workOne(invocation: Invocation<One>): Promise<Success<unknown>>
  abstract workMany(invocation: Invocation<Many>): Promise<Success<unknown>>

  /** It is about the hosts of an inventory. */
  override get isMany(): boolean {
    return this.#isMany
  }

  /** A person reads stdout, who wants no document. */
  get isForPeople(): boolean {
    return process.stdout.isTTY && !this.argv.includes('--json')
  }

  override get documentId(): One | Many {
    return this.#isMany ? this.#manyId : super.documentId
  }

  get #manyId(): Many {
    return (this.ctor as typeof InventoryCommand).inventoryId as Many
  }

  protected override async gather(
    flags: Readonly<Record<string, unknown>>,
    file: string | undefined,
  ): Promise<Record<string, unknown>> {
    const given = file === undefined ? {} : await readDocument(this.documentId, file)
    this.#isMany ||= 'inventory' in given
    const id = this.documentId
    this.#assertFitting(flags)
    const own = mergeInput(id, { flags: flagValues(id, flags), document: given, environment: process.env })
    if (!this.#isMany) return own
    const values = over((own.values ?? {}) as Record<string, unknown>, this.#hostValues(flags))
    this.keepSecrets('provision', values)
    return Object.keys(values).length === 0 ? own : { ...own, values }
  }

  async work(invocation: Invocation<One | Many>): Promise<Success<unknown>> {
    if (!this.#isMany) return this.workOne(invocation as unknown as Invocation<One>)
    const { values } = invocation.input as { readonly values?: Readonly<Record<string, unknown>> }
    if (values !== undefined) await assertValues(values)
    return this.workMany(invocation as unknown as Invocation<Many>)
  }

  /** Flags that only the document of one host has, as values for every host. */
  #hostValues(flags: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const own = new Set(documents[this.#manyId].properties.map(({ name }) => name))
    const values = flagValues(super.documentId, flags)
    return Object.fromEntries(Object.entries(values).filter(([name]) => !own.has(name)))
  }

  /** @throws {NciError} `USAGE` for flags of the other document that mean nothing here */
  #assertFitting(flags: Readonly<Record<string, unknown>>): void {
    const one = super.documentId
    const help = `nci ${plainCommand(one)} --help`
    const known = new Set(flaggedProperties(one).map(flagName))
    for (const name of Object.keys(flags)) {
      if (!this.#isMany && !known.has(name))
        throw new NciError('USAGE', { reason: `--${name} is of use with --inventory only`, help })
      if (this.#isMany && isForOne(this.#manyId, name)) {
        const reason = `--${name} is for one host: with --inventory, --limit says which hosts are meant`
        throw new NciError('USAGE', { reason, help })
      }
    }
  }
}

/**
 * A flag that no two hosts can share, or that no host of an inventory has. The node of a host is where its VM was created:
 * to a tear-down it says nothing.
 */
function isForOne(id: ManyId, flag: string): boolean {
  if (['name', 'vmid', ...(id === 'teardown' ? ['node'] : [])].includes(flag)) return true
  return ![...flaggedProperties(id), ...flaggedProperties('provision')].some(
    (property) => flagName(property) === flag,
  )
}

/**
 * A mistake in a value for every host is told once, and not of every host.
 *
 * @throws {NciError} `INPUT_INVALID`
 */
async function assertValues(values: Readonly<Record<string, unknown>>): Promise<void> {
  await validate('provision', { name: 'host', flake: '.#host', ...structuredClone(values) })
}

/** Gives a command what {@link describeDocument} does, of both of its documents. */
export function describeInventoryCommand<Class extends object>(
  one: DocumentId,
  many: ManyId,
  command: Class,
): Class {
  return withGetters(describeDocument(one, command), {
    inventoryId: () => many,
    summary: () => `${documents[one].summary} With --inventory: for many hosts.`,
    description:
      () => `With \`--inventory\` it is about the hosts of an Ansible inventory, and takes another document.
${documents[many].summary}
The flags of a host are then values for every host, and win over those of the inventory.

${[`\`nci schema ${one}\` and \`nci schema ${many}\` describe the documents.`, ...documentNote(one)].join('\n\n')}`,
    examples: () => [...examplesOf(one), ...examplesOf(many)],
    usage: () => [
      `${plainCommand(one)} [--input FILE] [FLAGS]`,
      `${plainCommand(many)} --inventory PATH [--limit PATTERN] [FLAGS]`,
    ],
    flags: () => inHelpOrder({ ...inventoryFlags(many), ...bothFlags(one, many), ...commonFlags }),
  })
}

function inventoryFlags(many: ManyId): Interfaces.FlagInput {
  return Object.fromEntries(
    Object.entries(documentFlags(many)).map(([name, flag]) => [name, { ...flag, helpGroup: 'INVENTORY' }]),
  )
}

/** The flags of one host; where the inventory's document has another default, that is said. */
function bothFlags(one: DocumentId, many: ManyId): Interfaces.FlagInput {
  const defaults = new Map(documents[many].properties.map((property) => [property.name, property.default]))
  const flags = documentFlags(one)
  for (const property of flaggedProperties(one)) {
    const flag = flags[flagName(property)]
    if (flag === undefined || !defaults.has(property.name)) continue
    const other = defaults.get(property.name)
    if (other === property.default) continue
    const note = `With --inventory: ${other === undefined ? 'no default' : other}.`
    flags[flagName(property)] = { ...flag, description: `${flag.description} ${note}` }
  }
  return flags
}
