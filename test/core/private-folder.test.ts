import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { doForcedExit } from '../../src/core/forced-exit.ts'
import { PrivateFolder } from '../../src/core/private-folder.ts'
import { temporaryFolder } from '../support/folder.ts'

let temporary: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  temporary = temporaryFolder()
  vi.stubEnv('TMPDIR', temporary.path)
})
afterEach(() => {
  vi.unstubAllEnvs()
  temporary[Symbol.dispose]()
})

const owner = (folder: PrivateFolder): Record<string, unknown> =>
  JSON.parse(readFileSync(join(folder.path, '.owner'), 'utf8'))
const own = (folder: PrivateFolder, changes: Record<string, unknown>): void =>
  writeFileSync(join(folder.path, '.owner'), JSON.stringify({ ...owner(folder), ...changes }))
const folders = (): string[] => readdirSync(temporary.path)

test('it is the user’s alone, and gone with all that is in it when it is disposed', () => {
  const folder = new PrivateFolder('nci-a-')
  writeFileSync(join(folder.path, 'key'), 'secret')
  expect(statSync(folder.path).mode & 0o777).toBe(0o700)
  folder[Symbol.dispose]()
  expect(folders()).toEqual([])
})

test('it is gone when the process is made to end at once', () => {
  using folder = new PrivateFolder('nci-a-')
  doForcedExit()
  expect(existsSync(folder.path)).toBe(false)
})

test('those of runs that go on stay, and so do those of another kind', () => {
  using first = new PrivateFolder('nci-a-')
  using other = new PrivateFolder('nci-b-')
  own(other, { pid: 2 ** 22 + 1 })
  using second = new PrivateFolder('nci-a-')
  for (const folder of [first, other, second]) expect(existsSync(folder.path)).toBe(true)
})

test('what a killed process left is removed by the next one', async () => {
  const child = spawn(process.execPath, [
    '--input-type=module-typescript',
    '-e',
    `import { PrivateFolder } from ${JSON.stringify(join(import.meta.dirname, '../../src/core/private-folder.ts'))}
     console.log(new PrivateFolder('nci-a-').path)
     setInterval(() => undefined, 1000)`,
  ])
  const [line] = await once(child.stdout, 'data')
  const left = String(line).trim()
  using meanwhile = new PrivateFolder('nci-a-')
  expect(existsSync(left)).toBe(true)
  child.kill('SIGKILL')
  await once(child, 'close')
  using after = new PrivateFolder('nci-a-')
  expect([left, meanwhile.path, after.path].map((path) => existsSync(path))).toEqual([false, true, true])
})

test('what a killed process started for it is ended before it is removed', async () => {
  const folder = new PrivateFolder('nci-a-')
  const orphan = spawn('sleep', ['1000'], {
    env: { ...process.env, PATH: `${folder.path}/bin:${process.env.PATH}` },
  })
  const bystander = spawn('sleep', ['1000'])
  own(folder, { started: '1' })
  using _ = new PrivateFolder('nci-a-')
  expect((await once(orphan, 'exit'))[1]).toBe('SIGKILL')
  expect([existsSync(folder.path), bystander.exitCode, bystander.signalCode]).toEqual([false, null, null])
  bystander.kill()
})

test('a process that was given the same id later is not taken for the owner', () => {
  using folder = new PrivateFolder('nci-a-')
  own(folder, { started: '1' })
  using _ = new PrivateFolder('nci-a-')
  expect(existsSync(folder.path)).toBe(false)
})

test.each([
  [
    'of another boot, container or machine',
    (folder: PrivateFolder) => own(folder, { pid: 1, world: 'other' }),
  ],
  ['without an owner', (folder: PrivateFolder) => writeFileSync(join(folder.path, '.owner'), '')],
])('one %s stays until no run can be that old', (_, change) => {
  using folder = new PrivateFolder('nci-a-')
  change(folder)
  using __ = new PrivateFolder('nci-a-')
  expect(existsSync(folder.path)).toBe(true)
  const days = Date.now() / 1000 - 9 * 86_400
  utimesSync(folder.path, days, days)
  using ___ = new PrivateFolder('nci-a-')
  expect(existsSync(folder.path)).toBe(false)
})
