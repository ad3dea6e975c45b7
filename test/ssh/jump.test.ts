import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { doForcedExit } from '../../src/core/forced-exit.ts'
import { isAlive } from '../../src/core/process-identity.ts'
import { findJump, type JumpOptions } from '../../src/ssh/jump.ts'
import { type LoginKey, loadLoginKey } from '../../src/ssh/keys.ts'
import { openSession } from '../../src/ssh/session.ts'
import { ConnectFailure, knock } from '../../src/ssh/stream.ts'
import { waitForLogin } from '../../src/ssh/wait.ts'
import { temporaryFolder } from '../support/folder.ts'
import { freePort, hasSshd, type Sshd, startSshd } from '../support/sshd.ts'

const never = new AbortController().signal
const guest = { host: '192.0.2.7', port: 22 }

let folder: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  folder = temporaryFolder()
})
afterEach(() => {
  vi.unstubAllEnvs()
  folder[Symbol.dispose]()
})

const configOf = (...lines: string[]): string => {
  const file = join(folder.path, 'config')
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''))
  return file
}
const commandOf = async (options: JumpOptions, address = guest): Promise<string | undefined> =>
  (await findJump(address, 'root', options))?.proxyCommand

describe.skipIf(!hasSshd)('the way to a guest', () => {
  test.each([
    ['bastion', '-W', "'[192.0.2.7]:22' -- bastion"],
    ['me@bastion:2222', '-l me', "-p 2222 -W '[192.0.2.7]:22' -- bastion"],
    ['first:2201,me@second', '-J first:2201', "-l me -W '[192.0.2.7]:22' -- second"],
    ['me@[2001:db8::1]:2222', '-l me', "-p 2222 -W '[192.0.2.7]:22' -- 2001:db8::1"],
    ['ssh://bastion:2222', '-p 2222', '-- bastion'],
  ])('through %s is asked of ssh, which asks nothing itself', async (hosts, ...parts) => {
    const command = await commandOf({ ssh_proxy_jump: hosts, ssh_config_file: 'none' })
    expect(command).toMatch(/^ssh -F none -o BatchMode=yes /)
    for (const part of parts) expect(command).toContain(part)
  })

  test.each([
    ['is none itself where it would end with it', ['ControlMaster auto'], true],
    ['may be one that stays', ['ControlMaster auto', 'ControlPersist 60'], false],
    ['is none anyway', ['ControlPersist no'], false],
  ])('through a master that others use: it %s', async (_, lines, isKept) => {
    const ssh_config_file = configOf('Host bastion', ...lines.map((line) => `  ${line}`))
    const command = await commandOf({ ssh_proxy_jump: 'me@bastion:2222', ssh_config_file })
    expect(command?.includes('-o ControlMaster=no ')).toBe(isKept)
  })

  test('is what the configuration says for its address, and for no other', async () => {
    const ssh_config_file = configOf('Host 192.0.2.*', '  ProxyJump me@bastion:2222')
    expect(await commandOf({ ssh_config_file })).toContain(`-p 2222 -W '[192.0.2.7]:22' -- bastion`)
    expect(await commandOf({ ssh_config_file }, { host: '198.51.100.7', port: 22 })).toBeUndefined()
  })

  test('is none through an IPv6 address without brackets, which may have a port at its end', async () => {
    await expect(commandOf({ ssh_proxy_jump: 'first,2001:db8::1:22' })).rejects.toMatchObject({
      code: 'SSH_JUMP_FAILED',
      message: expect.stringContaining('IPv6 addresses go into brackets'),
    })
  })

  test('may be a command of the configuration’s, with the address filled in', async () => {
    const ssh_config_file = configOf('Host *', '  ProxyCommand nc -X 5 %h %p # 100%%')
    expect(await commandOf({ ssh_config_file }, { host: 'fe80::7%eth0', port: 2222 })).toBe(
      'nc -X 5 fe80::7%%eth0 2222 # 100%%',
    )
  })

  test('is the user’s own configuration’s unless another one is named, or none', async () => {
    const ssh_config_file = configOf('Host *', '  ProxyJump none')
    expect(await commandOf({ ssh_config_file })).toBeUndefined()
    expect(await commandOf({ ssh_config_file: 'none' })).toBeUndefined()
    const jumps = configOf('Host *', '  ProxyJump bastion')
    expect(await commandOf({ ssh_proxy_jump: 'none', ssh_config_file: jumps })).toBeUndefined()
  })

  test('is direct where there is no OpenSSH', async () => {
    vi.stubEnv('PATH', folder.path)
    expect(await commandOf({})).toBeUndefined()
  })

  test('cannot be told by a configuration that is wrong', async () => {
    const ssh_config_file = configOf('Hots *')
    await expect(commandOf({ ssh_config_file })).rejects.toMatchObject({
      code: 'SSH_JUMP_FAILED',
      message: expect.stringContaining('terminating, 1 bad configuration options'),
    })
  })

  test.each([['$(touch x)'], ['-oProxyCommand=x'], ["a'b"], ['a b'], ['']])(
    'is none to an address that a shell would read: %s',
    async (host) => {
      const failing = commandOf({ ssh_proxy_jump: 'bastion', ssh_config_file: 'none' }, { host, port: 22 })
      await expect(failing).rejects.toMatchObject({ code: 'SSH_JUMP_FAILED' })
    },
  )
})

