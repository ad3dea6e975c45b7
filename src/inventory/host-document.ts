import { NciError } from '../core/errors.ts'
import { closest, type Mistake } from '../core/validate.ts'
import { inventoryVariables } from '../generated/inventory.ts'
import { coerce, isDictionary, type ValueSchema } from './coerce.ts'
import { vaultHint } from './hints.ts'
import type { InventoryHost, VariableProblem } from './inventory.ts'

/** The variables that make a host's document: those of the role `nixos.cloud_init_installer.provision`. */
export const wantedVariables: readonly string[] = [
  'nixos_vm',
  'nixos_vm_defaults',
  'nixos_provision_log_dir',
  ...Object.keys(inventoryVariables),
]

/** How they begin that a misspelt one is looked for among; those of others begin so too. */
export const ownPrefixes = ['nixos_vm', 'proxmox_'] as const

/** Characters of a name that may be wrong: with more of them it is another name. */
const mostWrong = 2

/**
 * What is told of variables that are none of {@link wantedVariables}, where they may have been meant to be: a host lacks
 * that one. Beside the right one they are somebody's own, as `nixos_vmid` for a part of `nixos_vm`.
 *
 * @param hosts the variables that each host has
 */
export function misspelt(
  names: readonly string[],
  hosts: readonly Readonly<Record<string, unknown>>[],
): string[] {
  return names.flatMap((name) => {
    const meant = closest(name, wantedVariables, mostWrong)
    return meant === undefined || hosts.every((variables) => variables[meant] !== undefined)
      ? []
      : [`The variable \`${name}\` means nothing here: did you mean \`${meant}\`?`]
  })
}

/** What the inventory says of a host, as the role would hand it to the engine. */
export interface HostDocument {
  /** A document for `provision`, not yet checked. */
  readonly document: Record<string, unknown>
  /** Properties that the document lacks, whole or in part, because of the problems; `*` where it may be any. */
  readonly lacking: ReadonlySet<string>
  readonly problems: readonly NciError[]
}

/** Makes the document of hosts; their schemas are read when it is made. */
export async function documentMaker(): Promise<(host: InventoryHost) => HostDocument> {
  const { schemas } = await import('../generated/schemas.ts')
  const { provision, host } = schemas as unknown as {
    readonly provision: { readonly input: ValueSchema }
    readonly host: ValueSchema
  }
  return (one) => makeDocument(one, provision.input, Object.keys(host.properties ?? {}))
}

function makeDocument(host: InventoryHost, schema: ValueSchema, names: readonly string[]): HostDocument {
  const { variables } = host
  const relevant = host.problems.filter((problem) => counts(problem, host))
  const problems = relevant.map((one) => toError(host, one))
  const wrong = (variable: string, reason: string): void => {
    problems.push(valueError(host, variable, reason, host.origins[variable.split('.')[0] ?? '']))
  }
  const lacking = new Set(relevant.map(propertyOf))
  const dictionary = (name: string): Record<string, unknown> => {
    const value = variables[name]
    if (!value) return {}
    if (isDictionary(value)) return value
    wrong(name, 'it is no dictionary')
    lacking.add('*')
    return {}
  }
  const values = combine(dictionary('nixos_vm_defaults'), dictionary('nixos_vm'))
  for (const name of Object.keys(values).filter((one) => !names.includes(one))) {
    delete values[name]
    wrong(partOf(host, name), whereItBelongs(name, names))
  }
  const direct = Object.entries(inventoryVariables).map(
    ([variable, property]) => [property, variables[variable]] as const,
  )
  const given = Object.fromEntries(
    Object.entries({ name: host.name, ...logFile(host), ...Object.fromEntries(direct), ...values })
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]) => [name, coerce(schema.properties?.[name], value)]),
  )
  return { document: given, lacking, problems }
}

function propertyOf({ variable = '' }: VariableProblem): string {
  const [, name] = /^nixos_vm(?:_defaults)?\.([^.[]+)/.exec(variable) ?? []
  return name ?? inventoryVariables[variable] ?? '*'
}

/** As the filter `combine(recursive=true)`: dictionaries are combined, all else is replaced. */
function combine(
  weaker: Readonly<Record<string, unknown>>,
  stronger: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const both = { ...weaker }
  for (const [name, value] of Object.entries(stronger)) {
    const known = both[name]
    both[name] = isDictionary(known) && isDictionary(value) ? combine(known, value) : value
  }
  return both
}

/** What is wrong with a default matters only where the host has no value of its own. */
function counts({ variable = '' }: VariableProblem, { variables, problems }: InventoryHost): boolean {
  const [, name] = /^nixos_vm_defaults\.([^.[]+)/.exec(variable) ?? []
  if (name === undefined) return true
  const own = isDictionary(variables.nixos_vm) ? variables.nixos_vm[name] : undefined
  const isOwnWrong = problems.some((problem) => problem.variable?.startsWith(`nixos_vm.${name}`))
  return !isOwnWrong && (own === undefined || isDictionary(own))
}

/** Where the inventory says nothing, the role has a folder of its own for logs; a batch has another, with one log for each. */
function logFile({ name, variables }: InventoryHost): { log_file?: string } {
  const folder = variables.nixos_provision_log_dir
  return folder ? { log_file: `${String(folder)}/${name}.log` } : {}
}

function whereItBelongs(name: string, names: readonly string[]): string {
  const [variable] = Object.entries(inventoryVariables).find(([, property]) => property === name) ?? []
  if (variable !== undefined) return `it does not belong there, but into the variable \`${variable}\``
  const suggestion = closest(name, names)
  return `there is no such value${suggestion === undefined ? '' : `, did you mean \`${suggestion}\`?`}`
}

/** The variable that gives a host this property. */
export function partOf(host: InventoryHost, property: string): string {
  const [direct] = Object.entries(inventoryVariables).find(([, name]) => name === property) ?? []
  if (direct !== undefined && direct in host.variables) return direct
  const { nixos_vm: own, nixos_vm_defaults: defaults } = host.variables
  const isDefault = !(isDictionary(own) && property in own) && isDictionary(defaults) && property in defaults
  return `${isDefault ? 'nixos_vm_defaults' : 'nixos_vm'}.${property}`
}

/** A mistake in a host's document, as one in the variable that it comes from. */
export function mistakeError(host: InventoryHost, mistake: Mistake, source?: string): NciError {
  const { pointer, expected, suggestion } = mistake
  const [, property = '', rest = ''] = /^\/([^/]+)(.*)$/.exec(pointer) ?? []
  const base = property === '' ? 'nixos_vm' : (source ?? partOf(host, property))
  const variable = base + rest.replace(/\/(\d+)(?=\/|$)/g, '[$1]').replaceAll('/', '.')
  const hint = suggestion === undefined ? '' : `, did you mean \`${suggestion}\`?`
  const origin = source === undefined ? host.origins[base.split('.')[0] ?? ''] : undefined
  return valueError(host, variable, `it ${expected}${hint}`, origin)
}

function toError(host: InventoryHost, { variable, reason, file }: VariableProblem): NciError {
  return valueError(host, variable, reason, file)
}

function valueError(
  host: InventoryHost,
  variable: string | undefined,
  reason: string,
  file: string | undefined,
): NciError {
  const details = {
    host: host.name,
    what: variable === undefined ? 'What the inventory says' : `\`${variable}\``,
    reason: reason.replace(/\.+$/, ''),
    where: file === undefined ? '' : ` (${file})`,
    ...(variable === undefined ? {} : { variable }),
    ...(file === undefined ? {} : { file }),
  }
  return new NciError('INVENTORY_VALUE', details, vaultHint(reason))
}
