import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { writeProgram } from '../support/program.ts'
import { openStage, prefix, type Stage } from './support/play.ts'

const canary = 'c4nary-Sp1lled"&é'

interface Case {
  readonly what: string
  readonly values: object
  readonly code: string
  readonly message: string
}

/** An engine that is this shell script. */
function engine(stage: Stage, name: string, script: string): string {
  return writeProgram(join(stage.box.folder, name), script)
}

function cases(stage: Stage): Case[] {
  const missing = join(stage.box.folder, 'nowhere')
  mkdirSync(join(stage.box.folder, 'folder'))
  const node = engine(
    stage,
    'node-dies',
    "cat >/dev/null; echo 'Error: out of memory\n    at Object.<anonymous> (/x.js:1:1)' >&2; exit 1",
  )
  const old = engine(
    stage,
    'old',
    `cat >/dev/null; echo '${JSON.stringify(answer('USAGE', 'Nonexistent flag: --protocol'))}'; exit 2`,
  )
  const newer = engine(
    stage,
    'newer',
    `cat >/dev/null; echo '${JSON.stringify(answer('PROTOCOL_MISMATCH', 'no'))}'; exit 2`,
  )
  const spills = engine(stage, 'spills', 'echo "this is what I read:" $(cat) >&2; exit 3')
  return [
    { what: 'a missing argument', values: {}, code: 'INPUT_INVALID', message: 'name' },
    {
      what: 'an unknown one',
      values: { name: 'web1', memry: 1 },
      code: 'INPUT_INVALID',
      message: 'there is no `memry` (did you mean `memory`?)',
    },
    {
      what: 'one of the wrong type',
      values: { name: 'web1', cores: 'many' },
      code: 'INPUT_INVALID',
      message: '`cores` is not of type int',
    },
    {
      what: 'an unknown one within a list',
      values: { name: 'web1', disks: [{ sise: '4G' }] },
      code: 'INPUT_INVALID',
      message: 'there is no `disks.sise` (did you mean `disks.size`?)',
    },
    {
      what: 'a bad token',
      values: { name: 'web1', api_token_secret: '{{ canary }}' },
      code: 'PVE_AUTH_FAILED',
      message: 'token',
    },
    {
      what: 'an engine that is not there',
      values: { name: 'web1', engine_path: missing },
      code: 'ENGINE_MISSING',
      message: missing,
    },
    {
      what: 'an engine that is a folder',
      values: { name: 'web1', engine_path: '~/folder' },
      code: 'ENGINE_MISSING',
      message: 'folder',
    },
    {
      what: 'an engine of an older protocol',
      values: { name: 'web1', engine_path: old },
      code: 'ENGINE_PROTOCOL',
      message: 'protocol 1',
    },
    {
      what: 'an engine of a newer protocol',
      values: { name: 'web1', engine_path: newer },
      code: 'ENGINE_PROTOCOL',
      message: 'protocol 1',
    },
    {
      what: 'an engine that dies',
      values: { name: 'web1', engine_path: node },
      code: 'ENGINE_DIED',
      message: 'out of memory',
    },
    {
      what: 'an engine that is killed',
      values: { name: 'web1', engine_path: engine(stage, 'killed', 'kill -9 $$') },
      code: 'ENGINE_DIED',
      message: 'in the middle of vm.create',
    },
    {
      what: 'an engine that spills what it read',
      values: {
        name: 'web1',
        engine_path: spills,
        ci_password: '{{ spilled }}',
        api_token_secret: '{{ spilled }}',
      },
      code: 'ENGINE_DIED',
      message: '********',
    },
    {
      what: 'a log that cannot be written',
      values: { name: 'web1', engine_log: '/dev/null/log' },
      code: 'ENGINE_LOG_UNWRITABLE',
      message: '/dev/null/log',
    },
  ]
}

const answer = (code: string, message: string) => ({
  ok: false,
  step: 'vm.create',
  error: { code, message, hint: 'h', retryable: false, details: {} },
  warnings: [],
})