describe.skipIf(!hasSshd)('through a real sshd to another', () => {
  let bastion: Sshd
  let server: Sshd
  let key: LoginKey
  beforeAll(async () => {
    bastion = await startSshd()
    server = await startSshd('ListenAddress [::1]:{port}')
    key = await loadLoginKey({ ssh_private_key_file: server.keyFile })
  })
  afterAll(async () => {
    await bastion[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  /** A configuration of OpenSSH in which the jump host is `bastion`. */
  const config = (hostKey = bastion.hostKey, ...more: string[]): string => {
    const known = join(folder.path, 'known_hosts')
    writeFileSync(known, `[127.0.0.1]:${bastion.port} ${hostKey}\n`)
    return configOf(
      'Host bastion',
      '  HostName 127.0.0.1',
      `  Port ${bastion.port}`,
      `  User ${bastion.user}`,
      `  IdentityFile ${bastion.keyFile}`,
      `  UserKnownHostsFile ${known}`,
      ...more,
    )
  }
  const route = async (options: JumpOptions, host = '127.0.0.1', port = server.port) => ({
    host,
    port,
    jump: await findJump({ host, port }, server.user, options),
  })
  const logIn = async (options: JumpOptions, host?: string): Promise<string> => {
    const address = await route(options, host)
    const login = { address, user: server.user, key, hostKey: server.hostKey }
    await using session = await openSession(login, never)
    return (await session.run('cat', never, 'through\n')).stdout
  }
  const sessionsOfBastion = (): number =>
    bastion.log.filter((line) => line.startsWith('Accepted publickey')).length

  test('a login goes through the jump host', async () => {
    const before = sessionsOfBastion()
    expect(await logIn({ ssh_proxy_jump: 'bastion', ssh_config_file: config() })).toBe('through\n')
    expect(sessionsOfBastion()).toBe(before + 1)
  })

  test('one through two jump hosts, and one to an IPv6 address', async () => {
    const ssh_config_file = config()
    const before = sessionsOfBastion()
    expect(await logIn({ ssh_proxy_jump: 'bastion,bastion', ssh_config_file }, '::1')).toBe('through\n')
    expect(sessionsOfBastion()).toBe(before + 2)
  })

  test('one as the configuration says: by ProxyJump and by ProxyCommand', async () => {
    const before = sessionsOfBastion()
    const jump = config(bastion.hostKey, 'Host 127.0.0.1', '  ProxyJump bastion')
    expect(await logIn({ ssh_config_file: jump })).toBe('through\n')
    const file = join(folder.path, 'config')
    const command = config(
      bastion.hostKey,
      'Host 127.0.0.1',
      `  ProxyCommand ssh -F ${file} -o BatchMode=yes -W [%h]:%p bastion`,
    )
    expect(await logIn({ ssh_config_file: command })).toBe('through\n')
    expect(sessionsOfBastion()).toBe(before + 2)
  })

  test('a knock goes through as well', async () => {
    await knock(await route({ ssh_proxy_jump: 'bastion', ssh_config_file: config() }), never)
  })

  test('OpenSSH itself takes the same way with the command as its ProxyCommand', async () => {
    const { jump } = await route({ ssh_proxy_jump: 'bastion', ssh_config_file: config() })
    const { stdout, stderr } = spawnSync(
      'ssh',
      [
        ...['-F', 'none', '-o', `ProxyCommand=${jump?.proxyCommand}`, '-i', server.keyFile],
        ...['-o', 'StrictHostKeyChecking=no', '-o', `UserKnownHostsFile=${join(folder.path, 'new')}`],
        ...['-o', 'BatchMode=yes', '-l', server.user, 'some-alias', 'echo', 'through'],
      ],
      { encoding: 'utf8' },
    )
    expect(stdout, stderr).toBe('through\n')
  })

  test('a guest that does not listen yet is told apart from a jump host that refuses', async () => {
    const ssh_config_file = config()
    const closed = await route({ ssh_proxy_jump: 'bastion', ssh_config_file }, '127.0.0.1', await freePort())
    const error = await knock(closed, never).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ConnectFailure)
    expect(error).toMatchObject({
      stage: 'tcp',
      message: expect.stringMatching(/open failed|forwarding failed/),
    })
  })

  test('so it is where the way leads through a master that is there', async () => {
    const socket = join(folder.path, 'master')
    const ssh_config_file = config(bastion.hostKey, 'Host bastion', `  ControlPath ${socket}`)
    const master = ['-F', ssh_config_file, '-o', 'BatchMode=yes']
    execFileSync('ssh', [...master, '-o', 'ControlPersist=60', '-MfN', 'bastion'], { stdio: 'ignore' })
    try {
      const closed = await route(
        { ssh_proxy_jump: 'bastion', ssh_config_file },
        '127.0.0.1',
        await freePort(),
      )
      await expect(knock(closed, never)).rejects.toMatchObject({ stage: 'tcp' })
      await knock(await route({ ssh_proxy_jump: 'bastion', ssh_config_file }), never)
    } finally {
      execFileSync('ssh', [...master, '-O', 'exit', 'bastion'], { stdio: 'ignore' })
    }
  })

  const refusal = async (ssh_config_file: string): Promise<unknown> =>
    knock(await route({ ssh_proxy_jump: 'bastion', ssh_config_file }), never).catch((error: unknown) => error)

  test('a jump host that shows another host key is named, with what was said', async () => {
    const other = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMb4G2N3rVYxkPqGl6a1cJf9uP5Z4wq0m2bQ2s7n9T0h'
    expect(await refusal(config(other))).toMatchObject({
      code: 'SSH_JUMP_FAILED',
      message: expect.stringContaining('Host key verification failed'),
      details: { jump: 'bastion', address: `127.0.0.1:${server.port}` },
    })
  })

  test('so is one that does not let us in', async () => {
    const strange = await startSshd(`AuthorizedKeysFile ${join(folder.path, 'none')}`)
    const known = join(folder.path, 'strange')
    writeFileSync(known, `[127.0.0.1]:${strange.port} ${strange.hostKey}\n`)
    const host = ['Host bastion', '  HostName 127.0.0.1', `  Port ${strange.port}`, `  User ${strange.user}`]
    const file = configOf(...host, `  IdentityFile ${strange.keyFile}`, `  UserKnownHostsFile ${known}`)
    const error = await refusal(file)
    await strange[Symbol.asyncDispose]()
    expect(error).toMatchObject({
      code: 'SSH_JUMP_FAILED',
      message: expect.stringContaining('Permission denied'),
    })
  })

  test('so is one that is not there', async () => {
    expect(await refusal(configOf('Host bastion', '  HostName 127.0.0.1', '  Port 1'))).toMatchObject({
      code: 'SSH_JUMP_FAILED',
      message: expect.stringContaining('Connection refused'),
    })
  })

  /** Waits for a guest, and counts the attempts. */
  async function waitThrough(options: JumpOptions, more: { signal?: AbortSignal; jumpPatience?: number }) {
    let attempts = 0
    const faults: unknown[] = []
    const error: unknown = await waitForLogin({
      signal: never,
      prepare: async () => {
        attempts++
        const address = await route(options)
        return { address, user: server.user, key, hostKey: server.hostKey, knock: false }
      },
      accept: () => true,
      onStage: () => undefined,
      onMismatch: () => false,
      onJump: (fault) => faults.push(fault?.details.fault),
      ...more,
    }).catch((thrown: unknown) => thrown)
    return { attempts, error, faults }
  }

  test('a jump host that goes on refusing ends a wait', async () => {
    const other = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMb4G2N3rVYxkPqGl6a1cJf9uP5Z4wq0m2bQ2s7n9T0h'
    const { attempts, error } = await waitThrough(
      { ssh_proxy_jump: 'bastion', ssh_config_file: config(other) },
      {},
    )
    expect([attempts, error]).toEqual([3, expect.objectContaining({ code: 'SSH_JUMP_FAILED' })])
  })

  test('one that is not there is waited for, and not for ever', async () => {
    const ssh_config_file = configOf('Host bastion', '  HostName 127.0.0.1', '  Port 1')
    const { attempts, error, faults } = await waitThrough(
      { ssh_proxy_jump: 'bastion', ssh_config_file },
      { jumpPatience: 3500 },
    )
    expect(error).toMatchObject({ code: 'SSH_JUMP_FAILED', details: { fault: 'unreachable' } })
    expect(attempts).toBeGreaterThan(3)
    expect(faults).toEqual(Array(attempts - 1).fill('unreachable'))
  })

  test('a command of the user’s that ends early does so because the guest still boots', async () => {
    const controller = new AbortController()
    const count = join(folder.path, 'count')
    const ssh_config_file = configOf(
      'Host *',
      `  ProxyCommand sh -c "echo x >> ${count}; echo nc: connect to %h failed: Connection refused >&2; exit 1"`,
    )
    const until = async (): Promise<void> => {
      while (!existsSync(count) || readFileSync(count, 'utf8').length < 8)
        await new Promise((resolve) => setTimeout(resolve, 20))
      controller.abort('enough')
    }
    const [{ error, faults }] = await Promise.all([
      waitThrough({ ssh_config_file }, { signal: controller.signal, jumpPatience: 0 }),
      until(),
    ])
    expect([error, faults.filter((fault) => fault !== undefined)]).toEqual(['enough', []])
  })

  test('a command of the user’s that is none ends a wait', async () => {
    const ssh_config_file = configOf('Host *', '  ProxyCommand no-such-program %h')
    expect((await waitThrough({ ssh_config_file }, {})).error).toMatchObject({ code: 'SSH_JUMP_FAILED' })
  })

  /** Aborts a jump once its command has written its process id, and gives that. */
  async function abortedPid(command: (pidFile: string) => string): Promise<number> {
    const controller = new AbortController()
    const pid = join(folder.path, 'pid')
    const jump = { proxyCommand: command(pid), through: 'a command', isCommand: true }
    const waiting = knock({ ...guest, jump }, controller.signal).catch((reason: unknown) => reason)
    while (!existsSync(pid) || !readFileSync(pid, 'utf8').endsWith('\n'))
      await new Promise((resolve) => setTimeout(resolve, 5))
    controller.abort('stop')
    expect(await waiting).toBe('stop')
    return Number(readFileSync(pid, 'utf8'))
  }
  const hasEnded = async (pid: number): Promise<void> =>
    expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false)

  test('an abort ends what it started', async () => {
    await hasEnded(await abortedPid((pid) => `sh -c 'echo $$ > ${pid}; exec sleep 1000'`))
  })

  test('an abort ends what does not listen to it as well', async () => {
    const stubborn = (pid: string): string =>
      `sh -c 'trap "" TERM; echo $$ > ${pid}; while :; do sleep 1; done'`
    await hasEnded(await abortedPid(stubborn))
  })

  test('what it started ends with a run that is made to end at once', async () => {
    const pid = join(folder.path, 'pid')
    const jump = {
      proxyCommand: `sh -c 'trap "" TERM; echo $$ > ${pid}; exec sleep 1000'`,
      through: 'x',
      isCommand: true,
    }
    const waiting = knock({ ...guest, jump }, never).catch(() => undefined)
    await expect.poll(() => existsSync(pid) && readFileSync(pid, 'utf8').endsWith('\n')).toBe(true)
    doForcedExit()
    await waiting
    await hasEnded(Number(readFileSync(pid, 'utf8')))
  })

  test('what it starts is not told the secrets of ours', async () => {
    vi.stubEnv('PROXMOX_TOKEN_SECRET', 'hush')
    vi.stubEnv('NCI_SSH_PRIVATE_KEY', 'hush')
    const file = join(folder.path, 'environment')
    const jump = { proxyCommand: `sh -c 'env > ${file}; exit 1'`, through: 'x', isCommand: true }
    await knock({ ...guest, jump }, never).catch(() => undefined)
    expect(readFileSync(file, 'utf8')).toContain('PATH=')
    expect(readFileSync(file, 'utf8')).not.toContain('hush')
  })
})
