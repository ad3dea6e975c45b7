import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { refusals, type SecondLook, wrapperScript } from '../../src/nix/ssh-wrapper.ts'
import { type Route, Workspace } from '../../src/nix/workspace.ts'
import { temporaryFolder } from '../support/folder.ts'
import { writeProgram } from '../support/program.ts'
import { hasSshd, type Sshd, startSshd } from '../support/sshd.ts'

const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
let folder: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  folder = temporaryFolder()
  vi.stubEnv('TMPDIR', folder.path)
})
afterEach(() => {
  vi.unstubAllEnvs()
  folder[Symbol.dispose]()
})

/** What is looked at again: a file stands for the disks, another is written after disko. */
function look(changes: Partial<SecondLook> = {}): SecondLook {
  const disks = join(folder.path, 'disks')
  writeFileSync(disks, "it's blank\n")
  return {
    bootId,
    disks: { command: `cat '${disks}'`, printed: "it's blank" },
    afterDisko: `echo done > '${join(folder.path, 'formatted')}'`,
    ...changes,
  }
}

/** The words that the real ssh would be given, where the wrapper lets it be started. */
function wordsFor(...words: string[]): { words: string[]; stderr: string; status: number | null } {
  const ssh = writeProgram(join(folder.path, 'real'), `for word; do printf '%s\\0' "$word"; done`)
  const script = wrapperScript({ ssh, options: [], engine: process.pid, environment: {}, look: look() })
  const file = writeProgram(join(folder.path, 'ssh'), script)
  const { stdout, stderr, status } = spawnSync(file, words, { encoding: 'utf8' })
  return { words: stdout.split('\0').slice(2, -1), stderr, status }
}

describe('the command line, read as ssh itself reads it', () => {
  test.each([
    [['host', 'echo', 'a b'], ['host'], 'echo a b'],
    [['-T', '-o', 'A=b', 'root@host', 'exit', '0'], ['-T', '-o', 'A=b', 'root@host'], 'exit 0'],
    [
      ['-oA=b', 'host', '-x', '-p', '22', 'nix-store', '-v'],
      ['-oA=b', 'host', '-x', '-p', '22'],
      'nix-store -v',
    ],
    [['host', '--', '-x'], ['host', '--'], '-x'],
    [['--', 'host', '-x'], ['--', 'host'], '-x'],
    [['-4Tp', '22', 'host', "echo 'it''s'"], ['-4Tp', '22', 'host'], "echo 'it''s'"],
  ])('%j', (given, head, command) => {
    const { words } = wordsFor(...given)
    expect(words.slice(0, -1)).toEqual(head)
    const [, guard = '', rest] = /^(\[ .*?; \}; )(.*)$/s.exec(words.at(-1) ?? '') ?? []
    expect(guard).toContain(bootId)
    expect(rest).toBe(command)
  })

  test.each([[['-G', 'root@host']], [['-V']], [['-N', '-M', 'host']]])('%j starts nothing there', (given) => {
    expect(wordsFor(...given).words).toEqual(given)
  })

  test.each([
    [['host'], 'without a command'],
    [[], 'without a command'],
    [['-s', 'host', 'sftp'], 'with the option -s'],
    [['-W', 'a:1', 'host'], 'with the option -W'],
    [['-Z', 'host', 'true'], 'with the option -Z'],
    [['host', '-o'], 'with the option -o'],
  ])('%j is refused', (given, reason) => {
    expect(wordsFor(...given)).toEqual({ words: [], stderr: `nci: no ssh ${reason}\n`, status: 255 })
  })
})

describe.skipIf(!hasSshd)('the second look, with a real server', () => {
  function run(server: Sshd, second: SecondLook, command: string, input = '') {
    using workspace = new Workspace()
    workspace.pinHostKey(server.hostKey, '127.0.0.1', { look: second })
    const login = ['-i', server.keyFile, '-p', String(server.port), `${server.user}@127.0.0.1`]
    return spawnSync(join(workspace.programs, 'ssh'), ['-T', ...login, command], { encoding: 'utf8', input })
  }
  const isFormatted = (): boolean => existsSync(join(folder.path, 'formatted'))

  test('a command gets its input and gives its status, in the boot that was looked at', async () => {
    await using server = await startSshd()
    expect(run(server, look(), 'cat; exit 9', 'in')).toMatchObject({ status: 9, stdout: 'in', stderr: '' })
    expect(isFormatted()).toBe(false)
  })

  test('a machine that has booted again is given no command at all', async () => {
    await using server = await startSshd()
    const { status, stdout, stderr } = run(server, look({ bootId: 'another' }), 'echo ran; cat', 'secret')
    expect([status, stdout, stderr]).toEqual([255, '', `${refusals.otherBoot}\n`])
  })

  test('disko runs on the disks that were looked at, and leaves word that it did', async () => {
    await using server = await startSshd()
    // A store path as the server has it: there is no Nix here.
    const { stderr } = run(server, look(), '/nix/store/absent-disko 2>/dev/null || true')
    expect(stderr).toBe('')
    expect(isFormatted()).toBe(true)
  })

  test('disko that fails leaves no word', async () => {
    await using server = await startSshd()
    expect(run(server, look(), '/nix/store/absent-disko').status).toBe(127)
    expect(isFormatted()).toBe(false)
  })

  test('disko does not run on disks that have changed; other commands do', async () => {
    await using server = await startSshd()
    const second = look()
    writeFileSync(join(folder.path, 'disks'), 'ext4 of somebody else\n')
    const { status, stderr } = run(server, second, '/nix/store/absent-disko')
    expect([status, stderr]).toEqual([255, `${refusals.otherDisks}\n`])
    expect(run(server, second, 'echo ok').stdout).toBe('ok\n')
  })

  test('the way through a jump host is gone with the real ssh, and only the machine’s key is pinned', async () => {
    await using jump = await startSshd()
    await using server = await startSshd()
    using workspace = new Workspace()
    const known = join(folder.path, 'known_hosts')
    writeFileSync(known, `[127.0.0.1]:${jump.port} ${jump.hostKey}\n`)
    const hop = `-o UserKnownHostsFile=${known} -o BatchMode=yes -i ${jump.keyFile} -p ${jump.port}`
    const route: Route = {
      proxyCommand: `ssh -F none ${hop} -W 127.0.0.1:${server.port} ${jump.user}@127.0.0.1`,
      look: look(),
    }
    workspace.pinHostKey(server.hostKey, '127.0.0.1', route)
    // Port 9 is nobody's: only the jump host knows the way.
    const words = ['-i', server.keyFile, '-p', '9', `${server.user}@127.0.0.1`, 'echo through']
    const { stdout, stderr } = spawnSync('ssh', words, {
      encoding: 'utf8',
      env: { ...process.env, PATH: `${workspace.programs}:${process.env.PATH}` },
    })
    expect(stdout, stderr).toBe('through\n')
  })
})
