import { createHash } from 'node:crypto'
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { machineLock } from '../../core/machine-lock.ts'
import { makeFolder } from '../../core/make-folder.ts'
import { userState } from '../../core/user-folders.ts'
import { documents } from '../../generated/commands.ts'
import type { Host } from './conflicts.ts'

/** What an earlier run of this machine saw of a host that it left in order. */
export interface Entry {
  /** Of the document that it was provisioned with: see {@link specOf}. */
  readonly spec: string
  readonly vmid: number
  readonly node: string
  /** What the cluster's listing said of the VM. */
  readonly mark: string
  /** How it is logged in to, and what runs there. */
  readonly output: Readonly<Record<string, unknown>>
  /** Seconds that its last provisioning took, from nothing to NixOS. */
  readonly seconds?: number
  /** Milliseconds since 1970. */
  readonly at: number
}

const longest = 180 * 86_400_000

/**
 * The notes of earlier runs, which only save time: an entry is believed where the document is the same and the cluster
 * lists the VM exactly as it did then. Without the file, or with a broken one, Proxmox is asked for each VM.
 */
export class Journal {
  readonly #file = join(userState(), 'hosts.json')
  #entries: Map<string, Entry> = new Map()

  /** Reads the notes. */
  open(): void {
    this.#entries = this.#read()
  }

  get(key: string): Entry | undefined {
    return this.#entries.get(key)
  }

  /** Adds entries to the notes, beside those that other runs add. A file that cannot be written is done without. */
  async add(entries: ReadonlyMap<string, Entry>, signal: AbortSignal): Promise<void> {
    if (entries.size === 0) return
    try {
      using _lock = await machineLock('journal', this.#file, signal, () => undefined)
      const oldest = Date.now() - longest
      const known = [...this.#read()].filter(([, { at }]) => at >= oldest)
      this.#write(new Map([...known, ...entries]))
    } catch {
      // The next run takes longer.
    }
  }

  #read(): Map<string, Entry> {
    try {
      const entries = JSON.parse(readFileSync(this.#file, 'utf8')) as Record<string, Entry>
      return new Map(Object.entries(entries).filter(([, entry]) => isEntry(entry)))
    } catch {
      return new Map()
    }
  }

  #write(entries: ReadonlyMap<string, Entry>): void {
    makeFolder(dirname(this.#file), 0o700)
    const temporary = `${this.#file}.${process.pid}`
    try {
      writeFileSync(temporary, JSON.stringify(Object.fromEntries(entries)), { mode: 0o600 })
      renameSync(temporary, this.#file)
    } finally {
      rmSync(temporary, { force: true })
    }
  }
}

function isEntry(entry: Entry): boolean {
  const { spec, vmid, node, mark, output, at } = entry ?? {}
  return (
    [spec, node, mark].every((text) => typeof text === 'string') &&
    [vmid, at].every((number) => typeof number === 'number') &&
    typeof output === 'object'
  )
}

/** What of a document does not change the host: how it is reached, how long a run may take, secrets. */
const besides = /^(api_|validate_certs$|ca_path$|.*timeout$|log_file$|cache_dir$|github_|on_failure$)/
const secrets = new Set(documents.provision.secrets.flatMap((pointer) => pointer.split('/').slice(1, 2)))

/** A digest of all that a document says of the host itself. */
export function specOf({ input }: Host): string {
  const own = Object.entries(input).filter(([name]) => !besides.test(name) && !secrets.has(name))
  const text = JSON.stringify(
    own.toSorted(([one], [other]) => (one < other ? -1 : 1)),
    sorted,
  )
  return createHash('sha256').update(text).digest('hex')
}

/** Objects have their properties in any order. */
function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)))
}
