/** The real command as a child process against a lab in this process, and what is needed to look at both. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Change } from '../../src/core/step.ts'
import type { RecordedRequest } from '../../src/lab/lab.ts'
import { openSandbox, type Sandbox, type SandboxOptions } from '../../src/lab/sandbox.ts'

const command = join(import.meta.dirname, '..', '..', 'bin', 'nci')

/** The document that a run ends with. */
export interface Document {
  readonly ok: boolean
  readonly step: string
  readonly changed: boolean
  readonly check: boolean
  readonly diff: readonly Change[]
  // biome-ignore lint/suspicious/noExplicitAny: the tests look into whatever the command prints
  readonly output: any
  readonly error: {
    readonly code: string
    readonly message: string
    readonly hint: string
    readonly retryable: boolean
    readonly details: Readonly<Record<string, unknown>>
  }
  readonly warnings: readonly string[]
}

/** A run that has ended. */
export interface End {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  /** Parsed stdout; fails where that is not exactly one JSON object. */
  readonly document: Document
}

/** A line of `--progress ndjson`. */
export interface Progress {
  readonly step: string
  readonly type: string
  readonly phase?: string
  readonly status?: string
  readonly done?: number
  readonly line?: string
}

export interface NciOptions {
  /** Sent as the document on standard input. */
  readonly input?: Readonly<Record<string, unknown>> | string
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** `ndjson` unless given, so that a test can wait for events; `undefined` leaves the choice to the command. */
  readonly progress?: string | undefined
}

/** A run that goes on. */
export class Nci {
  readonly child: ChildProcess
  readonly ended: Promise<End>
  readonly progress: Progress[] = []
  /** In the environment of every process of the run, whoever its parent is. */
  readonly mark = randomUUID()
  readonly #waiting = new Set<() => void>()
  #over = false

  constructor(words: readonly string[], options: NciOptions) {
    const { input, environment } = options
    const progress = 'progress' in options ? options.progress : 'ndjson'
    this.child = spawn(
      command,
      [
        ...words,
        ...(input === undefined ? [] : ['--input', '-']),
        ...(progress === undefined ? [] : ['--progress', progress]),
      ],
      { env: { ...environment, NCI_TEST_MARK: this.mark }, detached: true },
    )
    this.child.stdin?.on('error', () => undefined)
    this.child.stdin?.end(typeof input === 'string' ? input : JSON.stringify(input ?? ''))
    this.ended = this.#collect()
  }

  /** Waits for a line of the progress; fails where the run ends without it. */
  async until(wanted: Partial<Progress> | ((line: Progress) => boolean)): Promise<Progress> {
    const fits =
      typeof wanted === 'function'
        ? wanted
        : (line: Progress) =>
            Object.entries(wanted).every(([key, value]) => line[key as keyof Progress] === value)
    for (;;) {
      const found = this.progress.find(fits)
      if (found !== undefined) return found
      if (this.#over) {
        const { stdout, stderr } = await this.ended
        throw new Error(`the run ended before ${JSON.stringify(wanted)}:\n${stderr}\n${stdout}`)
      }
      await new Promise<void>((resolve) => this.#waiting.add(resolve))
    }
  }

  /** What a terminal does on Ctrl-C, and a supervisor on stop: the signal goes to the whole process group. */
  signal(name: NodeJS.Signals): void {
    process.kill(-(this.child.pid as number), name)
  }

  /** Processes of the run that are still alive. */
  alive(): { pid: number; command: string }[] {
    return processesWith(`NCI_TEST_MARK=${this.mark}`)
  }

  /** Ends what a killed run left behind. */
  endLeftovers(): void {
    for (const { pid } of this.alive()) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It has ended by itself.
      }
    }
  }

  async #collect(): Promise<End> {
    let [stdout, stderr, rest] = ['', '', '']
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) if (line.startsWith('{')) this.progress.push(JSON.parse(line))
      this.#wake()
    })
    const [exitCode, signal] = await new Promise<[number | null, NodeJS.Signals | null]>(
      (resolve, reject) => {
        this.child.once('error', reject)
        // Not `close`: what a killed run leaves behind may hold the pipes.
        this.child.once('exit', (code, name) => setImmediate(() => resolve([code, name])))
      },
    )
    if (signal === null) await closed(this.child)
    this.#over = true
    this.#wake()
    return {
      exitCode,
      signal,
      stdout,
      stderr,
      get document() {
        return onlyDocument(stdout, stderr)
      },
    }
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve()
    this.#waiting.clear()
  }
}

