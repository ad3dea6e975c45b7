import { once } from 'node:events'
import { connect as tcpConnect } from 'node:net'
import type { Duplex } from 'node:stream'
import { NciError, reasonOf } from '../core/errors.ts'
import { type Address, formatAddress } from './address-map.ts'
import type { Route } from './jump.ts'
import { JumpFailure, openJump } from './jump-stream.ts'

/** How far a connection came, in the order in which a booting machine reaches them. */
export const stages = ['address', 'tcp', 'banner', 'host-key', 'login', 'command', 'cloud-init'] as const
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

/** What a server that accepted the connection may take until its banner: it may be busy booting. */
const bannerTimeout = 20_000

/**
 * Connects to a server, directly or through others.
 *
 * @param connectTimeout milliseconds
 * @throws {ConnectFailure} where the server cannot be reached yet
 * @throws {NciError} `SSH_JUMP_FAILED`
 */
export async function openStream(
  address: Route,
  connectTimeout: number,
  signal: AbortSignal,
): Promise<Duplex> {
  const { jump } = address
  if (jump === undefined) return openSocket(address, connectTimeout, signal)
  try {
    return await openJump(jump, bannerTimeout, signal)
  } catch (error) {
    if (!(error instanceof JumpFailure)) throw error
    if (error.fault === 'guest') throw new ConnectFailure('tcp', error.message, { cause: error })
    throw new NciError('SSH_JUMP_FAILED', {
      address: formatAddress(address),
      jump: jump.through,
      reason: error.message,
      command: jump.proxyCommand.replaceAll('%%', '%'),
      fault: error.fault,
    })
  }
}

/** Waits for the banner of an SSH server, without logging in. @throws as {@link openStream} */
export async function knock(address: Route, signal: AbortSignal, connectTimeout = 5000): Promise<void> {
  const stream = await openStream(address, connectTimeout, signal)
  const timer = setTimeout(() => stream.destroy(new Error('no banner')), bannerTimeout)
  // A port forward with nothing behind it accepts the connection and closes it.
  stream.once('end', () => stream.destroy(new Error('the connection was closed')))
  try {
    await once(stream, 'data', { signal })
  } catch (error) {
    signal.throwIfAborted()
    throw new ConnectFailure('banner', reasonOf(error), { cause: error })
  } finally {
    clearTimeout(timer)
    stream.destroy()
  }
}

function openSocket({ host, port }: Address, timeout: number, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    // Each message of the handshake is an answer: none may wait for the next.
    const socket = tcpConnect({ host, port, signal, noDelay: true })
    socket.setTimeout(timeout, () => socket.destroy(new Error('no answer')))
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
