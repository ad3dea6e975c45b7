import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** Writes a file so that a reader finds the old or the new text, never half of one. */
export function writeFileAtomically(file: string, text: string, mode = 0o644): void {
  mkdirSync(path.dirname(file), { recursive: true })
  const draft = `${file}.${randomUUID()}.tmp`
  writeFileSync(draft, text, { mode })
  renameSync(draft, file)
}

/** Reads a file, `undefined` if there is none. */
export function readFileIfPresent(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** A JSON file with the state of something; only its owner may read it. */
export class StateFile<State> {
  readonly #file: string
  readonly #take: () => State
  #written: string | undefined

  constructor(file: string, take: () => State) {
    this.#file = file
    this.#take = take
  }

  /** Writes the state, if it has changed. */
  save(): void {
    const text = `${JSON.stringify(this.#take(), undefined, 1)}\n`
    if (text === this.#written) return
    writeFileAtomically(this.#file, text, 0o600)
    this.#written = text
  }

  /** What an earlier run wrote there. */
  static load<State>(file: string): State | undefined {
    const text = readFileIfPresent(file)
    return text === undefined ? undefined : (JSON.parse(text) as State)
  }
}
