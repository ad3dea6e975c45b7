import { isNciError, NciError } from '../../core/errors.ts'
import type { StepEvent } from '../../core/events.ts'
import { environmentValues, over } from '../../core/precedence.ts'
import type { Inputs } from '../../core/step.ts'
import { type Mistake, validate } from '../../core/validate.ts'
import {
  documentMaker,
  type HostDocument,
  misspelt,
  mistakeError,
  ownPrefixes,
  wantedVariables,
} from '../../inventory/host-document.ts'
import type { InventoryHost } from '../../inventory/inventory.ts'
import { readInventory } from '../../inventory/read.ts'

/** The part of a document that says which hosts: `inventory`, `limit`, … `values`. */
export type HostsInput = Pick<
  Inputs['inventory'],
  'inventory' | 'limit' | 'inventory_reader' | 'vault_password_file' | 'ansible_playbook' | 'values'
>

/** A host of an inventory, and what the engine is to do with it. */
export interface BatchHost {
  /** Its name in the inventory. */
  readonly name: string
  /** Its groups by name, without `all` and `ungrouped`. */
  readonly groups: readonly string[]
  /** Its document for `provision`, as the sources make it; not yet checked, and with its secrets. */
  readonly document: Record<string, unknown>
  /** The same, checked, defaults filled in. Absent where there are problems. */
  readonly input?: Inputs['provision']
  /** What is wrong with it; each names the host. */
  readonly problems: readonly NciError[]
  /** Properties that the document lacks, whole or in part, because of the problems; `*` where it may be any. */
  readonly lacking: ReadonlySet<string>
}

export interface ReadOptions {
  readonly signal: AbortSignal
  emit(event: StepEvent): void
  readonly redact: (text: string) => string
  /** Registers the secrets of a host's document, before anything of it can be shown. */
  keepSecret(document: Record<string, unknown>): void
}

export interface ReadHosts {
  readonly reader: 'ansible' | 'yaml'
  /** In the order of the inventory. */
  readonly hosts: readonly BatchHost[]
}

/**
 * The hosts of an inventory with their documents. Where values come from, the strongest first: `values`, the inventory, the
 * environment, the defaults. Paths in them are relative to where this program was started, as they are for the role.
 * Mistakes of single hosts are in their `problems`.
 *
 * @throws {NciError} where there are no hosts at all: `INVENTORY_NOT_FOUND`, `INVENTORY_UNREADABLE`, `INVENTORY_EMPTY`,
 *   `INVENTORY_NEEDS_ANSIBLE`, `LIMIT_INVALID`, `LIMIT_NO_MATCH`
 */
export async function readHosts(input: HostsInput, options: ReadOptions): Promise<ReadHosts> {
  const warnings: string[] = []
  const { reader, hosts, others } = await readInventory(input, {
    variables: wantedVariables,
    prefixes: ownPrefixes,
    signal: options.signal,
    warn: (message) => warnings.push(message),
  }).catch((error: unknown) => {
    // They may well say why.
    for (const message of warnings) options.emit({ type: 'warning', message })
    throw error instanceof NciError ? Object.assign(error, { warnings }) : error
  })
  const makeDocument = await documentMaker()
  const environment = environmentValues('provision', process.env)
  const values = input.values ?? {}
  const documents = hosts.map((host) => {
    const made = makeDocument(host)
    const document = over(over(environment, made.document), values)
    options.keepSecret(document)
    return { host, ...made, document }
  })
  // Ansible's warnings may quote values: now the secrets among them are known.
  for (const message of [
    ...warnings,
    ...misspelt(
      others,
      hosts.map(({ variables }) => variables),
    ),
  ])
    options.emit({ type: 'warning', message })
  return { reader, hosts: await Promise.all(documents.map((one) => check(one, values))) }
}

async function check(
  { host, document, lacking, problems }: HostDocument & { readonly host: InventoryHost },
  values: Readonly<Record<string, unknown>>,
): Promise<BatchHost> {
  const { name, groups } = host
  const input = structuredClone(document)
  const mistakes = (await mistakesIn(input)).filter(({ pointer }) => {
    const property = pointer.split('/')[1]
    // What could not be had is missing for that reason.
    const blamed = property === undefined ? ['flake', 'store_paths'] : [property]
    return ![...blamed, '*'].some((one) => lacking.has(one))
  })
  const all = [
    ...problems,
    ...mistakes.map((mistake) => {
      const property = mistake.pointer.split('/')[1] ?? ''
      return mistakeError(host, mistake, property in values ? `values.${property}` : undefined)
    }),
  ]
  const checked = all.length === 0 ? { input: input as unknown as Inputs['provision'] } : {}
  return { name, groups, document, ...checked, problems: all, lacking }
}

/** Checks a document and fills in its defaults. */
async function mistakesIn(document: Record<string, unknown>): Promise<readonly Mistake[]> {
  try {
    await validate('provision', document)
    return []
  } catch (error) {
    if (!isNciError(error, 'INPUT_INVALID')) throw error
    return error.details.mistakes as readonly Mistake[]
  }
}
