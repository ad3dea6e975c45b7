/** Documents that a schema accepts, as fast-check makes them up. */
import fc, { type Arbitrary } from 'fast-check'
import type { Schema } from '../../src/codegen/schema.ts'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }
export type JsonObject = Readonly<Record<string, Json>>

/** A document with what must be there and a little of the rest. */
export function validDocument(schema: Schema): Arbitrary<JsonObject> {
  const alternatives = schema.anyOf?.map(({ required = [] }) => required) ?? [[]]
  return fc.oneof(
    ...alternatives.map((names) => {
      const needed = new Set([...(schema.required ?? []), ...names])
      const entries = Object.entries(schema.properties ?? {}).map(
        ([name, property]): [string, Arbitrary<Json | undefined>] => [
          name,
          needed.has(name) ? validValue(property) : seldom(validValue(property)),
        ],
      )
      return fc
        .record(Object.fromEntries(entries))
        .map((values) => Object.fromEntries(Object.entries(values).filter(isGiven)))
    }),
  )
}

function seldom<Value>(value: Arbitrary<Value>): Arbitrary<Value | undefined> {
  return fc.oneof({ weight: 7, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value })
}

function isGiven(entry: [string, Json | undefined]): entry is [string, Json] {
  return entry[1] !== undefined
}

export function validValue(schema: Schema): Arbitrary<Json> {
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  if (Array.isArray(schema.type))
    return fc.oneof(...schema.type.map((type) => validValue({ ...schema, type })))
  switch (schema.type) {
    case 'string':
      return text(schema)
    case 'integer':
      return fc.integer({ min: schema.minimum ?? 0, max: schema.maximum ?? 2 ** 31 - 1 })
    case 'number':
      return fc.integer({ min: Math.max(1, schema.minimum ?? 1), max: schema.maximum ?? 1000 })
    case 'boolean':
      return fc.boolean()
    case 'array':
      return fc.array(validValue(schema.items ?? {}), { maxLength: 3 })
    case 'object':
      if (schema.properties !== undefined) return validDocument(schema)
      return fc.dictionary(
        fc.stringMatching(/^[a-z]{1,8}$/),
        // What takes everything takes texts.
        validValue(
          typeof schema.additionalProperties === 'object' ? schema.additionalProperties : { type: 'string' },
        ),
        { maxKeys: 3 },
      )
    default:
      throw new Error(`no values are known for ${JSON.stringify(schema)}`)
  }
}

function text({
  pattern,
  examples = [],
  minLength = 0,
  maxLength,
}: Schema & { minLength?: number; maxLength?: number }): Arbitrary<string> {
  if (pattern === undefined) return fc.string({ minLength, maxLength: Math.min(maxLength ?? 40, 40) })
  // fast-check does not make up texts that match what must not follow.
  if (/\(\?[=!<]/.test(pattern)) return fc.constantFrom(...(examples as string[]))
  return fc
    .stringMatching(new RegExp(pattern))
    .filter((value) => value.length >= minLength && value.length <= (maxLength ?? Number.POSITIVE_INFINITY))
}
