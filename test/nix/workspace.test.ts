import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { startOf } from '../../src/core/process-identity.ts'
import { hostAlias, Workspace } from '../../src/nix/workspace.ts'
import { temporaryFolder } from '../support/folder.ts'
import { hasSshd, makeKey, startSshd } from '../support/sshd.ts'

let folder: ReturnType<typeof temporaryFolder>
const never = new AbortController().signal
const mode = (file: string): string => (statSync(file).mode & 0o7777).toString(8)

beforeEach(() => {
  folder = temporaryFolder()
  mkdirSync(join(folder.path, 'tmp'))
  vi.stubEnv('TMPDIR', join(folder.path, 'tmp'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  folder[Symbol.dispose]()
})

const left = (): string[] => readdirSync(join(folder.path, 'tmp'))

test('the folder is the user’s alone, and is removed with everything in it', async () => {
  const before = process.umask(0)
  try {
    const workspace = new Workspace()
    const root = dirname(workspace.temporary)
    expect(mode(root)).toBe('700')
    const key = await workspace.makeKey('id', 'nci', never)
    expect(mode(key.file)).toBe('600')
    expect(existsSync(workspace.programs)).toBe(true)
    workspace[Symbol.dispose]()
    expect(left()).toEqual([])
  } finally {
    process.umask(before)
  }
})

test('a key that was made is one that OpenSSH reads', async () => {
  using workspace = new Workspace()
  const { file, publicKey } = await workspace.makeKey('id', 'web1', never)
  expect(publicKey).toMatch(/^ssh-ed25519 \S+ web1$/)
  const derived = execFileSync('ssh-keygen', ['-y', '-f', file], { encoding: 'utf8' }).trim()
  expect(derived.split(' ').slice(0, 2)).toEqual(publicKey.split(' ').slice(0, 2))
})

describe('a private key of the user’s', () => {
  test('is taken over with its public half, readable by the user alone', () => {
    using workspace = new Workspace()
    const given = makeKey(folder.path, 'given')
    chmodSync(given, 0o644)
    const { file, publicKey } = workspace.takeKey('host_key', given)
    expect(mode(file)).toBe('600')
    expect(publicKey).toBe(readFileSync(`${given}.pub`, 'utf8').split(' ').slice(0, 2).join(' '))
  })

  test.each([
    ['has a passphrase', () => makeKey(folder.path, 'locked', '-N', 'secret'), 'without a passphrase'],
    ['is of another type', () => makeKey(folder.path, 'rsa', '-t', 'rsa'), 'of the type ssh-rsa'],
    ['is none', () => join(folder.path, 'nowhere'), 'there is no such file'],
  ])('is refused where it %s', (_, given, reason) => {
    using workspace = new Workspace()
    const property = '`host_key_file` cannot be used'
    const take = (): unknown => workspace.takeKey('host_key', given())
    expect(take).toThrow(expect.objectContaining({ code: 'INSTALL_FILES_MISSING' }))
    expect(() => workspace.takeKey('host_key', join(folder.path, 'nowhere'))).toThrow(property)
    rmSync(join(folder.path, 'locked'), { force: true })
    rmSync(join(folder.path, 'rsa'), { force: true })
    expect(take).toThrow(reason)
  })

  test('takes the place of one among the extra files', async () => {
    using workspace = new Workspace()
    const files = join(folder.path, 'own')
    mkdirSync(join(files, 'etc', 'ssh'), { recursive: true })
    makeKey(join(files, 'etc', 'ssh'), 'ssh_host_ed25519_key')
    const key = await workspace.makeKey('host', 'web1', never)
    const { hostKey } = workspace.collectFiles(files, key, true)
    expect(hostKey).toBe(key.publicKey.split(' ').slice(0, 2).join(' '))
  })
})

describe('the files for the new system', () => {
  function userFolder(): string {
    const files = join(folder.path, 'files')
    mkdirSync(join(files, 'etc', 'secret'), { recursive: true })
    writeFileSync(join(files, 'etc', 'secret', 'key'), 'k')
    chmodSync(join(files, 'etc', 'secret', 'key'), 0o400)
    chmodSync(join(files, 'etc', 'secret'), 0o750)
    symlinkSync('../relative', join(files, 'etc', 'link'))
    return files
  }

  test('there is no folder where there is nothing to ship', () => {
    using workspace = new Workspace()
    expect(workspace.collectFiles(undefined, undefined)).toEqual({ folder: undefined, hostKey: undefined })
  })

  test('the user’s files keep their modes and links, and a host key joins them', async () => {
    using workspace = new Workspace()
    const key = await workspace.makeKey('host', 'web1', never)
    const { folder: files = '', hostKey } = workspace.collectFiles(userFolder(), key)
    expect(hostKey?.split(' ').slice(0, 2)).toEqual(key.publicKey.split(' ').slice(0, 2))
    expect(mode(join(files, 'etc', 'secret', 'key'))).toBe('400')
    expect(mode(join(files, 'etc', 'secret'))).toBe('750')
    expect(lstatSync(join(files, 'etc', 'link')).isSymbolicLink()).toBe(true)
    const shipped = join(files, 'etc', 'ssh', 'ssh_host_ed25519_key')
    expect([mode(shipped), mode(`${shipped}.pub`)]).toEqual(['600', '644'])
    expect(readFileSync(shipped, 'utf8')).toBe(readFileSync(key.file, 'utf8'))
  })

  test('the folders that become the new system’s can be entered by all, whatever the umask', async () => {
    const before = process.umask(0o077)
    try {
      using workspace = new Workspace()
      const key = await workspace.makeKey('host', 'web1', never)
      const { folder: files = '' } = workspace.collectFiles(undefined, key)
      const folders = ['.', 'etc', 'etc/ssh'].map((name) => mode(join(files, name)))
      expect(folders).toEqual(['755', '755', '755'])
      expect(mode(join(files, 'etc/ssh/ssh_host_ed25519_key'))).toBe('600')
    } finally {
      process.umask(before)
    }
  })

  test.each([
    ['with', true],
    ['without', false],
  ])('a host key of the user’s stays, %s its public half', async (_, withPublic) => {
    using workspace = new Workspace()
    const files = join(folder.path, 'own')
    mkdirSync(join(files, 'etc', 'ssh'), { recursive: true })
    const own = makeKey(join(files, 'etc', 'ssh'), 'ssh_host_ed25519_key')
    const [privateKey, publicKey] = [own, `${own}.pub`].map((file) => readFileSync(file, 'utf8').trim())
    if (!withPublic) execFileSync('rm', [`${own}.pub`])
    const key = await workspace.makeKey('host', 'web1', never)
    const collected = workspace.collectFiles(files, key)
    const shipped = join(collected.folder ?? '', 'etc', 'ssh', 'ssh_host_ed25519_key')
    expect(readFileSync(shipped, 'utf8').trim()).toBe(privateKey)
    expect(collected.hostKey?.split(' ').slice(0, 2)).toEqual(publicKey?.split(' ').slice(0, 2))
  })

  test('a folder that is not there is named as the property', () => {
    using workspace = new Workspace()
    const collect = (): unknown => workspace.collectFiles(join(folder.path, 'nowhere'), undefined)
    expect(collect).toThrow(expect.objectContaining({ code: 'INSTALL_FILES_MISSING' }))
    expect(collect).toThrow(/`extra_files` cannot be used/)
  })
})

test('without an OpenSSH client the key cannot be pinned, and that is said', () => {
  using workspace = new Workspace()
  vi.stubEnv('PATH', '/nowhere')
  expect(() => workspace.pinHostKey('ssh-ed25519 AAAA', '127.0.0.1')).toThrow(/there is no `ssh` in PATH/)
})

test('an IPv6 address has an alias that programs take, and that leads to it', () => {
  using workspace = new Workspace()
  workspace.pinHostKey('ssh-ed25519 AAAA', '2001:db8::21')
  // OpenSSH itself says what it would do, given what nixos-anywhere gives it.
  const words = [
    '-G',
    '-o',
    'StrictHostKeyChecking=no',
    '-o',
    'UserKnownHostsFile=/dev/null',
    `root@${hostAlias}`,
  ]
  const { stdout } = spawnSync(join(workspace.programs, 'ssh'), words, { encoding: 'utf8' })
  expect(stdout).toMatch(/^hostname 2001:db8::21$/m)
  expect(stdout).toMatch(/^user root$/m)
  expect(stdout).toMatch(/^stricthostkeychecking true$/m)
  expect(stdout).toMatch(/^userknownhostsfile .*\/known_hosts"?$/m)
})

test('a percent sign stands for nothing: neither that of a zone nor one in the name of a folder', () => {
  const temporary = join(folder.path, 'tmp', '100%h')
  mkdirSync(temporary)
  vi.stubEnv('TMPDIR', temporary)
  using workspace = new Workspace()
  workspace.pinHostKey('ssh-ed25519 AAAA', 'fe80::1%lo')
  const file = join(workspace.programs, 'ssh')
  const { stdout, stderr } = spawnSync(file, ['-G', `root@${hostAlias}`], { encoding: 'utf8' })
  expect(stdout, stderr).toMatch(/^hostname fe80::1%lo$/m)
  // Only a connection looks for the file: ssh says which it would be.
  const words = ['-v', '-p', '1', `root@${hostAlias}`, 'true']
  expect(spawnSync(file, words, { encoding: 'utf8' }).stderr).not.toMatch(/percent_expand|unknown key/)
})

test('the user’s options come after those that pin the host key, and before our own patience', () => {
  using workspace = new Workspace()
  workspace.pinHostKey('ssh-ed25519 AAAA', '192.0.2.1', {
    sshOptions: ['ConnectTimeout=77', 'StrictHostKeyChecking=no', 'Compression=yes'],
  })
  const { stdout } = spawnSync(join(workspace.programs, 'ssh'), ['-G', 'root@192.0.2.1'], {
    encoding: 'utf8',
  })
  expect(stdout).toMatch(/^connecttimeout 77$/m)
  expect(stdout).toMatch(/^compression yes$/m)
  expect(stdout).toMatch(/^stricthostkeychecking true$/m)
  expect(stdout).toMatch(/^nohostauthenticationforlocalhost no$/m)
})

describe.skipIf(!hasSshd)('the ssh that pins the host key, with a real server', () => {
  /** Calls it as nixos-anywhere does: with options that would switch the verification off. */
  function ssh(
    workspace: Workspace,
    server: { port: number; user: string; keyFile: string },
    command: string,
  ) {
    const off = ['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null']
    const login = ['-i', server.keyFile, '-p', String(server.port), `${server.user}@127.0.0.1`]
    return spawnSync('ssh', [...off, ...login, command], {
      encoding: 'utf8',
      env: { ...process.env, PATH: `${workspace.programs}:${process.env.PATH}` },
    })
  }

  test('it lets the pinned server through, and what is run there', async () => {
    await using server = await startSshd()
    using workspace = new Workspace()
    workspace.pinHostKey(server.hostKey, '127.0.0.1')
    expect(ssh(workspace, server, 'echo $((6 * 7)); exit 9')).toMatchObject({ status: 9, stdout: '42\n' })
  })

  test('it refuses another key before anything is authenticated', async () => {
    await using server = await startSshd()
    using workspace = new Workspace()
    const other = readFileSync(`${makeKey(folder.path, 'other')}.pub`, 'utf8')
    workspace.pinHostKey(other, '127.0.0.1')
    const { status, stdout, stderr } = ssh(workspace, server, 'echo in')
    expect([status, stdout]).toEqual([255, ''])
    expect(stderr).toContain('Host key verification failed')
    expect(server.log.join('\n')).not.toContain('Accepted')
  })

  test('it makes no connection any more when the engine has ended', async () => {
    await using server = await startSshd()
    using workspace = new Workspace()
    workspace.pinHostKey(server.hostKey, '127.0.0.1')
    const file = join(workspace.programs, 'ssh')
    const script = readFileSync(file, 'utf8')
    const check = `"$started" != ${startOf(process.pid)} ]`
    expect(script).toContain(check)
    writeFileSync(file, script.replace(check, '"$started" != 1 ]'))
    const { status, stdout, stderr } = ssh(workspace, server, 'echo in')
    expect([status, stdout, stderr]).toEqual([255, '', 'the engine has ended\n'])
  })
})
