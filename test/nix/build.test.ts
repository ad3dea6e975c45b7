import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { buildSystem } from '../../src/nix/build.ts'
import { recordingContext } from '../support/context.ts'
import { temporaryFolder } from '../support/folder.ts'
import { writeProgram } from '../support/program.ts'

const disko = '/nix/store/ai3p870qh98iska7vyv1xc8hgmkj95d4-disko'
const system = '/nix/store/q99n4jhblf0lv4xg4dlwa5vrvj5mwrgg-nixos-system-toy-26.05'
const red = '\u001b[31;1merror:\u001b[0m'

afterEach(() => {
  vi.unstubAllEnvs()
})

/** A line of `--log-format internal-json`. */
const json = (entry: object): string => `@nix ${JSON.stringify(entry)}`

/** Builds with a `nix` first in PATH that prints what was recorded, and notes how it was called. */
async function build(
  nix: { stderr?: string[]; stdout?: string[]; code?: number },
  flake = './infrastructure#web1',
  options: Record<string, string> = {},
) {
  using folder = temporaryFolder()
  const bin = join(folder.path, 'bin')
  mkdirSync(bin)
  const lines = (name: string, text: string[] = []): string => {
    writeFileSync(join(folder.path, name), text.map((line) => `${line}\n`).join(''))
    return join(folder.path, name)
  }
  const words = join(folder.path, 'arguments')
  writeProgram(
    join(bin, 'nix'),
    `for word; do printf '%s\\n' "$word"; done > '${words}'
printf '%s' "$NIX_CONFIG" > '${words}.config'
cat '${lines('stderr', nix.stderr)}' >&2
cat '${lines('stdout', nix.stdout)}'
exit ${nix.code ?? 0}`,
  )
  vi.stubEnv('PATH', `${bin}:${process.env.PATH}`)
  const context = recordingContext()
  const log: string[] = []
  const outcome = await buildSystem(flake, options, context, (line) => log.push(line)).catch(
    (error: unknown) => error,
  )
  const config = readFileSync(`${words}.config`, 'utf8')
  return {
    outcome,
    log,
    config,
    events: context.events,
    arguments: readFileSync(words, 'utf8').trim().split('\n'),
  }
}

test('the paths come in the order in which they were asked for', async () => {
  const built = await build({ stdout: [disko, system] }, './infrastructure#web1', { 'access-tokens': 'a=b' })
  const { outcome, config, arguments: words } = built
  expect(outcome).toEqual({ disko_script: disko, system })
  expect(words.slice(-2)).toEqual([
    './infrastructure#nixosConfigurations."web1".config.system.build.diskoScript',
    './infrastructure#nixosConfigurations."web1".config.system.build.toplevel',
  ])
  // Options may be secrets: they are in the environment, and in no process list.
  expect(config).toBe('access-tokens = a=b')
  expect(words.join(' ')).not.toContain('access-tokens')
  expect(words.join(' ')).toContain('--extra-experimental-features nix-command flakes build --no-link')
})

test('a name with dots is one attribute, and a whole attribute path is kept: as nixos-anywhere reads them', async () => {
  const dotted = await build({ stdout: [disko, system] }, '.#web1.example.org')
  expect(dotted.arguments.at(-1)).toBe(
    '.#nixosConfigurations."web1.example.org".config.system.build.toplevel',
  )
  const whole = await build({ stdout: [disko, system] }, '.#nixosConfigurations.web1.config')
  expect(whole.arguments.at(-1)).toBe('.#nixosConfigurations.web1.config.system.build.toplevel')
})

test('progress of builds and copies is added up; messages and build logs become lines, without colours', async () => {
  const { events, log } = await build({
    stdout: [disko, system],
    stderr: [
      json({ action: 'start', id: 1, level: 5, parent: 0, text: 'querying info', type: 109 }),
      json({ action: 'start', id: 2, level: 0, parent: 0, text: '', type: 104 }),
      json({ action: 'result', id: 2, type: 105, fields: [0, 4, 1, 0] }),
      json({ action: 'start', id: 3, level: 0, parent: 0, text: '', type: 103 }),
      json({ action: 'result', id: 3, type: 105, fields: [1, 2, 1, 0] }),
      json({ action: 'start', id: 4, level: 3, parent: 2, text: "building '/nix/store/x.drv'", type: 105 }),
      json({ action: 'result', id: 4, type: 101, fields: ['\u001b[1mcompiling\u001b[0m'] }),
      json({ action: 'result', id: 1, type: 105, fields: [7, 9, 0, 0] }),
      json({ action: 'result', id: 2, type: 105, fields: [4, 4, 0, 0] }),
      json({ action: 'stop', id: 2 }),
      json({ action: 'msg', level: 1, msg: "\u001b[35;1mwarning:\u001b[0m Git tree '/x' is dirty" }),
      '@nix this is no JSON',
      'a line of something else',
    ],
  })
  expect(events.filter(({ type }) => type === 'progress')).toEqual([
    { type: 'progress', done: 0, total: 4, unit: 'items' },
    { type: 'progress', done: 1, total: 6, unit: 'items' },
    { type: 'progress', done: 5, total: 6, unit: 'items' },
  ])
  expect(log).toEqual([
    "building '/nix/store/x.drv'",
    'compiling',
    "warning: Git tree '/x' is dirty",
    'a line of something else',
  ])
  expect(events.flatMap((event) => (event.type === 'log' ? [event.line] : []))).toEqual(log)
})

