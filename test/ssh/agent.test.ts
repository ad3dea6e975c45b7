import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { loadLoginKey, publicKeysOf } from '../../src/ssh/keys.ts'
import { openSession } from '../../src/ssh/session.ts'
import { temporaryFolder } from '../support/folder.ts'
import { type Agent, hasSshd, makeKey, type Sshd, startAgent, startSshd } from '../support/sshd.ts'

const never = new AbortController().signal

let agent: Agent
let folder: ReturnType<typeof temporaryFolder>
beforeAll(async () => {
  agent = await startAgent()
})
afterAll(() => agent[Symbol.asyncDispose]())
beforeEach(() => {
  folder = temporaryFolder()
  mkdirSync(join(folder.path, '.ssh'))
  vi.stubEnv('HOME', folder.path)
  vi.stubEnv('SSH_AUTH_SOCK', agent.socket)
})
afterEach(() => {
  agent.clear()
  vi.unstubAllEnvs()
  folder[Symbol.dispose]()
})

const publicOf = (file: string): string =>
  readFileSync(`${file}.pub`, 'utf8').split(' ').slice(0, 2).join(' ').trim()
const refusal = (options: Parameters<typeof loadLoginKey>[0]): Promise<unknown> =>
  loadLoginKey(options).then(
    () => 'no refusal',
    (error) => error,
  )

describe('which of the agent’s keys log in', () => {
  test('without any key of one’s own all of them, in the agent’s order', async () => {
    const files = ['one', 'two'].map((name) => makeKey(folder.path, name))
    for (const file of files) agent.add(file)
    const key = await loadLoginKey({})
    expect(publicKeysOf(key)).toEqual(files.map(publicOf))
    expect(key).toMatchObject({ agent: agent.socket, publicKey: publicOf(files[0] as string) })
  })

  test('none, where one’s own key can be opened', async () => {
    agent.add(makeKey(folder.path, 'one'))
    const own = makeKey(join(folder.path, '.ssh'), 'id_ed25519')
    const key = await loadLoginKey({})
    expect([key.publicKey, 'agent' in key]).toEqual([publicOf(own), false])
  })

  test('only they, where that is asked for', async () => {
    const file = makeKey(folder.path, 'one')
    agent.add(file)
    makeKey(join(folder.path, '.ssh'), 'id_ed25519')
    expect(publicKeysOf(await loadLoginKey({ ssh_agent: true }))).toEqual([publicOf(file)])
  })

  test.each([
    ['in OpenSSH’s format, without a file of its public half', [], false],
    ['in PEM, with a file of its public half', ['-t', 'rsa', '-b', '2048', '-m', 'PEM'], true],
  ])('the given one that is encrypted, without its passphrase: %s', async (_, options, keepsPublic) => {
    agent.add(makeKey(folder.path, 'other'))
    const file = makeKey(folder.path, 'locked', ...options, '-N', 'open sesame')
    agent.add(file, 'open sesame')
    const publicKey = publicOf(file)
    if (!keepsPublic) rmSync(`${file}.pub`)
    const key = await loadLoginKey({ ssh_private_key_file: file })
    expect(key).toEqual({ agent: agent.socket, publicKeys: [publicKey], publicKey })
  })

  test('the one of which the public half is given', async () => {
    const file = makeKey(folder.path, 'one')
    agent.add(makeKey(folder.path, 'other'))
    agent.add(file)
    const key = await loadLoginKey({ ssh_private_key_file: `${file}.pub` })
    expect(publicKeysOf(key)).toEqual([publicOf(file)])
  })

  test('one’s own that is encrypted, before others', async () => {
    agent.add(makeKey(folder.path, 'other'))
    const own = makeKey(join(folder.path, '.ssh'), 'id_ed25519', '-N', 'open sesame')
    agent.add(own, 'open sesame')
    expect(publicKeysOf(await loadLoginKey({}))).toEqual([publicOf(own)])
  })
})