function closed(child: ChildProcess): Promise<void> {
  const open = [child.stdout, child.stderr].filter((stream) => stream !== null && !stream.closed)
  return Promise.all(open.map((stream) => new Promise((resolve) => stream?.once('close', resolve)))).then(
    () => undefined,
  )
}

function onlyDocument(stdout: string, stderr: string): Document {
  if (!/^\{.*\}\n$/s.test(stdout)) throw new Error(`stdout is no document: ${stdout}\nstderr: ${stderr}`)
  return JSON.parse(stdout)
}

/** Starts the command with nothing but this environment. */
export function startNci(words: readonly string[], options: NciOptions = {}): Nci {
  return new Nci(words, options)
}

/** Runs the command to its end. */
export function runNci(words: readonly string[], options: NciOptions = {}): Promise<End> {
  return startNci(words, options).ended
}

/** A sandbox, and the command with the environment that belongs to it. */
export interface Box extends AsyncDisposable {
  readonly sandbox: Sandbox
  readonly lab: Sandbox['lab']
  readonly guests: Sandbox['guests']
  readonly folder: string
  /** What the run finds in TMPDIR. */
  readonly temporary: string
  readonly environment: Readonly<Record<string, string>>
  /** A host document with an ISO that is small: who looks at uploads has a larger one of the sandbox. */
  readonly host: Readonly<Record<string, unknown>>
  start(words: readonly string[], options?: NciOptions): Nci
  run(words: readonly string[], options?: NciOptions): Promise<End>
  /** Requests that may change something, since a position in the list of all. */
  writes(since?: number): RecordedRequest[]
  /** The configuration of a VM as its file has it. */
  config(vmid: number): string
  vmids(): number[]
  isos(): string[]
}

/** Opens a sandbox whose stand-ins do not dawdle. */
export async function openBox(options: SandboxOptions = {}): Promise<Box> {
  const sandbox = await openSandbox({ pace: 0.01, ...options })
  const { lab, guests, folder } = sandbox
  const temporary = join(folder, 'tmp')
  mkdirSync(temporary, { recursive: true })
  const iso = writeIso(join(folder, 'installer.iso'))
  const environment = {
    HOME: folder,
    TMPDIR: temporary,
    // Outside of TMPDIR: there it would be cold each time.
    NODE_COMPILE_CACHE: join(tmpdir(), 'nci-test-compile-cache'),
    ...sandbox.environment,
  }
  const runs: Nci[] = []
  const start = (words: readonly string[], given: NciOptions = {}): Nci => {
    const run = startNci(words, { ...given, environment: { ...environment, ...given.environment } })
    runs.push(run)
    return run
  }
  return {
    sandbox,
    lab,
    guests,
    folder,
    temporary,
    environment,
    host: { ...sandbox.host, iso_path: iso },
    start,
    run: (words, given) => start(words, given).ended,
    writes: (since = 0) => writesOf(lab.requests.slice(since)),
    config: (vmid) => {
      const nodes = join(folder, 'pve', 'nodes')
      const files = list(nodes).filter((name) => name.endsWith(`/${vmid}.conf`))
      return files.map((file) => readFileSync(join(nodes, file), 'utf8')).join('')
    },
    vmids: () =>
      list(join(folder, 'pve', 'nodes'))
        .flatMap((name) => /(\d+)\.conf$/.exec(name)?.[1] ?? [])
        .map(Number)
        .sort((a, b) => a - b),
    isos: () => readdirSync(join(folder, 'pve', 'storage', 'local', 'template', 'iso')).sort(),
    async [Symbol.asyncDispose]() {
      for (const run of runs) run.endLeftovers()
      await Promise.all(runs.map((run) => run.ended.catch(() => undefined)))
      await sandbox[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Requests that ask for a change; a login is none. */
export function writesOf(requests: readonly RecordedRequest[]): RecordedRequest[] {
  return requests.filter(({ method, path }) => method !== 'GET' && path !== '/access/ticket')
}

/** An ISO as far as its mark tells; the content differs with the seed. */
export function writeIso(file: string, seed = 'installer', size = 128 * 1024): string {
  const content = Buffer.alloc(size, seed)
  content.write('\u0001CD001\u0001', 16 * 2048, 'latin1')
  writeFileSync(file, content)
  return file
}

/** Waits for what no event tells of: looks again and again, until the test's own time is up. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5))
}

/** Processes that have an entry in their environment; those that have ended but were not waited for are none. */
export function processesWith(entry: string): { pid: number; command: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
        if (!environment.includes(entry)) return []
        readlinkSync(`/proc/${pid}/exe`)
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim()
        return words === '' ? [] : [{ pid: Number(pid), command: words }]
      } catch {
        return []
      }
    })
}

function list(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : []
}
