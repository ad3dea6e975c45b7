import { createWriteStream, type WriteStream } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { finished } from 'node:stream/promises'
import { NciError, reasonOf, toNciError } from '../../core/errors.ts'
import { makeFolder } from '../../core/make-folder.ts'
import type { Inputs, Outputs } from '../../core/step.ts'
import type { NixosAnywhere } from '../../nix/programs.ts'

/** What is left out of the beginning: whatever it is worth, it has no business in a file. */
const unlogged = /^(api_|ssh_private_key|nix_options$)/

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
      makeFolder(dirname(this.path))
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

  /** The versions and what was asked for, so that the file speaks for itself. */
  begin(input: Inputs['nixos.install'], { name, version }: NixosAnywhere): void {
    const asked = Object.fromEntries(Object.entries(input).filter(([key]) => !unlogged.test(key)))
    this.line(`${new Date().toISOString()} nixos.install`, '#')
    this.line(`nixos-anywhere ${version ?? 'of an unknown version'}: ${name}`, '#')
    this.line(JSON.stringify(asked), '#')
  }

  /** The result: what was put out, or the error. */
  end(status: 'failed', result: unknown): void
  end(status: 'installed', result: Outputs['nixos.install']): void
  end(status: 'installed' | 'failed', result: unknown): void {
    const document = status === 'failed' ? toNciError(result).toDocument() : result
    this.line(`${new Date().toISOString()} ${status}: ${JSON.stringify(document)}`, '#')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stream.end()
    await finished(this.#stream).catch(() => undefined)
  }
}
