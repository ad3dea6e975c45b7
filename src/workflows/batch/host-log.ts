import { createHash } from 'node:crypto'
import { createWriteStream, existsSync, readdirSync, rmSync, statSync, type WriteStream } from 'node:fs'
import { join, resolve } from 'node:path'
import { finished } from 'node:stream/promises'
import { NciError, reasonOf } from '../../core/errors.ts'
import type { ProgressEvent } from '../../core/events.ts'
import { makeFolder } from '../../core/make-folder.ts'
import { userState } from '../../core/user-folders.ts'

/** The folder of a batch's logs: the given one, or one of its own in the user's state folder. @throws {NciError} */
export function logFolder(given: string | undefined, began: Date): string {
  const name = began.toISOString().replaceAll(':', '-').replace(/\..*/, '')
  const usual = join(userState(), 'batches')
  const folder = resolve(given ?? join(usual, `${name}-${process.pid}`))
  try {
    if (given === undefined) removeOld(usual)
    makeFolder(folder, 0o700)
    return folder
  } catch (error) {
    throw new NciError('LOG_FOLDER_UNUSABLE', { folder, reason: reasonOf(error) }, { cause: error })
  }
}

/** The file that gets all that the installation of a host prints; {@link HostLog} has what people need of it. */
export function installLog(folder: string, name: string): string {
  return join(folder, `${fileName(name)}.install.log`)
}

const longestDays = 90

/** Logs that nobody has asked for in a quarter of a year. */
function removeOld(folder: string): void {
  if (!existsSync(folder)) return
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    const age = Date.now() - statSync(path).mtimeMs
    if (age > longestDays * 86_400_000) rmSync(path, { recursive: true, force: true })
  }
}

/** The file that gets all events of one host, or of the work that hosts share; each run is appended. */
export class HostLog implements AsyncDisposable {
  readonly path: string
  readonly #redact: (text: string) => string
  #stream: WriteStream | undefined

  constructor(folder: string, name: string, redact: (text: string) => string) {
    this.path = join(folder, `${fileName(name)}.log`)
    this.#redact = redact
  }

  add(event: ProgressEvent): void {
    const text = textOf(event)
    if (text !== undefined) this.#write(event.shared ?? event.step, text)
  }

  /** What ended it, in full: its event has the code alone. */
  fail({ message, hint }: NciError): void {
    this.#write('provision', message)
    this.#write('provision', hint)
  }

  #write(what: string, text: string): void {
    this.#stream ??= this.#open()
    const time = new Date().toISOString().slice(0, 19)
    this.#stream.write(`${time}Z ${what}: ${this.#redact(text)}\n`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stream?.end()
    if (this.#stream !== undefined) await finished(this.#stream).catch(() => undefined)
  }

  #open(): WriteStream {
    const stream = createWriteStream(this.path, { flags: 'a', mode: 0o600 })
    // A full disk must not end an installation.
    return stream.on('error', () => undefined)
  }
}

const longestName = 200

/** A name may be anything; as a file it stays in its folder, and apart from others. */
function fileName(name: string): string {
  const safe = encodeURIComponent(name.toWellFormed()).replace(/^\./, '%2E')
  // Half a character has no encoded form; file systems have limits.
  if (name.isWellFormed() && safe.length <= longestName) return safe
  const digest = createHash('sha256').update(JSON.stringify(name)).digest('hex').slice(0, 16)
  return `${safe.slice(0, longestName)}-${digest}`
}

function textOf(event: ProgressEvent): string | undefined {
  switch (event.type) {
    case 'start':
      return 'begins'
    case 'phase':
      return event.phase
    case 'log':
      return `| ${event.line}`
    case 'warning':
      return `warning: ${event.message}`
    case 'end':
      return event.error === undefined ? event.status : `${event.status}: ${event.error}`
    case 'progress':
      return undefined
  }
}
