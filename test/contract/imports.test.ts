import { readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { projectRoot } from '../../src/codegen/schema.ts'

const source = join(projectRoot, 'src')
const adapters = ['proxmox', 'ssh', 'nix', 'releases', 'inventory']

interface Import {
  readonly from: string
  /** `core/errors.ts` for a file of ours, else the package's name. */
  readonly to: string
  readonly ours: boolean
  /** Taken when it is first needed, or for its types alone: not at start-up. */
  readonly late: boolean
}

const imports: Import[] = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
  .flatMap((from) => {
    const text = readFileSync(join(source, from), 'utf8')
    const found = [
      ...text.matchAll(/^(?:import|export)\s+(?<type>type\s)?[^'"();]*?from\s+'(?<name>[^']+)'/gm),
      ...text.matchAll(/^import\s+'(?<name>[^']+)'/gm),
      ...text.matchAll(/(?<late>\bimport\()\s*'(?<name>[^']+)'/g),
    ]
    return found.map(({ groups = {} }) => {
      const name = groups.name ?? ''
      const ours = name.startsWith('.')
      const to = ours
        ? relative(source, join(source, dirname(from), name))
        : name.startsWith('@')
          ? name.split('/').slice(0, 2).join('/')
          : (name.split('/')[0] ?? '')
      return { from, to, ours, late: groups.late !== undefined || groups.type !== undefined }
    })
  })

const part = (file: string): string => (file.includes('/') ? (file.split('/')[0] ?? '') : 'entry')
const show = ({ from, to }: Import): string => `${from} → ${to}`
const packages = imports.filter(({ ours, to }) => !ours && !to.startsWith('node:'))

test('there are imports to look at', () => {
  expect(imports.length).toBeGreaterThan(200)
  expect(imports.filter(({ late }) => late).length).toBeGreaterThan(5)
})

test('imports point down only', () => {
  const layer: Record<string, number> = {
    ...{ entry: 7, commands: 6, cli: 5, workflows: 4, steps: 3, core: 1, generated: 0 },
    ...Object.fromEntries(adapters.map((name) => [name, 2])),
  }
  // The core's errors and step names come from generated files, and generated files know their own types only.
  const wrong = imports.filter(({ ours, from, to }) => {
    const [above, below] = [layer[part(from)], layer[part(to)]]
    if (!ours || above === undefined || below === undefined || part(from) === part(to)) return false
    return below >= above
  })
  expect(wrong.map(show)).toEqual([])
})

test('adapters never import each other', () => {
  const wrong = imports.filter(
    ({ ours, from, to }) =>
      ours && adapters.includes(part(from)) && adapters.includes(part(to)) && part(from) !== part(to),
  )
  expect(wrong.map(show)).toEqual([])
})

test('the lab imports the core alone, and nobody but its command imports the lab', () => {
  const wrong = imports.filter(({ ours, from, to }) => {
    if (!ours || (part(from) === 'lab') === (part(to) === 'lab')) return false
    if (part(from) === 'lab') return part(to) !== 'core'
    return part(to) === 'lab' && !from.startsWith('commands/lab/')
  })
  expect(wrong.map(show)).toEqual([])
})

test('the lab is loaded only when it is asked for', () => {
  const wrong = imports.filter(
    ({ ours, from, to, late }) => ours && part(to) === 'lab' && part(from) !== 'lab' && !late,
  )
  expect(wrong.map(show)).toEqual([])
})

test('nothing imports the code generator, and it is no part of the product', () => {
  const wrong = imports.filter(
    ({ ours, from, to }) => ours && part(to) === 'codegen' && part(from) !== 'codegen',
  )
  expect(wrong.map(show)).toEqual([])
})

test('core needs Node alone', () => {
  expect(packages.filter(({ from }) => part(from) === 'core').map(show)).toEqual([])
})

test('modules of Node are called node:', () => {
  expect(packages.filter(({ to }) => builtinModules.includes(to)).map(show)).toEqual([])
})

describe('libraries stay where they belong', () => {
  test.each<[string, (file: string) => boolean]>([
    ['@oclif/core', (file) => ['entry', 'commands', 'cli'].includes(part(file))],
    ['listr2', (file) => file === 'cli/progress/listr.ts'],
    ['undici', (file) => ['proxmox', 'releases'].includes(part(file))],
    ['ssh2', (file) => part(file) === 'ssh' || part(file) === 'lab'],
    ['execa', (file) => ['nix', 'inventory'].includes(part(file))],
    ['js-yaml', (file) => part(file) === 'inventory' || part(file) === 'lab'],
  ])('%s', (name, allowed) => {
    const users = packages.filter(({ from, to }) => to === name && part(from) !== 'codegen')
    expect(users.length).toBeGreaterThan(0)
    expect(users.filter(({ from }) => !allowed(from)).map(show)).toEqual([])
  })

  test('what is slow to load is loaded when it is first needed', () => {
    const slow = ['listr2', 'undici', 'ssh2', 'execa', 'js-yaml']
    const wrong = packages.filter(
      ({ from, to, late }) => slow.includes(to) && !late && !['lab', 'codegen'].includes(part(from)),
    )
    expect(wrong.map(show)).toEqual([])
  })
})

test('commands load their steps and workflows when they run', () => {
  const wrong = imports.filter(
    ({ ours, from, to, late }) =>
      ours &&
      ['entry', 'commands', 'cli'].includes(part(from)) &&
      ['steps', 'workflows', ...adapters].includes(part(to)) &&
      !late,
  )
  expect(wrong.map(show)).toEqual([])
})
