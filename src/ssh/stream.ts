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

/** How patient the opening of a stream is. Times in milliseconds. */
export interface OpeningPatience {
  /** Until a TCP connection is there. */
  readonly connectTimeout?: number | undefined
  /** Until another connection is opened beside one over which nothing has come. */
  readonly silence?: number | undefined
  /** The same, where one of them has failed. */
  readonly failurePause?: number | undefined
}

/** What a server may take until its banner: it may be busy booting. */
const bannerTimeout = 20_000
const atMost = 4

/**
 * Connects to a server, directly or through others, until it has sent its first byte.
 *
 * A connection that was opened before the machine listened may hang for long after it does: a port forward or a jump
 * host has taken it, and repeats its own first packet ever less often. So others are opened beside it, and the first
 * that is answered counts. It is not given up for them, as a machine that has much to do answers late.
 *
 * @throws {ConnectFailure} where the server cannot be reached yet
 * @throws {NciError} `SSH_JUMP_FAILED`
 */
export async function openStream(
  address: Route,
  { connectTimeout = 5000, silence = 3000, failurePause = 1000 }: OpeningPatience,
  signal: AbortSignal,
): Promise<Duplex> {
  signal.throwIfAborted()
  const { promise, resolve, reject } = Promise.withResolvers<Duplex>()
  const openings = new Set<AbortController>()
  let next: NodeJS.Timeout | undefined
  let isOver = false
  const nextIn = (pause: number): void => {
    clearTimeout(next)
    next = setTimeout(begin, pause)
  }
  const begin = (): void => {
    if (openings.size === atMost) return
    const opening = new AbortController()
    openings.add(opening)
    nextIn(silence)
    open(address, connectTimeout, AbortSignal.any([signal, opening.signal])).then(
      (stream) => {
        openings.delete(opening)
        if (isOver) return void stream.destroy()
        isOver = true
        resolve(stream)
      },
      (error: unknown) => {
        openings.delete(opening)
        if (openings.size === 0) reject(error)
        else if (!isOver) nextIn(failurePause)
      },
    )
  }
  begin()
  const last = setTimeout(() => reject(silent(address)), bannerTimeout)
  try {
    return await promise
  } finally {
    isOver = true
    clearTimeout(next)
    clearTimeout(last)
    for (const opening of openings) opening.abort()
  }
}

/** Waits for the banner of an SSH server, without logging in. @throws as {@link openStream} */
export async function knock(
  address: Route,
  signal: AbortSignal,
  patience: OpeningPatience = {},
): Promise<void> {
  const stream = await openStream(address, patience, signal)
  stream.destroy()
}

function silent({ jump }: Route): ConnectFailure {
  // What is behind a jump host may not even have been reached.
  return jump === undefined
    ? new ConnectFailure('banner', 'no banner')
    : new ConnectFailure('tcp', 'no answer')
}

async function open(address: Route, connectTimeout: number, signal: AbortSignal): Promise<Duplex> {
  const { jump } = address
  if (jump === undefined) return openSocket(address, connectTimeout, signal)
  try {
    return await openJump(jump, signal)
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

function openSocket({ host, port }: Address, timeout: number, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    // Each message of the handshake is an answer: none may wait for the next.
    const socket = tcpConnect({ host, port, signal, noDelay: true })
    let stage: Stage = 'tcp'
    const fail = (error: unknown): void => {
      socket.destroy()
      reject(signal.aborted ? signal.reason : new ConnectFailure(stage, reasonOf(error), { cause: error }))
    }
    const onReadable = (): void => {
      // A port forward with nothing behind it accepts the connection and closes it; the end is readable as well.
      if (socket.readableLength === 0) return void fail(new Error('the connection was closed'))
      socket.off('readable', onReadable)
      resolve(socket)
    }
    socket.setTimeout(timeout, () => fail(new Error('no answer')))
    socket.on('error', fail)
    socket.once('connect', () => {
      stage = 'banner'
      socket.setTimeout(0)
      socket.removeAllListeners('timeout')
    })
    socket.on('readable', onReadable)
  })
}
