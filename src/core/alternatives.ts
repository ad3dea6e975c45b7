import type { ValidationError } from '../generated/validators.js'

/** The part of a JSON Schema that mistakes are told from. */
export interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly anyOf?: readonly JsonSchema[]
  readonly examples?: readonly unknown[]
}

/** What is wrong where none of several alternatives fits: ajv tells what is wrong with each of them. */
export interface Alternatives {
  /** The mistakes in the alternative that is meant: the one whose first required name is there. */
  readonly meant: readonly ValidationError[] | undefined
  /** The names of which one is needed. */
  readonly needed: readonly string[]
  /** Names that none of them knows. */
  readonly unknown: readonly string[]
  /** Names that one of them knows. */
  readonly known: readonly string[]
}

/** @param errors all of a document; `anyOf` is the error among them that is looked into */
export function alternativesOf(
  schema: JsonSchema,
  errors: readonly ValidationError[],
  anyOf: ValidationError,
): Alternatives {
  const alternatives = (schemaAt(schema, anyOf.schemaPath) as readonly JsonSchema[] | undefined) ?? []
  const needed = alternatives.map(({ required = [] }) => required[0] ?? '')
  const within = alternatives.map((_, index) =>
    errors.filter(
      ({ schemaPath, instancePath }) =>
        schemaPath.startsWith(`${anyOf.schemaPath}/${index}/`) &&
        `${instancePath}/`.startsWith(`${anyOf.instancePath}/`),
    ),
  )
  const isHere = ({ instancePath }: ValidationError): boolean => instancePath === anyOf.instancePath
  const meant = within.find(
    (mistakes, index) => !mistakes.some((one) => isHere(one) && one.params.missingProperty === needed[index]),
  )
  const extra = within.map((mistakes) =>
    mistakes.filter(isHere).flatMap(({ params }) => (params.additionalProperty as string | undefined) ?? []),
  )
  return {
    meant,
    needed,
    unknown: (extra[0] ?? []).filter((name) => extra.every((names) => names.includes(name))),
    known: alternatives.flatMap(({ properties = {} }) => Object.keys(properties)),
  }
}

/** Whether an error is about one of several alternatives. */
export function isInAlternatives({ schemaPath }: ValidationError): boolean {
  return schemaPath.includes('/anyOf/')
}

/** What a path of ajv's points to: `#/properties/faults/items/anyOf`. */
function schemaAt(schema: JsonSchema, path: string): unknown {
  return path
    .split('/')
    .slice(1)
    .reduce<unknown>((at, part) => (at as Readonly<Record<string, unknown>> | undefined)?.[part], schema)
}

/** The schema whose keyword an error is of. */
export function schemaOf(schema: JsonSchema, { schemaPath }: ValidationError): JsonSchema {
  return (schemaAt(schema, schemaPath.slice(0, schemaPath.lastIndexOf('/'))) as JsonSchema | undefined) ?? {}
}
