import type { Duplex } from 'node:stream'

/** Something that QEMU tells unasked: `SHUTDOWN`, `RESET`, … */
export interface QmpEvent {
  readonly event: string
  readonly data?: Readonly<Record<string, unknown>>
}

interface Answer extends Partial<QmpEvent> {
  readonly QMP?: unknown
  readonly id?: number
  readonly return?: unknown
  readonly error?: { readonly class: string; readonly desc: string }
}

interface Waiting {
  resolve(value: unknown): void
  reject(error: Error): void
}

/** QEMU's monitor: commands and their answers, one JSON object in each line. */
export class Qmp {
  readonly #stream: Duplex
  readonly #onEvent: (event: QmpEvent) => void
  readonly #waiting = new Map<number, Waiting>()
  readonly #greeted = Promise.withResolvers<void>()
  #lastId = 0
  #closed = false

  constructor(stream: Duplex, onEvent: (event: QmpEvent) => void) {
    this.#stream = stream
    this.#onEvent = onEvent
    this.#greeted.promise.catch(() => undefined)
    // The other end may be gone when something is written; `close` tells whoever waits.
    stream.on('error', () => undefined)
    stream.once('close', () => this.#close())
    stream.once('end', () => this.#close())
    let rest = ''
    stream.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) this.#receive(JSON.parse(line) as Answer)
    })
  }

  /** Waits for QEMU and opens the conversation. */
  async open(): Promise<void> {
    await this.#greeted.promise
    await this.execute('qmp_capabilities')
  }

  /** Has a command done; throws what QEMU has against it, or that it has ended. */
  execute(command: string, parameters?: Readonly<Record<string, unknown>>): Promise<unknown> {
    if (this.#closed) return Promise.reject(ended())
    const id = ++this.#lastId
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#stream.write(`${JSON.stringify({ execute: command, arguments: parameters, id })}\n`)
    })
  }

  #receive(answer: Answer): void {
    if (answer.QMP !== undefined) this.#greeted.resolve()
    if (answer.event !== undefined) this.#onEvent({ ...answer, event: answer.event })
    const waiting = this.#waiting.get(answer.id ?? 0)
    this.#waiting.delete(answer.id ?? 0)
    if (answer.error === undefined) waiting?.resolve(answer.return)
    else waiting?.reject(new Error(answer.error.desc))
  }

  #close(): void {
    this.#closed = true
    this.#greeted.reject(ended())
    for (const { reject } of this.#waiting.values()) reject(ended())
    this.#waiting.clear()
  }
}

function ended(): Error {
  return new Error('QEMU has ended')
}
