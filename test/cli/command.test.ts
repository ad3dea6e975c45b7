import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commandWords, documentIds, flatten, inputSchema } from '../../src/codegen/schema.ts'
import { temporaryFolder } from '../support/folder.ts'
import { cleanEnvironment, type Document, runNci, runText, startNci, withDocument } from '../support/nci.ts'
import { freePort, makeKey } from '../support/sshd.ts'

const ajv = new Ajv2020({ allowUnionTypes: true, strict: false })
const isResult = ajv.compile(flatten('result.json'))
const isEvent = ajv.compile(flatten('event.json'))

let folder: ReturnType<typeof temporaryFolder>
let key: string
beforeAll(() => {
  folder = temporaryFolder()
  key = makeKey(folder.path, 'id')
})
afterAll(() => folder[Symbol.dispose]())

/** A wait that ends only when it is told to. */
const waiting = async (): Promise<string[]> => [
  ...['ssh', 'wait', '--ssh-host', '127.0.0.1', '--ssh-port', String(await freePort())],
  ...['--expect', 'any', '--ssh-private-key-file', key],
]

const events = (stderr: string): Document[] =>
  stderr
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))

describe('a command line that is wrong', () => {
  test.each([
    [['bogus'], 'There is no command `nci bogus`.', 'nci --help'],
    [
      ['vm', 'creat', '--json'],
      'There is no command `nci vm creat`; did you mean `nci vm create`?',
      'nci vm --help',
    ],
    [['vm', 'info', 'extra', '--vmid', '101'], 'Unexpected argument: extra.', 'nci vm info --help'],
    [['vm', 'start', '--bogus'], 'Nonexistent flag: --bogus.', 'nci vm start --help'],
    [['vm', 'start', '--vmid'], 'Flag --vmid expects a value.', 'nci vm start --help'],
    [['vm', 'start', '--progress', 'x'], 'Expected --progress=x to be one of:', 'nci vm start --help'],
    [
      ['vm', 'start', '--api-token-secret', 'x'],
      'Secrets are not taken from the command line: write it to a file and use --api-token-secret-file.',
      'nci vm start --help',
    ],
    [['vm', 'start', '--vmidd', '1'], 'did you mean --vmid?', 'nci vm start --help'],
    [['provision', '--report', 'x'], 'did you mean --report-file?', 'nci provision --help'],
    [['vm', 'create', '--memroy', '1'], 'did you mean --memory?', 'nci vm create --help'],
    [['vm', 'destroy', '--limti', 'x'], 'did you mean --limit?', 'nci vm destroy --help'],
    [['lab', 'start', '--foldr', 'x'], 'did you mean --folder?', 'nci lab start --help'],
    [['vm', 'create', '--disks', '8G'], '`disks` is a list or an object', 'nci vm create --help'],
    [['version', '--bogus'], 'Nonexistent flag: --bogus.', 'nci version --help'],
    [['schema', 'vm.crate'], 'There is no schema `vm.crate`; did you mean `vm.create`?', 'nci schema'],
    [['completion', 'tcsh'], 'Expected tcsh to be one of: bash, zsh, fish.', 'nci completion --help'],
    [['lab', 'run'], 'No command was given.', 'nci lab run --help'],
    [
      ['lab', 'start', '--guest-memory', '10'],
      '--guest-memory must be an integer of 64 or more, not 10.',
      'nci lab start --help',
    ],
    [
      ['lab', 'start', '--guest-cpus', '1.5'],
      '--guest-cpus must be an integer, not 1.5.',
      'nci lab start --help',
    ],
    [
      ['lab', 'run', '--port', '99999', '--', 'true'],
      '--port must be an integer of 65535 at most, not 99999.',
      'nci lab run --help',
    ],
    [
      ['lab', 'start', '--guest-memory', '512'],
      '--guest-memory is of use with --guests qemu only.',
      'nci lab start --help',
    ],
    [
      ['lab', 'run', '--guests', 'simulated', '--guest-cpus', '2', '--', 'true'],
      '--guest-cpus is of use with --guests qemu only.',
      'nci lab run --help',
    ],
  ])('%j ends with one document and exit code 2', async (words, message, help) => {
    const { code, document } = await runNci(words)
    expect(code).toBe(2)
    expect(isResult(document)).toBe(true)
    expect(document.error).toMatchObject({ code: 'USAGE', hint: `See \`${help}\`.` })
    expect(document.error.message).toContain(message)
  })
})

