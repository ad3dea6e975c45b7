/** Inputs of all commands that must be refused before anything is done. */
import fc, { type Arbitrary } from 'fast-check'
import { documentIds, inputSchema, type Schema } from '../../src/codegen/schema.ts'
import type { DocumentId } from '../../src/generated/types.ts'
import { badValue, brokenText, objectOf, oddText, unknownName } from './bad-value.ts'
import { type Json, type JsonObject, validDocument } from './valid-document.ts'

export interface BadDocument {
  readonly id: DocumentId
  /** Why it cannot be right. */
  readonly why: string
  /** What stands in the file that `--input` names. */
  readonly text: string
  readonly environment: Readonly<Record<string, string>>
}

type Case = Omit<BadDocument, 'id' | 'environment'> & Partial<BadDocument>

/** @param url of a server that counts who connects: whatever a document names as another machine is it */
export function badDocument(url: string): Arbitrary<BadDocument> {
  return fc.oneof(
    ...documentIds.map((id) => {
      const schema = inputSchema(id)
      const good = validDocument(schema).map((document) => pointedAt(url, schema, document))
      return fc
        .oneof(
          { weight: 6, arbitrary: withBadValue(schema, good) },
          { weight: 2, arbitrary: withUnknownName(schema, good) },
          { weight: 1, arbitrary: withoutNeeded(schema, good) },
          { weight: 1, arbitrary: withBadVariable(schema, good) },
          { weight: 1, arbitrary: noObject },
          { weight: 2, arbitrary: noJson(good) },
          { weight: id === 'vm.create' ? 3 : 0, arbitrary: contradictory(good) },
        )
        .map((one): BadDocument => ({ environment: {}, ...one, id }))
    }),
  )
}

function withBadValue(schema: Schema, good: Arbitrary<JsonObject>): Arbitrary<Case> {
  const bad = Object.entries(schema.properties ?? {}).map(([name, property]) =>
    badValue(property).map((value): [string, Json] => [name, value]),
  )
  return fc.tuple(good, fc.oneof(...bad)).map(([document, [name, value]]) => ({
    why: `a bad value of ${name}`,
    text: JSON.stringify({ ...document, [name]: value }),
  }))
}

function withUnknownName(schema: Schema, good: Arbitrary<JsonObject>): Arbitrary<Case> {
  return fc
    .tuple(good, fc.array(unknownName(schema), { minLength: 1, maxLength: 40 }))
    .map(([document, names]) => ({
      why: 'an unknown property',
      text: JSON.stringify(
        objectOf([...Object.entries(document), ...names.map((name) => [name, 1] as const)]),
      ),
    }))
}

function withoutNeeded(schema: Schema, good: Arbitrary<JsonObject>): Arbitrary<Case> {
  const needed = schema.required ?? schema.anyOf?.flatMap(({ required = [] }) => required)
  // What needs nothing is given too much of something.
  if (needed === undefined) return withUnknownName(schema, good)
  return good.map((document) => ({
    why: `without ${needed.join(', ')}`,
    text: JSON.stringify(
      Object.fromEntries(Object.entries(document).filter(([name]) => !needed.includes(name))),
    ),
  }))
}

/** An environment variable that is no number or no switch, with nothing stronger in the document. */
function withBadVariable(schema: Schema, good: Arbitrary<JsonObject>): Arbitrary<Case> {
  const named = Object.entries(schema.properties ?? {}).filter(
    ([, { type, 'x-env': variables = [] }]) => variables.length > 0 && type !== 'string',
  )
  if (named.length === 0) return withUnknownName(schema, good)
  const value = oddText.filter(
    (text) => !text.includes('\0') && !/^(\s*|[\d.e]+|-?0|0x\d+|true|)$/i.test(text),
  )
  return fc
    .tuple(good, fc.constantFrom(...named), value)
    .map(([document, [name, { 'x-env': variables = [] }], text]) => ({
      why: `${variables[0]} is no ${name}`,
      text: JSON.stringify(Object.fromEntries(Object.entries(document).filter(([key]) => key !== name))),
      environment: { [variables[0] ?? '']: text },
    }))
}

const noObject: Arbitrary<Case> = fc
  .jsonValue()
  .filter((value) => typeof value !== 'object' || value === null || Array.isArray(value))
  .map((value) => ({ why: 'no object', text: JSON.stringify(value) }))

function noJson(good: Arbitrary<JsonObject>): Arbitrary<Case> {
  const depth = fc.integer({ min: 1, max: 100_000 })
  return fc
    .oneof(
      oddText,
      brokenText(good.map((document) => JSON.stringify(document))),
      good.map((document) => JSON.stringify(document).slice(0, -1)),
      depth.map((levels) => '['.repeat(levels)),
      depth.map((levels) => `{"name":${'['.repeat(levels)}${']'.repeat(levels)}`),
      depth.map((levels) => '{"a":'.repeat(levels)),
      fc.constantFrom('{"name": NaN}', "{'name': 1}", '{"name": 01}', '{"a": 1,}', '{"name": "\n"}', '{} {}'),
    )
    .filter((text) => !isJson(text))
    .map((text) => ({ why: 'no JSON', text }))
}

/** Values that are right one by one and do not fit together. */
function contradictory(good: Arbitrary<JsonObject>): Arbitrary<Case> {
  const parts = fc.constantFrom<JsonObject>(
    { vmid_min: 200, vmid_max: 100 },
    { memory: 1024, balloon: 2048 },
    { secure_boot: true, bios: 'seabios', architecture: 'x86_64' },
    { disks: [{ size: '1G', bus: 'virtio', ssd: true }] },
    { networks: [{ ip: '192.0.2.256/24' }] },
    { networks: [{ ip: 'dhcp', gateway: '192.0.2.1' }] },
    { networks: [{ mac: 'BC:24:11:00:00:01' }, { mac: 'bc:24:11:00:00:01' }] },
    { nameservers: ['1.2.3'] },
    { options: { scsi0: 'local:1' } },
    { options: { boot: 'cdn' } },
  )
  return fc.tuple(good, parts).map(([document, part]) => ({
    why: `${Object.keys(part).join(', ')} in contradiction`,
    text: JSON.stringify({ ...document, ...part }),
  }))
}

/** The document with every other machine that it names being ours. */
function pointedAt(url: string, { properties = {} }: Schema, document: JsonObject): JsonObject {
  const places: JsonObject = {
    ...{ api_host: url, api_user: 'nci@pve', api_token_id: 'nci', api_token_secret: 'secret' },
    ...{ iso_url: url, url, github_api_url: url, ssh_address_map: '/nonexistent' },
  }
  const ours = Object.entries(places).filter(
    ([name]) => name in properties && (/^api_/.test(name) || name in document),
  )
  const { api_port: _, ca_path: __, ...rest } = document
  return { ...rest, ...Object.fromEntries(ours) }
}

function isJson(text: string): boolean {
  try {
    // What a file may begin with is no part of it.
    JSON.parse(text.replace(/^\ufeff/, ''))
    return true
  } catch {
    return false
  }
}
