import { spawnSync } from 'node:child_process'
import { closeSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Box, End } from '../../support/lab.ts'
import { nciPath } from '../../support/nci.ts'
import type { ErrorCase } from '../error-cases.ts'

/** Runs the command with a stdout that may only be read; the document is made of what stderr says. */
function runWithoutStdout(box: Box, words: readonly string[]): End {
  const file = join(box.folder, 'readable')
  writeFileSync(file, '')
  const stdout = openSync(file, 'r')
  const { status, signal, stderr } = spawnSync(nciPath, words, {
    env: { ...box.environment },
    encoding: 'utf8',
    stdio: ['ignore', stdout, 'pipe'],
  })
  closeSync(stdout)
  const [, code = '', message = '', hint = ''] = /^(\w+): (.*)\n {2}(.*)\n$/.exec(stderr) ?? []
  const error = { code, message, hint, retryable: false, details: {} }
  const document = { ok: false, step: 'schema', error, warnings: [] } as unknown as End['document']
  return { exitCode: status, signal, stdout: '', stderr, document }
}

export const inputCases: ErrorCase[] = [
  {
    code: 'USAGE',
    when: 'a flag is unknown',
    run: (box) => box.run(['vm', 'info', '--nonsense', 'x']),
    says: ['nci vm info --help'],
  },
  {
    code: 'USAGE',
    when: 'there is no such command, and names the one that was meant',
    run: (box) => box.run(['vm', 'crate'], { progress: undefined }),
    says: ['nci vm create'],
  },
  {
    code: 'STDOUT_UNWRITABLE',
    when: 'the result cannot be written',
    run: async (box) => runWithoutStdout(box, ['schema', 'vm.create']),
    says: ['Standard output', 'EBADF', 'Send it'],
  },
  {
    code: 'PROTOCOL_MISMATCH',
    when: 'the caller wants other documents than this version has',
    run: (box) => box.run(['vm', 'info', '--name', 'web1', '--protocol', '99']),
    says: ['99', 'nci version'],
  },
  {
    code: 'INPUT_UNREADABLE',
    when: 'the input document does not exist',
    run: (box) => box.run(['vm', 'create', '--input', join(box.folder, 'absent.json')]),
    says: ['absent.json'],
  },
  {
    code: 'INPUT_NOT_JSON',
    when: 'the input document ends too early',
    run: (box) => box.run(['vm', 'create'], { input: '{"name": "web1",' }),
    says: ['ends too early', 'nci schema vm.create'],
  },
  {
    code: 'INPUT_NOT_JSON',
    when: 'the input document is a list',
    run: (box) => box.run(['provision'], { input: '[{"name": "web1"}]' }),
    says: ['a list'],
  },
  {
    code: 'INPUT_INVALID',
    when: 'a property is misspelt and others are wrong, all of which it names',
    run: (box) =>
      box.run(['provision'], { input: { ...box.host, memmory: 1, cores: 'two', detach: 'warm', name: '_' } }),
    says: ['did you mean `memory`', '/cores', '/detach', '/name'],
  },
  {
    code: 'INPUT_INVALID',
    when: 'neither flake nor store paths are given',
    run: (box) => box.run(['nixos', 'install'], { input: { vmid: 100 } }),
    says: ['`flake`', '`store_paths`'],
  },
  {
    code: 'INPUT_INVALID',
    when: 'the environment has a number that is none',
    run: (box) => box.run(['vm', 'info', '--vmid', '100'], { environment: { PROXMOX_PORT: 'eight' } }),
    says: ['/api_port'],
  },
  {
    code: 'SECRET_UNREADABLE',
    when: 'the file of a secret does not exist',
    run: (box) => box.run(['vm', 'info', '--vmid', '100', '--api-password-file', join(box.folder, 'none')]),
    says: ['none', 'api_password'],
  },
  {
    code: 'TIMEOUT',
    when: 'Proxmox does not answer before the step’s time is up',
    async before({ lab }) {
      lab.faults.add({ path: '/cluster/resources', action: { hang: true } })
    },
    run: (box) => box.run(['vm', 'info', '--vmid', '100', '--timeout', '0.5']),
    says: ['0.5 seconds', 'longer with `timeout`'],
  },
  {
    code: 'INTERRUPTED',
    when: 'Ctrl-C is pressed while Proxmox is asked',
    async before({ lab }) {
      lab.faults.add({ path: '/cluster/resources', action: { hang: true } })
    },
    async run(box) {
      const nci = box.start(['vm', 'info', '--vmid', '100'])
      await nci.until({ type: 'start' })
      nci.signal('SIGINT')
      return nci.ended
    },
    says: ['SIGINT'],
  },
  {
    code: 'ENGINE_BUG',
    when: 'Proxmox answers with data of a kind that no version of it has',
    async before({ lab }) {
      const body = JSON.stringify({ data: { nodes: 'none' } })
      lab.faults.add({
        path: '/cluster/resources',
        action: { answer: { status: 200, reason: 'OK', body } },
      })
    },
    run: (box) => box.run(['vm', 'info', '--vmid', '100']),
    says: ['This is a bug'],
  },
  {
    code: 'INPUT_NOT_JSON',
    when: 'a document with a secret in it has a syntax error, and does not quote it',
    async run(box) {
      const file = join(box.folder, 'broken.json')
      writeFileSync(file, '{\n  "api_password": "correct-horse",,\n}\n')
      const end = await box.run(['vm', 'info', '--input', file])
      if (/horse/.test(end.stdout + end.stderr)) throw new Error(`the secret is shown: ${end.stdout}`)
      return end
    },
    says: [/line 2/],
  },
]