describe('input', () => {
  test('mistakes of flags, document and environment are reported together, with exit code 3', async () => {
    const { code, document } = await runNci(['vm', 'create', '--input', '-', '--cores', 'two'], {
      input: { name: 'web1', memmory: 1 },
      env: { PROXMOX_PORT: 'x' },
    })
    expect(code).toBe(3)
    const pointers = document.error.details.mistakes.map(({ pointer }: { pointer: string }) => pointer)
    expect(pointers.sort()).toEqual(['/api_port', '/cores', '/memmory'])
  })

  test('standard input is read whole, also when it is long and comes in parts', async () => {
    expect((await runNci(['vm', 'create', '-i', '-'])).document.error.message).toContain('it is empty')
    const long = { name: 'web1', description: 'x'.repeat(7001), tags: Array(50_000).fill('tag') }
    const { document } = await runNci(['vm', 'create', '-i', '-'], { input: long })
    expect(document.error.details.mistakes).toEqual([
      { pointer: '/description', expected: 'must NOT have more than 7000 characters' },
    ])
  })

  test('standard input is left alone where nobody asks for it', async () => {
    const { document } = await runNci(['vm', 'start', '--vmid', '101'], { input: 'no JSON' })
    expect(document.error.code).toBe('PVE_HOST_MISSING')
  })

  test('JSON with a mistake is placed, and not quoted', async () => {
    const { code, document, stdout, stderr } = await runNci(['vm', 'start', '-i', '-'], {
      input: '{\n  "vmid": 101,\n  "api_password": "hunter22"x\n}',
    })
    expect(code).toBe(3)
    expect(document.error.message).toBe(
      'The input on standard input is not a JSON object: syntax error at line 3, column 29.',
    )
    expect(stdout + stderr).not.toContain('hunter22')
  })

  test('an inventory that is given as Ansible takes one is told its flag', async () => {
    const file = join(folder.path, 'hosts.yml')
    writeFileSync(file, 'all:\n  hosts: { web1: }\n')
    const { document } = await runNci(['provision', '-i', file])
    expect(document.error).toMatchObject({
      code: 'INPUT_NOT_JSON',
      hint: '`-i` is `--input`, which takes JSON: give an Ansible inventory with `--inventory`.',
    })
  })

  test('flags are converted, and may switch off', async () => {
    const { document } = await runNci([
      ...[
        'vm',
        'create',
        '--name',
        'web1',
        '--no-agent',
        '--memory',
        '1',
        '--vmid',
        '0x10',
        '--timeout',
        '0',
      ],
    ])
    const pointers = document.error.details.mistakes.map(({ pointer }: { pointer: string }) => pointer)
    expect(pointers.sort()).toEqual(['/memory', '/timeout', '/vmid'])
  })

  test('a secret is read from its file, and masked wherever it would be shown', async () => {
    const file = join(folder.path, 'password')
    writeFileSync(file, 'pve.example.org\n')
    const words = ['vm', 'start', '--vmid', '101', '--api-user', 'a@pam', '--api-password-file', file]
    // The host's name is shown in the error; here it is the secret as well.
    const { document, stdout, stderr } = await runNci([...words, '--api-host', 'https://pve.example.org/x'])
    expect(document.error.code).toBe('PVE_ENDPOINT_INVALID')
    expect(document.error.message).toContain('https://********/x')
    expect(stdout + stderr).not.toContain('pve.example.org')
  })

  test('a secret’s file that cannot be read is named', async () => {
    const words = ['vm', 'start', '--vmid', '101', '--api-user', 'a@pam', '--api-password-file', '/nowhere']
    const { code, document } = await runNci(words)
    expect(code).toBe(3)
    expect(document.error).toMatchObject({ code: 'SECRET_UNREADABLE', details: { name: 'api_password' } })
  })

  test('the file of the login key is a path, as in a document', async () => {
    const words = ['ssh', 'wait', '--ssh-host', '127.0.0.1', '--ssh-private-key-file', '~/nowhere']
    const { document } = await runNci(words, { env: { HOME: folder.path } })
    expect(document.error).toMatchObject({
      code: 'SSH_KEY_UNUSABLE',
      details: { file: join(folder.path, 'nowhere') },
    })
  })

  test('a variable gives what nothing else gives', async () => {
    const { document } = await runNci(['vm', 'start', '--vmid', '101'], { env: { PROXMOX_HOST: 'ftp://x' } })
    expect(document.error.code).toBe('PVE_ENDPOINT_INVALID')
    const flag = ['vm', 'start', '--vmid', '101', '--api-host', 'pve']
    expect((await runNci(flag, { env: { PROXMOX_HOST: 'ftp://x' } })).document.error.code).toBe(
      'PVE_CREDENTIALS_MISSING',
    )
  })
})

