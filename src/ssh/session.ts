import type { Client } from 'ssh2'
import { NciError, reasonOf } from '../core/errors.ts'
import { type Address, formatAddress } from './address-map.ts'
import { authentication } from './authentication.ts'
import type { Route } from './jump.ts'
import type { LoginKey } from './keys.ts'
import { loadSsh2, publicKeyText, typeOf } from './ssh2.ts'
import { ConnectFailure, type OpeningPatience, openStream, type Stage } from './stream.ts'

/** Whom to log in as, where, with what. */
export interface Login {
  readonly address: Route
  readonly user: string
  readonly key: LoginKey
  /** The public host key that must be shown; any is taken where it is `undefined`. */
  readonly hostKey: string | undefined
  /** Public host keys that are refused, whatever else is known. */
  readonly revoked?: readonly string[]
}

/** How patient a connection is. Times in milliseconds. */
export interface Patience extends OpeningPatience {
  /** Between two tries of a key that is refused, on one connection; unless given it is tried once. */
  readonly retryPause?: number | undefined
  /** Between two looks whether the other side is still there; the third in vain ends the connection. */
  readonly keepaliveInterval?: number
}

/** The end of a command. */
export interface CommandResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const handshakeTimeout = 20_000

/**
 * Logs in once.
 *
 * @throws {ConnectFailure} where a later attempt may succeed
 * @throws {NciError} `SSH_HOST_KEY_MISMATCH`, `SSH_HOST_KEY_REVOKED`, `SSH_JUMP_FAILED`
 */
export async function openSession(
  login: Login,
  signal: AbortSignal,
  patience: Patience = {},
): Promise<Session> {
  const { client, hostKey } = await connect(login, login.key, signal, patience)
  return new Session(client, login.address, hostKey)
}

/**
 * Looks which host key a server shows, and has it prove that it owns it. Nobody is logged in.
 *
 * @throws as {@link openSession}
 */
export async function readHostKey(
  login: Omit<Login, 'key'>,
  signal: AbortSignal,
  patience: Patience = {},
): Promise<string> {
  const { client, hostKey } = await connect(login, undefined, signal, patience)
  client.end()
  client.destroy()
  return hostKey
}

/** @param key without one the connection ends with the handshake */
async function connect(
  login: Omit<Login, 'key'>,
  key: LoginKey | undefined,
  signal: AbortSignal,
  { retryPause, keepaliveInterval = 5000, ...opening }: Patience,
): Promise<{ readonly client: Client; readonly hostKey: string }> {
  const { Client } = await loadSsh2()
  signal.throwIfAborted()
  using auth = await authentication(key, login.user, retryPause)
  const client = new Client()
  const stream = await openStream(login.address, opening, signal)
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  promise.catch(() => undefined)
  let stage: Stage = 'host-key'
  let shown = ''
  let refusal: NciError | undefined
  const onAbort = (): void => reject(signal.reason)
  const fail = (error: unknown): void =>
    reject(refusal ?? new ConnectFailure(stage, reasonOf(error), { cause: error }))
  signal.addEventListener('abort', onAbort, { once: true })
  client.on('handshake', () => {
    stage = 'login'
    if (key === undefined) resolve()
  })
  client.on('ready', resolve)
  // Later errors reach whoever waits for a command; without a listener they would end the process.
  client.on('error', fail)
  client.on('close', () => fail(new Error('the connection was closed')))
  const pinned = login.hostKey?.split(' ')
  try {
    client.connect({
      sock: stream,
      username: login.user,
      authHandler: auth.handler,
      readyTimeout: handshakeTimeout,
      keepaliveInterval,
      keepaliveCountMax: 3,
      // Ask for the key that is pinned, where the server has several.
      ...(pinned?.[0] === undefined ? {} : { algorithms: { serverHostKey: signatureAlgorithms(pinned[0]) } }),
      hostVerifier: (blob: Buffer) => {
        shown = publicKeyText(typeOf(blob), blob)
        if (login.revoked?.includes(shown)) {
          refusal = new NciError('SSH_HOST_KEY_REVOKED', {
            address: formatAddress(login.address),
            actual: shown,
          })
          return false
        }
        if (pinned === undefined || pinned[1] === blob.toString('base64')) return true
        refusal = new NciError('SSH_HOST_KEY_MISMATCH', {
          address: formatAddress(login.address),
          actual: shown,
          expected: login.hostKey,
          way: 'correct `ssh_host_key`',
        })
        return false
      },
    })
    await promise
    return { client, hostKey: shown }
  } catch (error) {
    client.destroy()
    stream.destroy()
    throw error
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

/** A login that lasts until it is disposed. */
export class Session implements AsyncDisposable {
  /** The public host key that was shown. */
  readonly hostKey: string
  readonly #client: Client
  readonly #address: Address
  /** Why the connection ended, where ssh2 told. */
  #fault: unknown

  constructor(client: Client, address: Address, hostKey: string) {
    this.#client = client
    this.#address = address
    this.hostKey = hostKey
    client.on('error', (error) => {
      this.#fault ??= error
    })
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
        new NciError('SSH_CONNECTION_LOST', { address: formatAddress(this.#address), reason })
      const settle = (end: () => void): void => {
        signal.removeEventListener('abort', onAbort)
        this.#client.off('close', onClose)
        end()
      }
      const onAbort = (): void => settle(() => reject(signal.reason))
      const onClose = (): void =>
        settle(() => reject(lost(reasonOf(this.#fault ?? 'the connection was closed'))))
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

function signatureAlgorithms(type: string): import('ssh2').ServerHostKeyAlgorithm[] {
  return type === 'ssh-rsa'
    ? ['rsa-sha2-512', 'rsa-sha2-256']
    : [type as import('ssh2').ServerHostKeyAlgorithm]
}
