import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { temporaryFolder } from '../support/folder.ts'
import { runNci, runText } from '../support/nci.ts'

let folder: ReturnType<typeof temporaryFolder>
let inventory: string
beforeAll(() => {
  folder = temporaryFolder()
  inventory = join(folder.path, 'hosts.yml')
  const nixos_vm = { flake: '.#web1', node: 'pve1' }
  writeFileSync(inventory, JSON.stringify({ all: { hosts: { web1: { nixos_vm } } } }))
})
afterAll(() => folder[Symbol.dispose]())

const destroy = (words: readonly string[], options: Parameters<typeof runNci>[1] = {}) =>
  runNci(['vm', 'destroy', ...words], options)

/** Asks for nothing but the host name of the API: it is refused before anything is sent. */
const nowhere = ['--inventory-reader', 'yaml', '--yes', '--api-host', 'ftp://nowhere']

test('without an inventory the command is what it was, and its document says so', async () => {
  const { document } = await destroy(['--vmid', '100'])
  expect(document).toMatchObject({ step: 'vm.destroy', error: { code: 'PVE_HOST_MISSING' } })
})

test('with --inventory, or an inventory in the document, it takes the other document', async () => {
  for (const [words, options] of [
    [['--inventory', inventory, ...nowhere], {}],
    [['--input', '-', ...nowhere], { input: { inventory } }],
  ] as const) {
    const { document } = await destroy(words, options)
    expect(document.step).toBe('teardown')
    expect(document.error.details.report?.hosts).toMatchObject([{ name: 'web1', state: 'failed' }])
  }
})

test('flags of a host are values for every host, and win over those of the document', async () => {
  const { document } = await destroy(['--input', '-', ...nowhere], {
    input: { inventory, values: { api_host: 'https://other.example.org/x' } },
  })
  expect(document.error.details.report.hosts[0].error).toMatchObject({
    code: 'PVE_ENDPOINT_INVALID',
    message: expect.stringContaining('ftp://nowhere'),
  })
})

test('a secret that a flag gives for every host is masked', async () => {
  const file = join(folder.path, 'secret')
  writeFileSync(file, 'nowhere.example.org\n')
  const { stdout, stderr } = await destroy([
    ...['--inventory', inventory, '--inventory-reader', 'yaml', '--yes', '--api-user', 'a@pam'],
    ...['--api-password-file', file, '--api-host', 'ftp://nowhere.example.org'],
  ])
  expect(stdout).toContain('ftp://********')
  expect(stdout + stderr).not.toContain('nowhere.example.org')
})

describe('mistakes on the command line', () => {
  test.each([
    [['--forks', '3'], '--forks is of use with --inventory only.', 'vm.destroy'],
    [['--yes', '--vmid', '100'], '--yes is of use with --inventory only.', 'vm.destroy'],
    [['--inventory', 'x', '--name', 'a'], '--name is for one host:', 'teardown'],
    [['--inventory', 'x', '--vmid', '100'], '--vmid is for one host:', 'teardown'],
    [['--inventory', 'x', '--node', 'pve'], '--node is for one host:', 'teardown'],
    [['--inventory', 'x', '--force'], '--force is for one host:', 'teardown'],
    [['--inventory=x', '--fork', '3'], 'did you mean --forks?', 'teardown'],
  ])('%j are usage errors', async (words, message, step) => {
    const { code, document } = await destroy(words)
    expect(code).toBe(2)
    expect(document).toMatchObject({ step, error: { code: 'USAGE', hint: 'See `nci vm destroy --help`.' } })
    expect(document.error.message).toContain(message)
  })

  test('a value for every host that is wrong is told once', async () => {
    const { code, document } = await destroy(['--inventory', inventory, '--api-port', 'x', '--yes'])
    expect(code).toBe(3)
    expect(document.error).toMatchObject({
      code: 'INPUT_INVALID',
      details: { mistakes: [{ pointer: '/api_port' }] },
    })
  })

  test('one in the document as well', async () => {
    const { document } = await destroy(['--input', '-'], { input: { inventory, forks: 0 } })
    expect(document).toMatchObject({
      step: 'teardown',
      error: { code: 'INPUT_INVALID', details: { mistakes: [{ pointer: '/forks' }] } },
    })
  })
})

test('the help tells both ways, the flags for inventories apart, and other defaults', async () => {
  const { stdout } = await runText(['vm', 'destroy', '--help'], { env: { COLUMNS: '200' } })
  expect(stdout).toContain('nci vm destroy [--input FILE] [FLAGS]')
  expect(stdout).toContain('nci vm destroy --inventory PATH [--limit PATTERN] [FLAGS]')
  expect(stdout).toContain('INVENTORY FLAGS')
  expect(stdout.replace(/\s+/g, ' ')).toContain('Default: false. With --inventory: true.')
  expect(stdout).toContain('$ nci vm destroy --inventory inventory --limit test --yes')
})