describe('where the agent is of no help', () => {
  test('it is not asked when that is not wanted', async () => {
    agent.add(makeKey(folder.path, 'one'))
    expect(await refusal({ ssh_agent: false })).toMatchObject({
      code: 'SSH_KEY_MISSING',
      message: expect.not.stringContaining('agent'),
    })
    const locked = makeKey(folder.path, 'locked', '-N', 'open sesame')
    agent.add(locked, 'open sesame')
    expect(await refusal({ ssh_agent: false, ssh_private_key_file: locked })).toMatchObject({
      code: 'SSH_KEY_UNUSABLE',
      details: { reason: 'it is encrypted and no passphrase was given' },
    })
  })

  test('a given key that it does not have is named', async () => {
    agent.add(makeKey(folder.path, 'one'))
    const locked = makeKey(folder.path, 'locked', '-N', 'open sesame')
    expect(await refusal({ ssh_private_key_file: locked })).toMatchObject({
      code: 'SSH_KEY_UNUSABLE',
      details: {
        file: locked,
        reason: 'it is encrypted and no passphrase was given, and the agent does not have it',
      },
    })
    const open = makeKey(folder.path, 'open')
    expect(await refusal({ ssh_private_key_file: open, ssh_agent: true })).toMatchObject({
      code: 'SSH_KEY_UNUSABLE',
      details: { file: open, reason: 'the agent does not have it' },
    })
  })

  test('an empty one is told apart from one that is not there', async () => {
    expect(await refusal({})).toMatchObject({
      code: 'SSH_KEY_MISSING',
      message: expect.stringContaining(`the agent at ${agent.socket} has no keys`),
      hint: expect.stringContaining('ssh-add'),
    })
    vi.stubEnv('SSH_AUTH_SOCK', undefined)
    expect(await refusal({ ssh_agent: true })).toMatchObject({
      code: 'SSH_KEY_MISSING',
      message: expect.stringContaining('there is no agent (`SSH_AUTH_SOCK` is not set)'),
    })
  })

  test('one that is gone, or says nothing, is not waited for long', async () => {
    const socket = join(folder.path, 'silent')
    vi.stubEnv('SSH_AUTH_SOCK', socket)
    const silent = { code: 'SSH_KEY_MISSING', message: expect.stringContaining('does not answer') }
    expect(await refusal({})).toMatchObject(silent)
    const server = createServer(() => undefined)
    await new Promise<void>((resolve) => server.listen(socket, resolve))
    const connected = new Promise((resolve) => server.once('connection', resolve))
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const asked = refusal({})
      const client = (await connected) as import('node:net').Socket
      await vi.advanceTimersByTimeAsync(5000)
      expect(await asked).toMatchObject(silent)
      client.destroy()
    } finally {
      vi.useRealTimers()
      server.close()
    }
  })
})

describe.skipIf(!hasSshd)('logging in to a real sshd', () => {
  let server: Sshd
  beforeAll(async () => {
    server = await startSshd()
  })
  afterAll(() => server[Symbol.asyncDispose]())

  const authorize = (...files: string[]): void =>
    writeFileSync(join(server.folder, 'authorized_keys'), files.map((file) => `${publicOf(file)}\n`).join(''))
  const logIn = async (): Promise<string> => {
    const address = { host: '127.0.0.1', port: server.port }
    const key = await loadLoginKey({ ssh_agent: true })
    await using session = await openSession(
      { address, user: server.user, key, hostKey: server.hostKey },
      never,
    )
    return (await session.run('echo in', never)).stdout
  }

  test.each([
    ['ed25519', ['-t', 'ed25519']],
    ['ECDSA 256', ['-t', 'ecdsa', '-b', '256']],
    ['ECDSA 384', ['-t', 'ecdsa', '-b', '384']],
    ['ECDSA 521', ['-t', 'ecdsa', '-b', '521']],
    ['RSA', ['-t', 'rsa', '-b', '2048']],
  ])('an agent’s key of the type %s does', async (_, options) => {
    const file = makeKey(folder.path, 'key', ...options)
    agent.add(file)
    authorize(file)
    expect(await logIn()).toBe('in\n')
  })

  test('the one that is authorised is found among others', async () => {
    const files = ['a', 'b', 'c'].map((name) => makeKey(folder.path, name))
    for (const file of files) agent.add(file)
    authorize(files[2] as string)
    expect(await logIn()).toBe('in\n')
  })

  test('a key that left the agent since fails as a login, and does not hang', async () => {
    const file = makeKey(folder.path, 'key')
    agent.add(file)
    authorize(file)
    const key = await loadLoginKey({ ssh_agent: true })
    agent.clear()
    const address = { host: '127.0.0.1', port: server.port }
    const opening = openSession({ address, user: server.user, key, hostKey: undefined }, never)
    await expect(opening).rejects.toMatchObject({ stage: 'login' })
  })

  test('an agent that went away fails as a login', async () => {
    const file = makeKey(folder.path, 'key')
    authorize(file)
    await using own = await startAgent()
    own.add(file)
    vi.stubEnv('SSH_AUTH_SOCK', own.socket)
    const key = await loadLoginKey({ ssh_agent: true })
    renameSync(own.socket, `${own.socket}.gone`)
    const address = { host: '127.0.0.1', port: server.port }
    const opening = openSession({ address, user: server.user, key, hostKey: undefined }, never)
    await expect(opening).rejects.toMatchObject({ stage: 'login' })
  })
})