test('of a failed build the reason is the one that failed, not those that need it', async () => {
  const { outcome } = await build({
    code: 1,
    stderr: [
      json({
        action: 'msg',
        level: 0,
        msg: `${red} builder for '\u001b[35;1m/nix/store/a-motd.drv\u001b[0m' failed with exit code 2;\n       last 1 log lines:\n       > path ./motd does not exist\n       For full logs, run:\n         nix log /nix/store/a-motd.drv`,
        raw_msg: "builder for '/nix/store/a-motd.drv' failed with exit code 2;",
      }),
      json({
        action: 'msg',
        level: 0,
        msg: `${red} 1 dependencies of derivation '/nix/store/b-etc.drv' failed to build`,
        raw_msg: "1 dependencies of derivation '/nix/store/b-etc.drv' failed to build",
      }),
    ],
  })
  expect(outcome).toMatchObject({
    code: 'NIX_BUILD_FAILED',
    message:
      "The system `./infrastructure#web1` could not be built: builder for '/nix/store/a-motd.drv' failed with exit code 2.",
    hint: `Build it by hand to see more: \`nix build './infrastructure#nixosConfigurations."web1".config.system.build.toplevel'\`.`,
    details: { log: expect.arrayContaining(['       > path ./motd does not exist']) },
  })
})

test('of an evaluation the reason is the last error of its trace', async () => {
  const { outcome } = await build({
    code: 1,
    stderr: [
      json({
        action: 'msg',
        level: 0,
        msg: `${red}\n       … while evaluating the option \`boot':\n\n       ${red} The option \`boot.lodaer' does not exist.`,
        raw_msg: 'The option',
      }),
    ],
  })
  expect(outcome).toMatchObject({ details: { reason: "The option `boot.lodaer' does not exist." } })
  expect((outcome as Error).message).not.toMatch(/\.\.$|\n/)
})

test.each([
  ["error: flake 'path:/x' does not provide attribute 'nixosConfigurations.web1'", 'FLAKE_NOT_FOUND'],
  ["error: path '/nowhere' does not exist", 'FLAKE_NOT_FOUND'],
  ["error: cannot find flake 'flake:web' in the flake registries", 'FLAKE_NOT_FOUND'],
  ["error: unable to download 'https://example.org/x.tar.gz': HTTP error 404", 'FLAKE_NOT_FOUND'],
  ["error: experimental Nix feature 'flakes' is disabled", 'NIX_UNUSABLE'],
  ["error: unrecognised flag '--print-out-paths'\nTry 'nix --help' for more information.", 'NIX_UNUSABLE'],
  ["error: 'build' is not a recognised command", 'NIX_UNUSABLE'],
  ['error: out of memory', 'NIX_BUILD_FAILED'],
])('%s is %s', async (text, code) => {
  expect((await build({ code: 1, stderr: text.split('\n') })).outcome).toMatchObject({ code })
})

test('what a build prints is no reason to blame the flake', async () => {
  const { outcome } = await build({
    code: 1,
    stderr: [
      json({ action: 'result', id: 9, type: 101, fields: ['warning: ./cache does not exist'] }),
      "error: builder for '/nix/store/a.drv' failed with exit code 1",
    ],
  })
  expect(outcome).toMatchObject({ code: 'NIX_BUILD_FAILED' })
})

test('a Nix that says nothing, or prints no paths, is reported', async () => {
  expect((await build({ code: 1 })).outcome).toMatchObject({
    code: 'NIX_BUILD_FAILED',
    message: expect.stringContaining('Nix said nothing'),
  })
  expect((await build({ stdout: [disko] })).outcome).toMatchObject({ code: 'NIX_UNUSABLE' })
})

test('without Nix in PATH that is the error', async () => {
  vi.stubEnv('PATH', '/nowhere')
  await expect(buildSystem('.#a', {}, recordingContext())).rejects.toMatchObject({ code: 'NIX_UNUSABLE' })
})

test('an abort ends the build with its reason', async () => {
  using folder = temporaryFolder()
  writeProgram(join(folder.path, 'nix'), 'echo started >&2; exec sleep 1000')
  vi.stubEnv('PATH', `${folder.path}:${process.env.PATH}`)
  const controller = new AbortController()
  const reason = new Error('stop')
  const building = buildSystem('.#a', {}, recordingContext(controller.signal), () => controller.abort(reason))
  await expect(building).rejects.toBe(reason)
})