describe('interruption', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s ends a step with its document and 130',
    async (signal) => {
      const { child, ended } = startNci([...(await waiting()), '--progress', 'ndjson'])
      await once(child.stderr, 'data')
      child.kill(signal)
      const { code, document, stderr } = withDocument(await ended)
      expect(code).toBe(130)
      expect(isResult(document)).toBe(true)
      expect(document).toMatchObject({
        ok: false,
        step: 'ssh.wait',
        error: { code: 'INTERRUPTED', message: `Interrupted by ${signal}.`, retryable: true },
      })
      expect(events(stderr).at(-1)).toEqual({
        step: 'ssh.wait',
        type: 'end',
        status: 'failed',
        error: 'INTERRUPTED',
      })
    },
  )

  test('a deadline is told as how far it got, with exit code 5', async () => {
    const { code, document } = await runNci([...(await waiting()), '--timeout', '0.2'])
    expect(code).toBe(5)
    expect(document.error).toMatchObject({
      code: 'SSH_NOT_READY',
      message:
        'The guest could not be logged in to within 0.2 seconds; it got as far as: an address is known, nothing answers there yet.',
    })
  })

  test('a reader of the progress that goes away does not end the run', async () => {
    const accepted = Promise.withResolvers<Socket>()
    const server = createServer((socket) => accepted.resolve(socket)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const words = (await waiting()).map((word, index, all) =>
      all[index - 1] === '--ssh-port' ? `${port}` : word,
    )
    const { child, ended } = startNci([...words, '--progress', 'ndjson'])
    child.stderr.destroy()
    const socket = await accepted.promise
    child.kill('SIGINT')
    expect(withDocument(await ended).document.error.code).toBe('INTERRUPTED')
    socket.destroy()
    server.close()
  })
})

describe('progress', () => {
  test('ndjson is an event a line, each as the schema says', async () => {
    const { stderr } = await runNci([...(await waiting()), '--timeout', '0.2', '--progress', 'ndjson'])
    const all = events(stderr)
    expect(all.map(({ type }) => type)).toEqual(expect.arrayContaining(['start', 'phase', 'end']))
    for (const event of all) expect([event, isEvent(event)]).toEqual([event, true])
  })

  test('lines are plain, and are what is shown off a terminal', async () => {
    const runs = [[], ['--progress', 'lines']].map(async (words) =>
      runNci([...(await waiting()), '--timeout', '3', ...words]),
    )
    for (const { stderr } of await Promise.all(runs)) {
      expect(stderr).toMatch(
        /^ssh\.wait: an address is known, nothing answers there yet\nssh\.wait: failed \(SSH_NOT_READY\) after \d+\.\d s\n$/,
      )
    }
  })

  test('none is nothing', async () => {
    const { stderr } = await runNci([...(await waiting()), '--timeout', '0.2', '--progress', 'none'])
    expect(stderr).toBe('')
  })

  test('NCI_DEBUG adds the stack to standard error, and the document stays one', async () => {
    const { stderr } = await runNci(['vm', 'start', '--vmid', '1000'], { env: { NCI_DEBUG: '1' } })
    expect(stderr).toMatch(/NciError: No Proxmox host was given\.\n\s+at /)
  })
})

