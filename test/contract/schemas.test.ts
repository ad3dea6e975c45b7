import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import {
  documentIds,
  flatten,
  inputSchema,
  outputSchema,
  readJson,
  type Schema,
  schemaFiles,
  secretPointers,
  walk,
} from '../../src/codegen/schema.ts'
import { validate } from '../../src/core/validate.ts'
import { documents } from '../../src/generated/commands.ts'

const ajv = new Ajv2020({ allowUnionTypes: true, strictRequired: false })
ajv.addVocabulary(['x-secret', 'x-env', 'x-summary', 'x-command', 'x-order', 'x-examples', 'x-path'])

const all: [string, Schema][] = [
  ...documentIds.flatMap((id): [string, Schema][] => [
    [`${id} input`, inputSchema(id)],
    [`${id} output`, outputSchema(id)],
  ]),
  ['host', flatten('host.json')],
  ['lab', flatten('lab.json')],
  ['event', flatten('event.json')],
  ['result', flatten('result.json')],
]

test('every schema file is used, or is a part of one that is', () => {
  const used = new Set<string>(['errors.json', 'host.json', 'lab.json', 'event.json', 'result.json'])
  for (const id of documentIds) for (const kind of ['input', 'output']) used.add(`${id}.${kind}.json`)
  for (const name of schemaFiles()) {
    const { allOf = [] } = readJson(name) as Schema
    for (const { $ref = '' } of allOf) used.add($ref.startsWith('parts/') ? $ref : $ref.replace(/^\.\//, ''))
  }
  expect(schemaFiles().filter((name) => !used.has(name) && !used.has(name.replace(/^parts\//, '')))).toEqual(
    [],
  )
})

describe.each(all)('the schema of %s', (name, schema) => {
  const properties = [...walk(schema)]

  test('is a valid one', () => {
    expect(() => ajv.compile(schema)).not.toThrow()
    expect(schema.title).toMatch(/\S/)
  })

  test('describes each of its properties in sentences', () => {
    const without = properties.filter(([, { description }]) => !/^\S.*[.:…]$/s.test(description ?? ''))
    expect(without.map(([pointer]) => pointer)).toEqual([])
  })

  test('has names in one spelling', () => {
    const names = properties.map(([pointer]) => pointer.split('/').at(-1) ?? '')
    // The lab's are those of its types; one name of the event protocol is older than the rule.
    const spelling = name === 'lab' ? /^[a-z][A-Za-z0-9]*$/ : /^[a-z][a-z0-9_]*$|^secondsLeft$/
    expect(names.filter((one) => one !== '*' && !spelling.test(one))).toEqual([])
  })

  test('has strings as its secrets, and no defaults or examples for them', () => {
    const secrets = properties.filter(([, property]) => property['x-secret'] === true)
    for (const [pointer, property] of secrets) {
      expect([pointer, property.type]).toEqual([pointer, 'string'])
      expect(property).not.toHaveProperty('default')
      expect(property).not.toHaveProperty('examples')
    }
  })

  test('has defaults and examples that are valid values', () => {
    for (const [pointer, property] of properties) {
      const check = ajv.compile(property)
      const values = [
        ...(property.default === undefined ? [] : [property.default]),
        ...(property.examples ?? []),
      ]
      for (const value of values) {
        // A text that is cut short stands for one that is too long to show.
        if (typeof value === 'string' && value.includes('…')) continue
        expect([pointer, value, check(value)]).toEqual([pointer, value, true])
      }
    }
  })

  test('closes every object, or says what else it may hold', () => {
    const objects = [['', schema] as const, ...properties].filter(
      ([, { type, items }]) => type === 'object' || items?.type === 'object',
    )
    const open = objects.filter(([, property]) => {
      const object = property.type === 'object' ? property : (property.items ?? {})
      return object.additionalProperties === undefined && object.unevaluatedProperties === undefined
    })
    expect(open.map(([pointer]) => pointer)).toEqual([])
  })
})

describe.each(documentIds)('the examples of %s', (id) => {
  const examples = inputSchema(id)['x-examples'] ?? []

  test('are there, each with a title', () => {
    expect(examples.length).toBeGreaterThan(0)
    for (const { title } of examples) expect(title).toMatch(/\S/)
  })

  test.each(examples)('$title is a valid document', async ({ input }) => {
    await validate(id, structuredClone(input))
  })

  test('hold no secrets', () => {
    for (const pointer of secretPointers(inputSchema(id))) {
      expect(examples.filter(({ input }) => pointer.slice(1) in input)).toEqual([])
    }
  })
})

test('the same property means the same in every document: its type, its secrecy, its variables', () => {
  const seen = new Map<string, string>()
  const differing: string[] = []
  for (const id of documentIds) {
    for (const { name, type, secret, environment } of documents[id].properties) {
      const meaning = JSON.stringify([type, secret, environment])
      if ((seen.get(name) ?? meaning) !== meaning) differing.push(`${id} ${name}`)
      seen.set(name, seen.get(name) ?? meaning)
    }
  }
  expect(differing).toEqual([])
})
