import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { sessionOf, startOf } from '../../src/core/process-identity.ts'
import { refusals, type SecondLook, type WrapperOptions, wrapperScript } from '../../src/nix/ssh-wrapper.ts'
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

const self = { pid: process.pid, started: startOf(process.pid), session: sessionOf(process.pid) }

/** The wrapper of a program that prints the words it is given, and the end of its PATH. */
function wrapperFile(changes: Partial<WrapperOptions> = {}): string {
  const ssh = writeProgram(
    join(folder.path, 'real'),
    `for word; do printf '%s\\0' "$word"; done; echo "\${PATH##*:} $SSH_AUTH_SOCK" >&2`,
  )
  const script = wrapperScript({
    ssh,
    hosts: ['host', '192.0.2.7', '2001:db8::7', 'nci-installer'],
    options: [],
    engine: self,
    environment: {},
    otherEnvironment: { PATH: `${process.env.PATH}:/own`, SSH_AUTH_SOCK: "/it's" },
    look: look(),
    ...changes,
  })
  return writeProgram(join(folder.path, 'ssh'), script)
}

/** The words that the real ssh would be given, where the wrapper lets it be started. */
function wordsFor(...given: string[]): { words: string[]; stderr: string; status: number | null } {
  const { stdout, stderr, status } = spawnSync(wrapperFile(), given, { encoding: 'utf8' })
  return { words: stdout.split('\0').slice(0, -1), stderr, status }
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
    expect(words.slice(0, -1)).toEqual(['-F', 'none', ...head])
    const [, guard = '', rest] = /^(\[ .*?; \}; )(.*)$/s.exec(words.at(-1) ?? '') ?? []
    expect(guard).toContain(bootId)
    expect(rest).toBe(command)
  })

  test.each([[['-G', 'root@host']], [['-V']], [['-N', '-M', 'host']]])('%j starts nothing there', (given) => {
    expect(wordsFor(...given).words).toEqual(['-F', 'none', ...given])
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

describe('a connection', () => {
  const isPinned = (...given: string[]): boolean => wordsFor(...given).words[0] === '-F'

  test.each([
    [['host', 'true']],
    [['root@HOST', 'true']],
    [['-l', 'root', 'nci-installer', 'true']],
    [['a@b@192.0.2.7', 'true']],
    [['ssh://root@192.0.2.7:2222', 'true']],
    [['ssh://host', 'true']],
    [['ssh://root@[2001:db8::7]:22', 'true']],
    [['-p', '22', '--', 'root@2001:db8::7', 'true']],
  ])('of %j is the installer’s', (given) => {
    expect(isPinned(...given)).toBe(true)
  })

  test.each([
    [['git@github.com', "git-upload-pack 'x'"]],
    [['-x', '-T', 'builder', 'nix-store', '--serve']],
    [['-s', 'files', 'sftp']],
    [['ssh://host@elsewhere:22', 'true']],
    [['host.elsewhere', 'true']],
    [['builder', '-N', '-M']],
  ])('of %j is the user’s own, with the own variables', (given) => {
    expect(wordsFor(...given)).toEqual({ words: given, stderr: "/own /it's\n", status: 0 })
  })
})

describe('what names disko’s script looks at the disks', () => {
  const commandOf = (diskoScript: string | undefined, command: string): string => {
    const file = wrapperFile({ look: { ...look(), diskoScript } })
    return spawnSync(file, ['host', command], { encoding: 'utf8' }).stdout.split('\0').at(-2) ?? ''
  }
  test.each([
    ['/nix/store/abc-format', '/nix/store/abc-format'],
    ['/nix/store/abc-format', 'sudo /nix/store/abc-format'],
    ['/nix/store/abc-format', "bash '/nix/store/abc-format' --yes"],
    [undefined, 'bash /nix/store/abc-disko-format'],
  ])('%s in `%s`', (script, command) => {
    expect(commandOf(script, command)).toContain(refusals.otherDisks)
  })
  test('another command does not', () => {
    expect(commandOf('/nix/store/abc-format', 'nix-store --serve --write')).not.toContain(refusals.otherDisks)
  })
})

describe('an installation whose engine has ended', () => {
  /** A script that tries for ever, as nixos-anywhere does, in a session of its own; its signal in the end. */
  async function endOf(engine: WrapperOptions['engine'], loop: string): Promise<NodeJS.Signals | null> {
    const child = spawn('/bin/sh', ['-c', `${loop.replaceAll('SSH', `'${wrapperFile({ engine })}'`)}`], {
      stdio: 'ignore',
      detached: true,
    })
    const [, signal] = await once(child, 'exit')
    return signal
  }
  const forever = 'until SSH host exit; do sleep 0.1; done'

  test('is ended with all of its loops', async () => {
    const engine = spawn('sleep', ['1000'])
    const { pid = 0 } = engine
    const killed = { pid, started: startOf(pid), session: self.session }
    engine.kill('SIGKILL')
    await once(engine, 'exit')
    expect(await endOf(killed, forever)).toBe('SIGTERM')
  })

  test('is ended although another process has got its id', async () => {
    expect(await endOf({ ...self, started: '1' }, forever)).toBe('SIGTERM')
  })

  test('is ended out of a group within it, and where it ignores to be asked', async () => {
    const stubborn = "trap '' TERM; while :; do timeout 10 SSH host exit; sleep 0.1; done"
    expect(await endOf({ ...self, started: '1' }, stubborn)).toBe('SIGKILL')
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