/** The command of a document, without the flag that may choose the document. */
function wordsOf(id: string): string[] {
  return commandWords(id)
    .split(' ')
    .filter((word) => !word.startsWith('-'))
}

describe('help and information', () => {
  test.each(documentIds)(
    'the help of %s has its summary, its flags by group and its examples',
    async (id) => {
      const { code, stdout } = await runText([...wordsOf(id), '--help'], { env: { COLUMNS: '200' } })
      expect(code).toBe(0)
      const { 'x-summary': summary = '', 'x-examples': examples = [] } = inputSchema(id)
      // Lines are broken anywhere.
      expect(stdout.replace(/\s+/g, ' ')).toContain(summary)
      for (const { title } of examples) expect(stdout).toContain(`# ${title}`)
      expect(stdout).toContain('EXAMPLES')
      expect(stdout).toContain('RUN FLAGS')
      expect(stdout).toContain('-i, --input=FILE')
    },
  )

  test('no flag takes a secret itself', async () => {
    for (const id of documentIds) {
      const { stdout } = await runText([...wordsOf(id), '--help'])
      expect(stdout).not.toMatch(
        /--(api-password|api-token-secret|ci-password|ssh-private-key|github-token)=/,
      )
    }
  })

  test('an example that is a command line is one that is understood', async () => {
    const lines = await Promise.all(
      documentIds.map(async (id) => {
        const { stdout } = await runText([...wordsOf(id), '--help'])
        return stdout.replace(/\\\n\s+/g, '').match(/(?<=\$ nci ).*--.*/g) ?? []
      }),
    )
    const examples = lines.flat().filter((line) => !line.includes('[FLAGS]'))
    expect(examples.length).toBeGreaterThan(8)
    await Promise.all(
      examples.map(async (line) => {
        // With one mistake on purpose nothing is done; any other one would be reported beside it.
        const { document } = await runNci([...line.trim().split(/\s+/), '--timeout', '0'])
        const mistakes = document.error.details.mistakes?.map(({ pointer }: { pointer: string }) => pointer)
        expect([line, document.error.code, mistakes]).toEqual([line, 'INPUT_INVALID', ['/timeout']])
      }),
    )
  })

  test('the version is one object with the protocol, or a line', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
    const { document } = await runNci(['version', '--json'])
    expect(document).toEqual({ version, protocol: 1, node: expect.stringMatching(/^\d+\.\d+\.\d+$/) })
    expect((await runText(['version'])).stdout).toBe(`nci ${version} (protocol 1, Node ${document.node})\n`)
  })

  test('schemas are printed by name, and listed without one', async () => {
    const names = JSON.parse((await runText(['schema'])).stdout)
    expect(names).toEqual(expect.arrayContaining([...documentIds, 'host', 'event', 'result']))
    for (const name of ['vm.create', 'vm create', 'vm:create']) {
      const schema = JSON.parse((await runText(['schema', name])).stdout)
      expect(Object.keys(schema)).toEqual(['input', 'output'])
      expect(schema.input.properties).toHaveProperty('api_host')
    }
    expect(JSON.parse((await runText(['schema', 'result'])).stdout)).toMatchObject({ type: 'object' })
  })

  test('the environment of the tests configures nothing', () => {
    expect(Object.keys(cleanEnvironment()).filter((name) => /^(PROXMOX|NCI|GITHUB)_/.test(name))).toEqual([])
  })
})
