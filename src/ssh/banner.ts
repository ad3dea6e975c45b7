import type { Duplex } from 'node:stream'

/** More than any server says before its banner. */
const longestGreeting = 64 * 1024

/** Nothing was said in time. */
export class Silence extends Error {}
/** The server is there, and takes no more connections for now. */
export class Busy extends Error {}

/** What OpenSSH says then: of `MaxStartups`, and from 9.8 on of penalties as well. */
const busy = /^(Exceeded MaxStartups|Not allowed at this time)/

/**
 * Waits until an SSH server has said that it is one; the bytes stay in the stream, those before its banner included
 * (RFC 4253, 4.2). A server that takes no more connections says so in a line that is no banner, and so may a proxy.
 *
 * @param timeout milliseconds
 * @throws {Error} in words why no banner came, {@link Silence} and {@link Busy} among them; the signal's reason. The
 *   stream is destroyed.
 */
export function untilBanner(stream: Duplex, timeout: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = Buffer.alloc(0)
    const settle = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      stream.off('readable', onReadable).off('end', onEnd).off('error', fail).off('close', onEnd)
    }
    const fail = (error: unknown): void => {
      settle()
      stream.destroy()
      reject(error)
    }
    const onAbort = (): void => fail(signal.reason)
    const onEnd = (): void => fail(ended(said))
    const onReadable = (): void => {
      const chunk: Buffer | null = stream.read()
      if (chunk === null) return
      said = Buffer.concat([said, chunk])
      if (/^SSH-/m.test(said.toString('latin1'))) {
        settle()
        stream.unshift(said)
        resolve()
      } else if (said.length > longestGreeting) fail(new Error('what answers is no SSH server'))
    }
    const timer = setTimeout(() => fail(new Silence('no banner')), timeout)
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    stream.on('readable', onReadable).once('end', onEnd).once('error', fail).once('close', onEnd)
  })
}

/** Servers say why they take no more connections, and end them. */
function ended(said: Buffer): Error {
  const [line = ''] = said.toString('latin1').trim().split('\n')
  // It may be anything.
  const text = line
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, 200)
  const reason = text === '' ? 'the connection was closed' : `the connection was closed: ${text}`
  return busy.test(text) ? new Busy(reason) : new Error(reason)
}
