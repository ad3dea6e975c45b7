import { join } from 'node:path'
import { execa } from 'execa'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isNciError } from '../../src/core/errors.ts'
import type { Inventory } from '../../src/inventory/inventory.ts'
import { temporaryFolder } from '../support/folder.ts'
import { read, realAnsible, writeTree } from './support.ts'

const variables = ['nixos_vm', 'nixos_vm_defaults', 'proxmox_api_host', 'proxmox_api_port']
const seed = 20261123

interface Answer {
  readonly hosts: Readonly<Record<string, { readonly groups: string[]; readonly variables: object }>>
  readonly limits: readonly (string[] | null)[]
}

interface Case {
  readonly files: Readonly<Record<string, unknown>>
  readonly sources: readonly string[]
  readonly limits: readonly string[]
}

const names = ['a', 'b', 'c', 'd', 'e', 'f'].map((letter) => `group_${letter}`)
const scalars = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constantFrom('x', true, null, '010', 1.5))
const vars = fc.dictionary(
  fc.constantFrom(...variables, 'other'),
  fc.oneof(scalars, fc.dictionary(fc.constantFrom('cores', 'memory'), scalars, { maxKeys: 2 })),
  { maxKeys: 3 },
)
const host = fc.constantFrom(
  'web1',
  'web2',
  'web[1:3]',
  'db[01:10:4]',
  'rack-[a:c].example.org',
  'web4:2222',
  '10.0.0.1',
)
const hosts = fc.dictionary(host, fc.option(vars), { maxKeys: 3 })

/** Groups whose children come later in the alphabet: none is within itself. */
const groups = fc
  .tuple(
    ...names.map((_, index) =>
      fc.record(
        {
          hosts: fc.option(fc.oneof(hosts, fc.constant('web9'))),
          vars: fc.option(fc.tuple(vars, fc.option(fc.integer({ min: -1, max: 3 }))).map(withPriority)),
          children: fc.option(
            fc
              .subarray(names.slice(index + 1))
              .map((list) => Object.fromEntries(list.map((name) => [name, null]))),
          ),
        },
        { requiredKeys: [] },
      ),
    ),
  )
  .chain((all) => fc.subarray(names.map((name, index) => [name, all[index]] as const)))
  .map((entries) => Object.fromEntries(entries))

function withPriority([own, priority]: [object, number | null]): object {
  return priority === null ? own : { ...own, ansible_group_priority: priority }
}

const tree = fc
  .tuple(groups, fc.boolean(), fc.option(vars))
  .map(([all, isNested, own]) =>
    isNested ? { all: { children: all, ...(own === null ? {} : { vars: own }) } } : all,
  )
  .filter((all) => Object.keys(all).length > 0)

const beside = fc.dictionary(
  fc
    .tuple(
      fc.constantFrom(...names, 'all', 'web1', 'db05'),
      fc.constantFrom('', '.yml', '.yaml', '.json', '/one.yml', '/two'),
    )
    .map(([name, ending]) => `${/^(group|all)/.test(name) ? 'group_vars' : 'host_vars'}/${name}${ending}`),
  vars.map((all) => JSON.stringify(all)),
  { maxKeys: 4 },
)

const word = fc.oneof(
  fc.constantFrom(...names, 'all', 'ungrouped', 'web1', 'web2', 'db05', 'nobody', '10.0.0.1'),
  fc.constantFrom(
    'web*',
    'group_?',
    'w?b1',
    '*',
    'web[12]',
    '[!w]*',
    '*.example.org',
    'db*[0]',
    'web*[1:]',
    'web*[0:1]',
  ),
  fc.constantFrom(
    '~web\\d',
    '~(web|db)',
    '~.*1$',
    'group_f[0]',
    'group_f[-1]',
    'group_f[0:1]',
    'group_f[1:0]',
    'web*[99]',
  ),
)
const pattern = fc.tuple(fc.constantFrom('', '', '', '!', '&'), word).map(([sign, name]) => sign + name)
const limit = fc
  .tuple(fc.array(pattern, { minLength: 1, maxLength: 4 }), fc.constantFrom(',', ':', ', '))
  .map(([patterns, separator]) => patterns.join(separator))

const cases = fc
  .tuple(
    tree,
    fc.option(tree),
    beside,
    beside,
    fc.array(limit, { minLength: 12, maxLength: 12 }),
    fc.boolean(),
  )
  .map(
    ([first, second, besideFirst, besideSecond, limits, isFolder]): Case => ({
      files: {
        'one/hosts.yml': first,
        ...withFolder('one', besideFirst),
        ...(second === null ? {} : { 'two/hosts.yaml': second, ...withFolder('two', besideSecond) }),
      },
      sources: [isFolder ? 'one' : 'one/hosts.yml', ...(second === null ? [] : ['two/hosts.yaml'])],
      limits,
    }),
  )

/** A name may be a file or a folder, not both. */
function withFolder(folder: string, files: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const paths = Object.keys(files).filter(
    (path) =>
      path.split('/').length === 3 || !Object.keys(files).some((other) => other.startsWith(`${path}/`)),
  )
  return Object.fromEntries(paths.map((path) => [`${folder}/${path}`, files[path]]))
}

test('plain YAML is read without Ansible as Ansible reads it, and limits select the same hosts', async (context) => {
  using folder = temporaryFolder()
  const programs = await realAnsible(context, folder.path)
  const all = fc.sample(cases, { seed, numRuns: 100 }).map(({ files, sources, limits }, index) => {
    const own = writeTree(join(folder.path, String(index)), files)
    return { sources: sources.map((source) => join(own, source)), limits, variables }
  })
  const oracle = await execa(join(programs, 'python'), [join(import.meta.dirname, 'oracle.py')], {
    input: JSON.stringify(all),
    cwd: folder.path,
  })
  const answers: Answer[] = JSON.parse(oracle.stdout)
  const seen = { hosts: 0, matches: 0, errors: 0, empty: 0 }
  for (const [index, { sources, limits }] of all.entries()) {
    const inventory = sources.join(',')
    const expected = answers[index] as Answer
    const whole = await orEmpty(read({ inventory }, variables))
    expect(
      Object.fromEntries(whole.hosts.map(({ name, groups, variables }) => [name, { groups, variables }])),
      inventory,
    ).toEqual(expected.hosts)
    expect(whole.hosts.map(({ name }) => name)).toEqual(Object.keys(expected.hosts))
    seen.hosts += whole.hosts.length
    for (const [place, limit] of limits.entries()) {
      const selected = await orEmpty(read({ inventory, limit }, [])).catch((error: unknown) => {
        if (!isNciError(error, 'LIMIT_INVALID')) throw error
        return null
      })
      const found = selected?.hosts.map(({ name }) => name).sort() ?? null
      expect(found, `${inventory} --limit '${limit}'`).toEqual(expected.limits[place])
      if (found === null) seen.errors++
      else if (found.length === 0) seen.empty++
      else seen.matches++
    }
  }
  // The cases are about something.
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(10)
  expect(seen.hosts).toBeGreaterThan(200)
})

/** An inventory or a limit may well have no hosts. */
async function orEmpty(reading: Promise<Inventory>): Promise<Pick<Inventory, 'hosts'>> {
  try {
    return await reading
  } catch (error) {
    if (isNciError(error, 'INVENTORY_EMPTY', 'LIMIT_NO_MATCH')) return { hosts: [] }
    throw error
  }
}
