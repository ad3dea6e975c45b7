/**
 * Writes everything that is derived from `schemas/`. With `--check` it writes nothing, names what is stale, and
 * fails.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { generateModules } from './ansible/modules.ts'
import { generateRole } from './ansible/role.ts'
import { generateCommands } from './commands.ts'
import { between, commandsTable, errorsTable, schemasPage } from './docs.ts'
import { generateErrors } from './errors.ts'
import { generateInventory } from './inventory.ts'
import { documentIds, flatten, inputSchema, outputSchema, projectRoot } from './schema.ts'
import { generateStepCommands } from './step-commands.ts'
import { generateTypes } from './types.ts'
import { generateValidators, generateValidatorTypes } from './validators.ts'

const banner = '// Generated from schemas/ by `npm run generate`; do not edit.\n\n'

/** Path to content of every generated file. */
export async function generated(): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>()
  files.set('src/generated/types.ts', banner + (await generateTypes()))
  files.set('src/generated/errors.ts', banner + generateErrors())
  files.set('src/generated/commands.ts', banner + generateCommands())
  files.set('src/generated/validators.js', banner + (await generateValidators()))
  files.set('src/generated/validators.d.ts', banner + generateValidatorTypes())
  files.set('src/generated/inventory.ts', banner + generateInventory())
  files.set('src/generated/schemas.ts', banner + generateSchemas())
  files.set('schemas/README.md', schemasPage())
  for (const [path, content] of generateStepCommands()) files.set(path, banner + content)
  for (const [path, content] of [...generateModules(), ...generateRole()]) files.set(path, content)
  const readme = read('README.md')
  if (readme !== undefined) {
    files.set('README.md', between(between(readme, 'commands', commandsTable()), 'errors', errorsTable()))
  }
  return files
}

/** The names of the generated files that differ from what the schemas give now. */
export async function staleFiles(): Promise<string[]> {
  return [...(await generated())].filter(([path, content]) => read(path) !== content).map(([path]) => path)
}

function generateSchemas(): string {
  const schemas = {
    ...Object.fromEntries(
      documentIds.map((id) => [id, { input: inputSchema(id), output: outputSchema(id) }]),
    ),
    host: flatten('host.json'),
    lab: flatten('lab.json'),
    event: flatten('event.json'),
    result: flatten('result.json'),
  }
  return `/** Every schema, whole: what \`nci schema\` prints. */
export const schemas: Readonly<Record<string, unknown>> = ${JSON.stringify(schemas, null, 1)}
`
}

function read(path: string): string | undefined {
  const file = join(projectRoot, path)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

if (import.meta.main) {
  if (process.argv.includes('--check')) {
    const stale = await staleFiles()
    for (const path of stale) console.error(`${path} is stale: run npm run generate`)
    process.exitCode = stale.length > 0 ? 1 : 0
  } else {
    for (const [path, content] of await generated()) {
      mkdirSync(dirname(join(projectRoot, path)), { recursive: true })
      writeFileSync(join(projectRoot, path), content)
    }
  }
}