it('wrong input, and engines that are of no use, give one clear message with code and hint', {
  timeout: 300_000,
}, async (context) => {
  await using stage = await openStage(context)
  // In variables: Ansible itself quotes the lines of the playbook around a task that fails.
  const tasks = cases(stage).flatMap(({ what, values, code, message }) => [
    { what, code, message, task: { name: what, [`${prefix}.vm_create`]: values, ignore_errors: true } },
    // The module, as where a task is delegated or in the background.
    {
      what: `${what}, as a module`,
      code,
      message,
      task: {
        name: `${what}, as a module`,
        [`${prefix}.vm_create`]: values,
        ignore_errors: true,
        async: 60,
        poll: 1,
        delegate_to: 'localhost',
      },
    },
  ])
  const played = await stage.tasks(
    tasks.map(({ task }) => task),
    ['-vvv', '--diff', '-e', JSON.stringify({ canary, spilled: 'c4nary-spilled' })],
  )
  for (const { what, code, message } of tasks) {
    const { status, result } = played.tasks.find(({ task }) => task === what) ?? {}
    expect(status, `${what}: ${played.text}`).toBe('failed')
    expect(result.error?.code, `${what}: ${JSON.stringify(result)}`).toBe(code)
    expect(result.msg, what).toContain(message)
    expect(result.error.hint, what).toMatch(/\S+ \S+/)
    expect(`${result.msg}${result.error.message}`, what).not.toMatch(/Traceback|^\s+at |\n/m)
  }
  expect(played.text).not.toContain('Traceback')
  expect(played.text).not.toContain('c4nary')
})

it('values that are no list of dicts say what they must be', { timeout: 120_000 }, async (context) => {
  await using stage = await openStage(context)
  const wrong: [values: unknown, problem: string][] = [
    [{ memory: 4096 }, '`values` must be a list of dicts; write `values: [{…}]`.'],
    ['memory', '`values` must be a list of dicts.'],
    [['a'], 'entry 1 is no dict.'],
    [
      [{ memory: 4096 }, 5, { memry: 1 }],
      'entry 2 is no dict; there is no `memry` (did you mean `memory`?).',
    ],
  ]
  const name = (index: number): string => `values ${index}`
  const played = await stage.tasks(
    wrong.map(([values], index) => ({
      name: name(index),
      [`${prefix}.provision`]: { name: 'web1', values },
      ignore_errors: true,
    })),
  )
  for (const [index, [, problem]] of wrong.entries()) {
    const { result } = played.tasks.find(({ task }) => task === name(index)) ?? {}
    expect(result?.error?.code, played.text).toBe('INPUT_INVALID')
    expect(result.msg).toContain(`The values of \`localhost\` are not valid: ${problem}`)
  }
})

it('secrets are in nothing that is shown, returned or written', { timeout: 180_000 }, async (context) => {
  await using stage = await openStage(context)
  const { PROXMOX_TOKEN_SECRET: token = '', ...rest } = stage.environment
  const log = join(stage.box.folder, 'engine.ndjson')
  const values = { name: 'web1', vmid: 101, ci_password: canary, github_token: `${canary}-2` }
  const role = {
    hosts: 'localhost',
    gather_facts: false,
    vars: { nixos_vm: { ...stage.box.host, ...values }, proxmox_api_token_secret: token },
    roles: [{ role: `${prefix}.provision` }],
  }
  const create = {
    hosts: 'localhost',
    gather_facts: false,
    tasks: [
      {
        [`${prefix}.vm_create`]: {
          name: 'web2',
          ci_password: canary,
          api_token_secret: token,
          engine_log: log,
        },
      },
      {
        [`${prefix}.vm_info`]: { name: 'web2', api_token_secret: token },
        async: 60,
        poll: 1,
        delegate_to: 'localhost',
      },
    ],
  }
  const environment = {
    ...rest,
    PROXMOX_TOKEN_SECRET: '',
    ANSIBLE_LOG_PATH: join(stage.box.folder, 'ansible.log'),
  }
  const words = ['-i', 'localhost,', '-c', 'local', '-vvvv', '--diff', stage.playbook([role, create])]
  const played = await stage.play(words, { environment })
  expect(played.exitCode, played.text).toBe(0)
  const logs = join(stage.box.folder, '.local', 'state', 'nixos-cloud-init-installer')
  const written = [log, environment.ANSIBLE_LOG_PATH, ...readdirSync(logs).map((name) => join(logs, name))]
  const texts = [
    played.text,
    JSON.stringify(played.tasks),
    ...written.map((file) => readFileSync(file, 'utf8')),
  ]
  for (const secret of [canary, JSON.stringify(canary).slice(1, -1), token]) {
    for (const text of texts) expect(text.includes(secret), secret).toBe(false)
  }
})
