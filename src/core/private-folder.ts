import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onForcedExit } from './forced-exit.ts'
import { isAlive, killUsersOf, startOf } from './process-identity.ts'

/** Longer than any run may take: what is older than this has no owner any more, whoever it was. */
const longestRunDays = 8
const ownerFile = '.owner'

/** Which process a folder belongs to, told so that nobody else can be taken for it. */
interface Owner {
  readonly pid: number
  /** When it started, in the kernel's ticks: process ids are used again. */
  readonly started: string | undefined
  /** The machine's boot and its namespace of process ids: the id says nothing outside of them. */
  readonly world: string
}

/**
 * A folder for temporary files, readable by the user alone, removed when it is disposed and when the process is made to
 * end at once. A process that was killed cannot remove its own: the next one that makes a folder of the same prefix does,
 * and ends what still runs with that folder in its environment.
 */
export class PrivateFolder implements Disposable {
  readonly path: string
  readonly #forced: Disposable

  /** @param prefix how its name begins: `nci-install-` */
  constructor(prefix: string) {
    removeLeftovers(prefix)
    this.path = mkdtempSync(join(tmpdir(), prefix))
    writeFileSync(join(this.path, ownerFile), JSON.stringify(ownerOf(process.pid)))
    this.#forced = onForcedExit(() => this.#remove())
  }

  [Symbol.dispose](): void {
    this.#forced[Symbol.dispose]()
    this.#remove()
  }

  #remove(): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}

function removeLeftovers(prefix: string): void {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix))) {
    const folder = join(tmpdir(), name)
    try {
      if (!isLeftover(folder)) continue
      // What the dead run started would go on with other programs and files than those it was given.
      killUsersOf(`${folder}/`)
      rmSync(folder, { recursive: true, force: true })
    } catch {
      // Another process was quicker.
    }
  }
}

function isLeftover(folder: string): boolean {
  const { uid, mtimeMs } = lstatSync(folder)
  if (uid !== (process.getuid?.() ?? uid)) return false
  const old = Date.now() - mtimeMs > longestRunDays * 86_400_000
  const owner = readOwner(folder)
  // One of another container, or of another machine that shares the folder: whether it lives cannot be seen from here.
  if (owner === undefined || owner.world !== world()) return old
  return !isAlive(owner.pid) || startOf(owner.pid) !== owner.started
}

function readOwner(folder: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, ownerFile), 'utf8'))
  } catch {
    return undefined
  }
}

function ownerOf(pid: number): Owner {
  return { pid, started: startOf(pid), world: world() }
}

function world(): string {
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return process.platform
  }
}
