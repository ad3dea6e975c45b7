import { once } from 'node:events'
import { type Socket, connect as tcpConnect } from 'node:net'
import type { Duplex } from 'node:stream'
import { NciError, reasonOf } from '../core/errors.ts'
import { type Address, formatAddress } from './address-map.ts'
import { Busy, untilBanner } from './banner.ts'
import type { Jump, Route } from './jump.ts'
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
  /** Until another connection is opened beside one that is there, and over which nothing has come. */
  readonly silence?: number | undefined
  /** The same, where one of those beside it has failed. */
  readonly failurePause?: number | undefined
  /** A connection to the server is being opened: the first, or one beside it. */
  readonly onOpening?: (() => void) | undefined
}

/** What a server may take until its banner: it may be busy booting. */
const bannerTimeout = 20_000
const atMost = 4
export const usualSilence = 3000

/**
 * Connects to a server, directly or through others, until it has sent its banner.
 *
 * @throws {ConnectFailure} where the server cannot be reached yet
 * @throws {NciError} `SSH_JUMP_FAILED`
 */
export async function openStream(
  address: Route,
  patience: OpeningPatience,
  signal: AbortSignal,
): Promise<Duplex> {
  signal.throwIfAborted()
  const { jump } = address
  if (jump === undefined) return openDirect(address, patience, signal)
  // No others beside it: each would be another login at the jump host.
  patience.onOpening?.()
  const stream = await throughJump(address, jump, signal)
  await untilBanner(stream, bannerTimeout, signal).catch(failing('banner', signal))
  return stream
}

/**
 * A connection that was opened before the machine listened may hang for long after it does: a port forward has taken it,
 * and repeats its own first packet ever less often. So others are opened beside it, and the first that is answered
 * counts. What becomes of the first decides otherwise: it is not given up for the others, as a machine that has much to
 * do answers late, and takes no more than it can.
 */
async function openDirect(
  address: Address,
  { connectTimeout = 5000, silence = usualSilence, failurePause = 1000, onOpening }: OpeningPatience,
  signal: AbortSignal,
): Promise<Duplex> {
  const { promise, resolve, reject } = Promise.withResolvers<Duplex>()
  const openings = new Set<AbortController>()
  let next: NodeJS.Timeout | undefined
  let isOver = false
  const nextIn = (pause: number): void => {
    if (isOver || openings.size === atMost) return
    clearTimeout(next)
    next = setTimeout(begin, pause)
  }
  const end = (): void => {
    isOver = true
    clearTimeout(next)
    for (const opening of openings) opening.abort()
  }
  const begin = (): void => {
    const isFirst = openings.size === 0
    const opening = new AbortController()
    const either = AbortSignal.any([signal, opening.signal])
    openings.add(opening)
    onOpening?.()
    openSocket(address, connectTimeout, () => nextIn(silence), either).then(
      (socket) => {
        openings.delete(opening)
        end()
        resolve(socket)
      },
      (error: unknown) => {
        openings.delete(opening)
        if (!isFirst) return nextIn(failurePause)
        end()
        reject(error)
      },
    )
  }
  begin()
  return promise
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

async function throughJump(address: Address, jump: Jump, signal: AbortSignal): Promise<Duplex> {
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

/** @param onConnect the connection is there; nothing has come over it yet */
async function openSocket(
  { host, port }: Address,
  timeout: number,
  onConnect: () => void,
  signal: AbortSignal,
): Promise<Duplex> {
  // Each message of the handshake is an answer: none may wait for the next.
  const socket = tcpConnect({ host, port, signal, noDelay: true })
  // What it ends with reaches whoever reads from it, or has no meaning any more.
  socket.on('error', () => undefined)
  await connected(socket, timeout).catch(failing('tcp', signal))
  onConnect()
  await untilBanner(socket, bannerTimeout, signal).catch(failing('banner', signal))
  return socket
}

async function connected(socket: Socket, timeout: number): Promise<void> {
  const timer = setTimeout(() => socket.destroy(new Error('no answer')), timeout)
  try {
    await once(socket, 'connect')
  } finally {
    clearTimeout(timer)
  }
}

/** For `catch`: the failure of a stage, or the reason of the signal. */
function failing(stage: Stage, signal: AbortSignal): (error: unknown) => never {
  return (error) => {
    if (signal.aborted) throw signal.reason
    // Who says so is an SSH server, as a banner would tell.
    throw new ConnectFailure(error instanceof Busy ? 'host-key' : stage, reasonOf(error), { cause: error })
  }
}
