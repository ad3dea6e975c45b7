import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { finished } from 'node:stream/promises'
import { NciError, reasonOf } from '../../core/errors.ts'

/** A file that gets everything an installation prints, with the time since its start. */
export class LogFile implements AsyncDisposable {
  readonly path: string
  readonly #stream: WriteStream
  readonly #redact: (text: string) => string
  readonly #began = performance.now()

  /** @throws {NciError} `INSTALL_FILES_MISSING` */
  constructor(file: string, redact: (text: string) => string) {
    this.path = resolve(file)
    this.#redact = redact
    try {
      mkdirSync(dirname(this.path), { recursive: true })
    } catch (error) {
      throw new NciError(
        'INSTALL_FILES_MISSING',
        { property: '`log_file`', reason: reasonOf(error) },
        { cause: error },
      )
    }
    this.#stream = createWriteStream(this.path, { flags: 'a', mode: 0o600 })
    // A full disk must not end an installation.
    this.#stream.on('error', () => undefined)
  }

  line(text: string, stream: string): void {
    const seconds = ((performance.now() - this.#began) / 1000).toFixed(2).padStart(8)
    this.#stream.write(`${seconds} ${stream}| ${this.#redact(text)}\n`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stream.end()
    await finished(this.#stream).catch(() => undefined)
  }
}
