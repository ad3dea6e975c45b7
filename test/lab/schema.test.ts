import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type DeclaredSchema, labSchema, labSchemaFile, nameOf } from '../../src/codegen/lab-schema.ts'
import { allRoutes } from '../../src/lab/routes/all.ts'
import { apiSchema, type LabVersion } from '../../src/lab/schema.ts'
import { hasReference, referenceJson } from '../support/reference.ts'

const versions: readonly LabVersion[] = ['9.2', '8.4']

it('every route is declared by one of the versions', () => {
  const declared = new Set(versions.flatMap((version) => [...apiSchema(version).endpoints.keys()]))
  expect(Object.keys(allRoutes).filter((name) => !declared.has(name))).toEqual([])
})

describe.skipIf(!hasReference).each(versions)('the API schema of %s', (version) => {
  const declared = () => referenceJson('pve', `api-schema-${version}.json`) as DeclaredSchema

  it('is extracted anew into the very same file', () => {
    const schema = declared()
    expect(labSchema(schema)).toBe(readFileSync(labSchemaFile(schema['pve-version']), 'utf8'))
  })

  it('has for everything that the lab serves the parameters that Proxmox declares', () => {
    const { endpoints } = apiSchema(version)
    for (const endpoint of declared().endpoints) {
      const name = nameOf(endpoint)
      if (allRoutes[name] === undefined) continue
      const ours = endpoints.get(name)
      expect(Object.keys(ours?.parameters ?? {}).sort(), name).toEqual(namesOf(endpoint.parameters))
      for (const [parameter, theirs] of Object.entries(endpoint.parameters)) {
        const own = ours?.parameters[parameter.replace('[n]', '1')]
        expect(limitsOf({ ...own }), `${name}: ${parameter}`).toEqual(limitsOf(theirs))
      }
    }
  })
})

type Declaration = Readonly<Record<string, unknown>>

/** `net[n]` as `net0` … `net31`. */
function namesOf(parameters: Readonly<Record<string, Declaration>>): string[] {
  return Object.entries(parameters)
    .flatMap(([name, declaration]) => {
      if (!name.endsWith('[n]')) return [name]
      const [from, to] = [Number(declaration['index-min']), Number(declaration['index-max'])]
      return Array.from({ length: to - from + 1 }, (_, n) => name.replace('[n]', String(from + n)))
    })
    .sort()
}

function limitsOf(declaration: Declaration): Declaration {
  const { type, optional, pattern, requires, minLength, maxLength } = declaration
  const { minimum, maximum } = declaration
  return {
    type,
    optional: optional ?? 0,
    pattern,
    requires,
    minLength,
    maxLength,
    enum: declaration.enum ?? undefined,
    minimum: minimum === undefined ? undefined : Number(minimum),
    maximum: maximum === undefined ? undefined : Number(maximum),
  }
}
