import { once } from 'node:events'
import { type Socket, connect as tcpConnect } from 'node:net'
import type { Client } from 'ssh2'
import { NciError, reasonOf } from '../core/errors.ts'
import { type Address, formatAddress } from './address-map.ts'
import { type LoginKey, loadSsh2, publicKeyText } from './keys.ts'

/** How far a connection came, in the order in which a booting machine reaches them. */
export const stages = ['address', 'tcp', 'banner', 'host-key', 'login', 'command'] as const
export type Stage = (typeof stages)[number]

/** An attempt that failed and may succeed later. */
export class ConnectFailure extends Error {
  /** The stage that was not reached. */
  readonly stage: Stage
  constructor(stage: Stage, reason: string, options?: ErrorOptions) {
    super(reason, options)
    this.stage = stage
  }
}

/** Whom to log in as, where, with what. */
export interface Login {
  readonly address: Address
  readonly user: string
  readonly key: LoginKey
  /** The public host key that must be shown; any is taken where it is `undefined`. */
  readonly hostKey: string | undefined
}

/** The end of a command. */
export interface CommandResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const tcpTimeout = 5000
const readyTimeout = 20_000
const keepalive = { keepaliveInterval: 5000, keepaliveCountMax: 3 }

/**
 * Logs in once.
 *
 * @throws {ConnectFailure} where a later attempt may succeed
 * @throws {NciError} `SSH_HOST_KEY_MISMATCH`
 */
export async function openSession(login: Login, signal: AbortSignal): Promise<Session> {
  const { Client } = await loadSsh2()
  signal.throwIfAborted()
  const client = new Client()
  const socket = await openSocket(login.address, signal)
  return new Promise((resolve, reject) => {
    let stage: Stage = 'banner'
    let shown = ''
    let mismatch: NciError | undefined
    const onAbort = (): void => fail(signal.reason)
    const fail = (error: unknown): void => {
      signal.removeEventListener('abort', onAbort)
      client.destroy()
      socket.destroy()
      reject(mismatch ?? error)
    }
    signal.addEventListener('abort', onAbort, { once: true })
    socket.once('data', () => {
      stage = 'host-key'
    })
    client.on('handshake', () => {
      stage = 'login'
    })
    client.on('ready', () => {
      signal.removeEventListener('abort', onAbort)
      resolve(new Session(client, login, shown))
    })
    client.on('error', (error) => fail(new ConnectFailure(stage, reasonOf(error), { cause: error })))
    client.on('close', () => fail(new ConnectFailure(stage, 'the connection was closed')))
    const pinned = login.hostKey?.split(' ')
    try {
      client.connect({
        sock: socket,
        username: login.user,
        privateKey: login.key.privateKey,
        ...(login.key.passphrase === undefined ? {} : { passphrase: login.key.passphrase }),
        readyTimeout,
        ...keepalive,
        // Ask for the key that is pinned, where the server has several.
        ...(pinned?.[0] === undefined
          ? {}
          : { algorithms: { serverHostKey: signatureAlgorithms(pinned[0]) } }),
        hostVerifier: (blob: Buffer) => {
          shown = publicKeyText(typeOf(blob), blob)
          if (pinned === undefined || pinned[1] === blob.toString('base64')) return true
          mismatch = new NciError('SSH_HOST_KEY_MISMATCH', {
            address: formatAddress(login.address),
            actual: shown,
            expected: login.hostKey,
            way: 'correct `ssh_host_key`',
          })
          return false
        },
      })
    } catch (error) {
      fail(error)
    }
  })
}

/** A login that lasts until it is disposed. */
export class Session implements AsyncDisposable {
  /** The public host key that was shown. */
  readonly hostKey: string
  readonly #client: Client
  readonly #login: Login

  constructor(client: Client, login: Login, hostKey: string) {
    this.#client = client
    this.#login = login
    this.hostKey = hostKey
    // Later errors reach whoever waits for a command; without a listener they would end the process.
    client.on('error', () => undefined)
  }

  /**
   * Runs a command.
   *
   * @param stdin sent to it; its end is the end of standard input
   * @throws {NciError} `SSH_CONNECTION_LOST`
   */
  run(command: string, signal: AbortSignal, stdin = ''): Promise<CommandResult> {
    return new Promise((resolve, reject) => {
      const lost = (reason: string): NciError =>
        new NciError('SSH_CONNECTION_LOST', { address: formatAddress(this.#login.address), reason })
      const settle = (end: () => void): void => {
        signal.removeEventListener('abort', onAbort)
        this.#client.off('close', onClose)
        end()
      }
      const onAbort = (): void => settle(() => reject(signal.reason))
      const onClose = (): void => settle(() => reject(lost('the connection was closed')))
      if (signal.aborted) return onAbort()
      signal.addEventListener('abort', onAbort, { once: true })
      this.#client.once('close', onClose)
      const onChannel = (error: Error | undefined, channel: import('ssh2').ClientChannel): void => {
        if (error) {
          settle(() => reject(lost(reasonOf(error))))
          return
        }
        const output = { stdout: '', stderr: '' }
        let code = 255
        channel.setEncoding('utf8')
        channel.stderr.setEncoding('utf8')
        channel.on('data', (text: string) => {
          output.stdout += text
        })
        channel.stderr.on('data', (text: string) => {
          output.stderr += text
        })
        channel.on('exit', (status: number | null) => {
          code = status ?? 255
        })
        channel.on('close', () => settle(() => resolve({ code, ...output })))
        channel.end(stdin)
      }
      try {
        this.#client.exec(command, onChannel)
      } catch (error) {
        settle(() => reject(lost(reasonOf(error))))
      }
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client.end()
    this.#client.destroy()
  }
}

/** Waits for the banner of an SSH server, without logging in. @throws {ConnectFailure} */
export async function knock(address: Address, signal: AbortSignal): Promise<void> {
  const socket = await openSocket(address, signal)
  socket.setTimeout(tcpTimeout, () => socket.destroy(new Error('no banner')))
  // A port forward with nothing behind it accepts the connection and closes it.
  socket.once('end', () => socket.destroy(new Error('the connection was closed')))
  try {
    await once(socket, 'data', { signal })
  } catch (error) {
    signal.throwIfAborted()
    throw new ConnectFailure('banner', reasonOf(error), { cause: error })
  } finally {
    socket.destroy()
  }
}

function openSocket(address: Address, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = tcpConnect({ host: address.host, port: address.port, signal })
    socket.setTimeout(tcpTimeout, () => socket.destroy(new Error('no answer')))
    socket.once('error', (error) =>
      reject(signal.aborted ? signal.reason : new ConnectFailure('tcp', reasonOf(error), { cause: error })),
    )
    socket.once('connect', () => {
      socket.setTimeout(0)
      socket.removeAllListeners('timeout')
      resolve(socket)
    })
  })
}

/** The type's name leads the blob, after its length. */
function typeOf(blob: Buffer): string {
  return blob.toString('latin1', 4, 4 + blob.readUInt32BE(0))
}

function signatureAlgorithms(type: string): import('ssh2').ServerHostKeyAlgorithm[] {
  return type === 'ssh-rsa'
    ? ['rsa-sha2-512', 'rsa-sha2-256']
    : [type as import('ssh2').ServerHostKeyAlgorithm]
}
