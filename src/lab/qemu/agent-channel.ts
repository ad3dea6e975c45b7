import { randomInt } from 'node:crypto'
import type { Duplex } from 'node:stream'
import { AgentError } from '../guest.ts'

/** Milliseconds for a sign of life, and for an answer. */
export interface Patience {
  readonly sync: number
  readonly answer: number
}

interface Answer {
  readonly return?: unknown
  readonly error?: { readonly class: string; readonly desc: string }
}

/** Goes before an answer to `guest-sync-delimited`, and is no part of any JSON. */
const delimiter = 0xff
const newline = 0x0a

/**
 * A conversation with QEMU's guest agent over its serial port. Whoever reads at the other end may change at any time, and what
 * earlier ones were asked or answered may still be in the line: every command begins with finding one another.
 */
export class AgentChannel {
  readonly #stream: Duplex
  readonly #patience: Patience
  #received = Buffer.alloc(0)
  /** Pieces of something that has no end yet. */
  #pieces: Buffer[] = []
  #wake = Promise.withResolvers<void>()
  #closed = false
  /** One at a time. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(stream: Duplex, patience: Patience = { sync: 10_000, answer: 30_000 }) {
    this.#stream = stream
    this.#patience = patience
    const wake = (): void => {
      this.#wake.resolve()
      this.#wake = Promise.withResolvers()
    }
    stream.on('data', (chunk: Buffer) => {
      this.#pieces.push(chunk)
      if (!chunk.includes(newline) && !chunk.includes(delimiter)) return
      this.#received = Buffer.concat([this.#received, ...this.#pieces])
      this.#pieces = []
      wake()
    })
    stream.on('error', () => undefined)
    for (const end of ['end', 'close'])
      stream.once(end, () => {
        this.#closed = true
        wake()
      })
  }

  /**
   * Asks the agent.
   *
   * @param answers whether it answers when all goes well; those that switch the system off do not
   * @throws {AgentError}
   */
  async ask(
    command: string,
    parameters?: Readonly<Record<string, unknown>>,
    answers = true,
  ): Promise<unknown> {
    const turn = this.#last.then(() => this.#ask(command, parameters, answers))
    this.#last = turn.catch(() => undefined)
    return turn
  }

  async #ask(
    command: string,
    parameters: Readonly<Record<string, unknown>> | undefined,
    answers: boolean,
  ): Promise<unknown> {
    await this.#sync()
    this.#send({ execute: command, ...(parameters === undefined ? {} : { arguments: parameters }) })
    if (!answers) return undefined
    const answer = await this.#line(Date.now() + this.#patience.answer)
    if (answer.error === undefined) return answer.return
    const { class: kind, desc } = answer.error
    throw new AgentError(kind === 'CommandNotFound' ? 'unsupported' : 'failed', desc)
  }

  async #sync(): Promise<void> {
    const id = randomInt(1, 2 ** 31)
    const until = Date.now() + this.#patience.sync
    // It ends a command that was cut off, on their side.
    this.#stream.write(Buffer.from([delimiter]))
    this.#send({ execute: 'guest-sync-delimited', arguments: { id } })
    for (;;) {
      await this.#skipToDelimiter(until)
      if ((await this.#line(until)).return === id) return
    }
  }

  #send(message: unknown): void {
    this.#stream.write(`${JSON.stringify(message)}\n`)
  }

  async #skipToDelimiter(until: number): Promise<void> {
    for (;;) {
      const found = this.#received.indexOf(delimiter)
      this.#received = this.#received.subarray(found === -1 ? this.#received.length : found + 1)
      if (found !== -1) return
      await this.#more(until)
    }
  }

  async #line(until: number): Promise<Answer> {
    for (;;) {
      const end = this.#received.indexOf(newline)
      if (end !== -1) {
        const line = this.#received.subarray(0, end).toString('utf8')
        this.#received = this.#received.subarray(end + 1)
        // After a delimiter there may be another one, and no line before it.
        return line.startsWith('{') ? (JSON.parse(line) as Answer) : {}
      }
      await this.#more(until)
    }
  }

  async #more(until: number): Promise<void> {
    const silent = Promise.withResolvers<void>()
    const timer = setTimeout(() => silent.resolve(), Math.max(0, until - Date.now()))
    await Promise.race([this.#wake.promise, silent.promise])
    clearTimeout(timer)
    if (this.#closed || Date.now() >= until) {
      throw new AgentError('not-running', 'QEMU guest agent is not running')
    }
  }
}
