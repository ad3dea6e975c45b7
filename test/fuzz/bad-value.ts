/** Values that a schema cannot accept, whatever else is in the document. */
import fc, { type Arbitrary } from 'fast-check'
import type { Schema } from '../../src/codegen/schema.ts'
import { type Json, validValue } from './valid-document.ts'

/** Half characters, control characters, what looks like a number, what is long. */
export const oddText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({
    unit: fc.integer({ min: 0xd800, max: 0xdfff }).map((code) => String.fromCharCode(code)),
    maxLength: 4,
  }),
  fc.constantFrom(
    '',
    ' ',
    '\0',
    '\n',
    'NaN',
    'Infinity',
    '-0',
    '1e999',
    '0x10',
    'null',
    'true',
    '../../etc/passwd',
  ),
  fc.constantFrom('{{ 7*7 }}', '$(id)', '%s%n', "' OR 1=1", 'a,b=c', '<script>', '\ufeff'),
  fc
    .tuple(
      fc.constantFrom('a', ',', '=', '1', ':', '.', '-', ' ', '((', 'é', '\ud83d'),
      fc.integer({ min: 1, max: 16 }),
    )
    .map(([unit, exponent]) => unit.repeat(2 ** exponent)),
)

/** Lists in lists, and objects in objects. */
const nested = fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 500 })).map(([asList, depth]) => {
  let value: Json = 1
  for (let level = 0; level < depth; level++) value = asList ? [value] : { a: value }
  return value
})

const anything: Arbitrary<Json> = fc.oneof(
  oddText,
  nested,
  fc.constantFrom<Json>(null, true, false, 0, -1, 1.5, 1e308, -1e308, 2 ** 53, [], {}, [[]], [null], {
    __proto__: 1,
  }),
  fc.jsonValue({ maxDepth: 3 }) as Arbitrary<Json>,
)

/** Values that break this schema; none where it takes everything. */
export function badValue(schema: Schema): Arbitrary<Json> {
  const { type, items, properties, additionalProperties } = schema
  const wrong: Arbitrary<Json>[] = [anything.filter((value) => !isOfType(value, type))]
  if (schema.enum !== undefined) wrong.push(oddText.filter((text) => !schema.enum?.includes(text)))
  if (schema.pattern !== undefined) {
    const pattern = new RegExp(schema.pattern, 'u')
    wrong.push(oddText.filter((text) => !pattern.test(text)))
    wrong.push(brokenText(validValue(schema) as Arbitrary<string>).filter((text) => !pattern.test(text)))
  }
  wrong.push(...outOfRange(schema))
  if (items !== undefined) {
    wrong.push(
      fc
        .tuple(fc.array(validValue(items), { maxLength: 2 }), badValue(items))
        .map(([good, bad]) => [...good, bad]),
    )
  }
  if (typeof additionalProperties === 'object') {
    wrong.push(
      fc.tuple(oddText, badValue(additionalProperties)).map(([name, bad]) => objectOf([[name, bad]])),
    )
  }
  if (properties !== undefined) {
    const [needed] = schema.required ?? schema.anyOf?.[0]?.required ?? []
    if (needed !== undefined) wrong.push(fc.constant({}))
    const named = Object.entries(properties).map(([name, property]) =>
      badValue(property).map((bad) => objectOf([[name, bad]])),
    )
    wrong.push(
      fc.oneof(...named),
      unknownName(schema).map((name) => objectOf([[name, 1]])),
    )
  }
  return fc.oneof(...wrong)
}

/** A name that an object of this schema must not have. */
export function unknownName({ properties = {} }: Schema): Arbitrary<string> {
  const known = Object.keys(properties)
  return fc
    .oneof(
      oddText,
      fc.constantFrom(
        '__proto__',
        'constructor',
        'prototype',
        'toString',
        'hasOwnProperty',
        'valueOf',
        'then',
      ),
      brokenText(fc.constantFrom(...known)),
    )
    .filter((name) => !known.includes(name))
}

/** An object with these as properties of its own, `__proto__` too. */
export function objectOf(entries: readonly (readonly [string, Json])[]): { readonly [name: string]: Json } {
  return Object.fromEntries(entries)
}

/** A text with something added, taken away, doubled, or exchanged. */
export function brokenText(text: Arbitrary<string>): Arbitrary<string> {
  return fc
    .tuple(text, fc.nat(), fc.constantFrom('insert', 'cut', 'double', 'swap', 'repeat'), oddText)
    .map(([whole, position, how, odd]) => {
      const at = whole.length === 0 ? 0 : position % whole.length
      const [head, tail] = [whole.slice(0, at), whole.slice(at)]
      if (how === 'insert') return head + odd + tail
      if (how === 'cut') return head
      if (how === 'double') return head + tail + tail
      return how === 'swap' ? tail + head : whole.repeat(1 + (position % 50))
    })
}

function outOfRange(schema: Schema): Arbitrary<Json>[] {
  const { type, minimum, maximum, exclusiveMinimum, minLength, maxLength, maxItems, items } =
    schema as Schema & {
      readonly exclusiveMinimum?: number
      readonly minLength?: number
      readonly maxLength?: number
      readonly maxItems?: number
    }
  return [
    ...(type === 'integer' ? [fc.constantFrom(0.5, 1.000001, 1e-9)] : []),
    ...(minimum === undefined ? [] : [fc.constantFrom(minimum - 1, minimum - 0.5, -1e308)]),
    ...(maximum === undefined ? [] : [fc.constantFrom(maximum + 1, maximum * 2 + 0.5, 1e308)]),
    ...(exclusiveMinimum === undefined ? [] : [fc.constantFrom(exclusiveMinimum, exclusiveMinimum - 1)]),
    ...(minLength ? [fc.constant('')] : []),
    ...(maxLength === undefined ? [] : [fc.constantFrom('a'.repeat(maxLength + 1), 'a.'.repeat(maxLength))]),
    ...(maxItems === undefined || items === undefined
      ? []
      : [fc.array(validValue(items), { minLength: maxItems + 1, maxLength: maxItems + 3 })]),
  ]
}

function isOfType(value: Json, type: Schema['type']): boolean {
  const name = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
  const types = [type].flat()
  // A whole number is both.
  return types.includes(name) || (name === 'number' && types.includes('integer') && Number.isInteger(value))
}
