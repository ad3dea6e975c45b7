import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { generatedKey } from '../../src/ssh/generated-key.ts'
import { type LoginKey, loadLoginKey } from '../../src/ssh/keys.ts'
import { type Login, openSession } from '../../src/ssh/session.ts'
import { ConnectFailure, knock } from '../../src/ssh/stream.ts'
import { freePort, hasSshd, makeKey, type Sshd, startSshd } from '../support/sshd.ts'
import { tcpServer } from '../support/tcp-server.ts'

const never = new AbortController().signal

const failing = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no failure',
    (error) => error,
  )

describe.skipIf(!hasSshd)('with a real sshd', () => {
  let server: Sshd
  let key: LoginKey
  beforeAll(async () => {
    server = await startSshd()
    key = await loadLoginKey({ ssh_private_key_file: server.keyFile })
  })
  afterAll(() => server[Symbol.asyncDispose]())

  const login = (rest: Partial<Login> = {}): Login => ({
    address: { host: '127.0.0.1', port: server.port },
    user: server.user,
    key,
    hostKey: undefined,
    ...rest,
  })

  test('a login shows the host key that the server has', async () => {
    await using session = await openSession(login(), never)
    expect(session.hostKey).toBe(server.hostKey)
  })

  test('a command gives its exit code and both its streams, and gets its standard input', async () => {
    await using session = await openSession(login({ hostKey: `${server.hostKey} a comment` }), never)
    expect(await session.run('cat; echo err >&2; exit 5', never, 'grüße\n')).toEqual({
      code: 5,
      stdout: 'grüße\n',
      stderr: 'err\n',
    })
  })

  test('characters that arrive in parts are put together', async () => {
    await using session = await openSession(login(), never)
    const { stdout } = await session.run(`printf '\\303'; sleep 0.05; printf '\\274'`, never)
    expect(stdout).toBe('ü')
  })

  test('a megabyte in and out arrives whole', async () => {
    await using session = await openSession(login(), never)
    const text = 'x'.repeat(1024 ** 2)
    expect((await session.run('cat', never, text)).stdout.length).toBe(text.length)
  })

  test('commands run beside each other on one connection', async () => {
    await using session = await openSession(login(), never)
    const results = await Promise.all([1, 2, 3, 4].map((n) => session.run(`echo ${n}`, never)))
    expect(results.map(({ stdout }) => stdout.trim())).toEqual(['1', '2', '3', '4'])
  })

  test('a command that a signal ended has failed', async () => {
    await using session = await openSession(login(), never)
    expect((await session.run('kill -9 $$', never)).code).toBe(255)
  })

  test('an abort ends the wait for a command with its reason', async () => {
    await using session = await openSession(login(), never)
    const controller = new AbortController()
    const running = failing(session.run('sleep 1000', controller.signal))
    const reason = new Error('stop')
    controller.abort(reason)
    expect(await running).toBe(reason)
    expect(await failing(session.run('true', AbortSignal.abort('early')))).toBe('early')
  })

  test('a connection that breaks is reported to whoever waits, and to whoever comes after', async () => {
    await using session = await openSession(login(), never)
    expect(await failing(session.run('kill -9 $PPID', never))).toMatchObject({ code: 'SSH_CONNECTION_LOST' })
    expect(await failing(session.run('true', never))).toMatchObject({ code: 'SSH_CONNECTION_LOST' })
  })

  test('another host key than the expected one is a mismatch, before anything is authenticated', async () => {
    const from = server.log.length
    const other = readFileSync(`${makeKey(server.folder, 'other')}.pub`, 'utf8').trim()
    expect(await failing(openSession(login({ hostKey: other }), never))).toMatchObject({
      code: 'SSH_HOST_KEY_MISMATCH',
      details: { expected: other, actual: server.hostKey, address: `127.0.0.1:${server.port}` },
    })
    expect(server.log.slice(from).join('\n')).not.toContain('Accepted')
  })

  test('a key that is not authorised gets as far as the login', async () => {
    const file = makeKey(server.folder, 'stranger')
    const stranger = await loadLoginKey({ ssh_private_key_file: file })
    const error = await failing(openSession(login({ key: stranger, hostKey: server.hostKey }), never))
    expect(error).toBeInstanceOf(ConnectFailure)
    expect(error).toMatchObject({ stage: 'login' })
  })

  test('an encrypted key logs in', async () => {
    const file = makeKey(server.folder, 'encrypted', '-N', 'open sesame')
    const authorized = join(server.folder, 'authorized_keys')
    writeFileSync(authorized, readFileSync(authorized, 'utf8') + readFileSync(`${file}.pub`, 'utf8'))
    const encrypted = await loadLoginKey({
      ssh_private_key_file: file,
      ssh_private_key_passphrase: 'open sesame',
    })
    await using session = await openSession(login({ key: encrypted }), never)
    expect((await session.run('echo in', never)).stdout).toBe('in\n')
  })

  test('a knock is answered by the banner, without a login', async () => {
    const from = server.log.length
    await knock({ host: '127.0.0.1', port: server.port }, never)
    expect(server.log.slice(from).join('\n')).not.toContain('Accepted')
  })
})

describe('without an SSH server', () => {
  let key: LoginKey
  beforeAll(async () => {
    key = await generatedKey()
  })
  const open = async (port: number, signal = never): Promise<unknown> =>
    failing(
      openSession({ address: { host: '127.0.0.1', port }, user: 'root', key, hostKey: undefined }, signal),
    )
  const knocking = (port: number, signal = never): Promise<unknown> =>
    failing(knock({ host: '127.0.0.1', port }, signal))

  test('a closed port is a failure of TCP', async () => {
    const port = await freePort()
    for (const error of [await knocking(port), await open(port)]) {
      expect(error).toBeInstanceOf(ConnectFailure)
      expect(error).toMatchObject({ stage: 'tcp', message: expect.stringContaining('ECONNREFUSED') })
    }
  })

  test('a forward with nothing behind it, which accepts and closes, is a failure of the banner', async () => {
    await using server = await tcpServer((socket) => socket.end())
    for (const error of [await knocking(server.port), await open(server.port)]) {
      expect(error).toBeInstanceOf(ConnectFailure)
      expect(error).toMatchObject({ stage: 'banner' })
    }
  })

  test('a connection that is reset is a failure of the banner', async () => {
    await using server = await tcpServer((socket) => socket.resetAndDestroy())
    for (const error of [await knocking(server.port), await open(server.port)]) {
      expect(error).toBeInstanceOf(ConnectFailure)
      expect(['tcp', 'banner']).toContain((error as ConnectFailure).stage)
    }
  })

  test('a server that speaks something else is a failure, not a wait for ever', async () => {
    await using server = await tcpServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    expect(await open(server.port)).toBeInstanceOf(ConnectFailure)
  })

  test('an abort while the banner is awaited ends that with its reason', async () => {
    let controller = new AbortController()
    await using server = await tcpServer(() => controller.abort('stop'))
    for (const attempt of [knocking, open]) {
      controller = new AbortController()
      expect(await attempt(server.port, controller.signal)).toBe('stop')
    }
  })

  test('under an aborted signal no connection is made', async () => {
    let connections = 0
    await using server = await tcpServer(() => connections++)
    expect(await open(server.port, AbortSignal.abort('early'))).toBe('early')
    expect(await knocking(server.port, AbortSignal.abort('early'))).toBe('early')
    expect(connections).toBe(0)
  })
})
