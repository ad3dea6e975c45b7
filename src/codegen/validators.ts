import { Ajv2020 } from 'ajv/dist/2020.js'
import standalone from 'ajv/dist/standalone/index.js'
import { build } from 'esbuild'
import { documentIds, flatten, inputSchema, projectRoot, type Schema } from './schema.ts'

// Node gives the CommonJS module as the default import; the function is that module's own default.
const { default: standaloneCode } = standalone as unknown as {
  default: (ajv: Ajv2020, names: Readonly<Record<string, string>>) => string
}

/** Precompiled validators of what comes in, one export a document; with ajv's few runtime functions bundled in. */
export async function generateValidators(): Promise<string> {
  const schemas: Record<string, Schema> = {
    ...Object.fromEntries(documentIds.map((id) => [exportName(id), inputSchema(id)])),
    host: flatten('host.json'),
    lab: flatten('lab.json'),
  }
  const ajv = new Ajv2020({
    allErrors: true,
    useDefaults: true,
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
    code: { source: true, esm: true },
    formats: {},
    keywords: ['x-secret', 'x-path', 'x-env', 'x-summary', 'x-command', 'x-order', 'x-examples'],
    schemas: Object.entries(schemas).map(([name, schema]) => ({ ...schema, $id: name })),
  })
  const code = standaloneCode(ajv, Object.fromEntries(Object.keys(schemas).map((name) => [name, name])))
  const bundled = await build({
    stdin: { contents: code, resolveDir: projectRoot, loader: 'js' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    write: false,
    legalComments: 'none',
    minify: true,
  })
  return bundled.outputFiles[0]?.text ?? ''
}

export function generateValidatorTypes(): string {
  const names = [...documentIds.map(exportName), 'host', 'lab']
  return `/** What ajv says of one mistake. */
export interface ValidationError {
  readonly instancePath: string
  readonly schemaPath: string
  readonly keyword: string
  readonly params: Readonly<Record<string, unknown>>
  readonly message?: string
}
/** Checks a document and fills its defaults in; the mistakes are on the function. */
export interface Validator {
  (document: unknown): boolean
  errors?: readonly ValidationError[] | null
}
${names.map((name) => `export const ${name}: Validator`).join('\n')}
`
}

/** `vm.create` gives `vm_create`. */
export function exportName(id: string): string {
  return id.replace('.', '_')
}
