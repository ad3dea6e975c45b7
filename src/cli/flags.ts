import { Flags, type Interfaces } from '@oclif/core'
import { documents, type PropertyInfo } from '../generated/commands.ts'
import type { DocumentId } from '../generated/types.ts'
import { flagGroup } from './flag-groups.ts'
import { progressKinds } from './progress/choose.ts'

/** Flags of every command that ends with a document. */
export const commonFlags = {
  input: Flags.string({
    char: 'i',
    helpValue: 'FILE',
    description: 'JSON document with the input; `-` reads standard input. Flags win over it.',
    helpGroup: 'RUN',
  }),
  check: Flags.boolean({ description: 'Say what would change; change nothing.', helpGroup: 'RUN' }),
  json: Flags.boolean({
    description: 'Print the JSON document also where a summary would be printed.',
    helpGroup: 'RUN',
  }),
  progress: Flags.option({ options: progressKinds })({
    description: 'How progress is shown on stderr.',
    default: 'auto',
    helpGroup: 'RUN',
  }),
  protocol: Flags.string({
    helpValue: 'NUMBER',
    description: 'Refuse to run unless the documents are of this version: for programs that call this one.',
    helpGroup: 'RUN',
  }),
}

/** The words of the command that takes a document, without the flag that may choose the document: `vm destroy`. */
export function plainCommand(id: DocumentId): string {
  return documents[id].command.replace(/ --.*/, '')
}

/** A flag for every scalar property of a document. Secrets are read from files, never from the command line. */
export function documentFlags(id: DocumentId): Interfaces.FlagInput {
  return Object.fromEntries(
    flaggedProperties(id).map((property) => [flagName(property), flagOf(id, property)] as const),
  )
}

/** The properties that flags give. A secret has none where a property of its own already names the file. */
export function flaggedProperties(id: DocumentId): readonly PropertyInfo[] {
  const { properties } = documents[id]
  const names = new Set(properties.map(({ name }) => name))
  return properties.filter(
    ({ name, type, secret }) => type !== 'json' && !(secret && names.has(`${name}_file`)),
  )
}

/** The properties that only a document can give: lists and objects. */
export function documentOnly(id: DocumentId): string[] {
  return documents[id].properties.filter(({ type }) => type === 'json').map(({ name }) => name)
}

/** `api_host` is `--api-host`; the secret `api_password` is `--api-password-file`. */
export function flagName({ name, secret }: Pick<PropertyInfo, 'name' | 'secret'>): string {
  return `${name.replaceAll('_', '-')}${secret ? '-file' : ''}`
}

function flagOf(id: DocumentId, property: PropertyInfo): Interfaces.FlagInput[string] {
  const common = { description: describe(property), helpGroup: flagGroup(id, property.name) }
  if (property.secret) return Flags.string({ ...common, helpValue: 'FILE' })
  switch (property.type) {
    case 'boolean':
      // What says no already has no other side: `--no-no-disko-deps` is nothing that one would look for.
      return Flags.boolean({ ...common, allowNo: !property.name.startsWith('no_') })
    case 'integer':
    case 'number':
      return Flags.string({ ...common, helpValue: 'NUMBER' })
    default:
      return Flags.string({ ...common, helpValue: property.options?.join('|') ?? 'TEXT' })
  }
}

function describe({ description, secret, environment, default: fallback }: PropertyInfo): string {
  const notes = [
    secret ? 'The file holds it alone.' : '',
    fallback === undefined ? '' : `Default: ${fallback}.`,
    environment.length === 0 ? '' : `Environment: ${environment.join(', ')}.`,
  ]
  return [description, ...notes.filter((note) => note !== '')].join(' ')
}
