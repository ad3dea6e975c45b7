/** The real Ansible with the collection of this checkout, against a lab in this process. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dump } from 'js-yaml'
import type { TestContext } from 'vitest'
import { type Box, openBox, processesWith } from '../../support/lab.ts'
import { pythonEnvironment, type Requirement } from '../../support/python.ts'
import { newest } from './requirements.ts'

export const collection = join(import.meta.dirname, '..', '..', '..', 'ansible')
export const prefix = 'nixos.cloud_init_installer'

/** What a task ended with on a host. */
export interface Recorded {
  readonly host: string
  readonly task: string
  readonly status: 'ok' | 'failed' | 'skipped'
  // biome-ignore lint/suspicious/noExplicitAny: the tests look into whatever a module returns
  readonly result: any
}

/** A host's line of the recap. */
export interface Recap {
  readonly ok: number
  readonly changed: number
  readonly failed: number
}

export interface Played {
  readonly exitCode: number | null
  /** Standard output and error, as they came. */
  readonly text: string
  readonly stdout: string
  readonly tasks: readonly Recorded[]
  readonly recap: Readonly<Record<string, Recap>>
  /** The only task's result; fails where there is not exactly one. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly result: any
}

export interface PlayOptions {
  readonly environment?: Readonly<Record<string, string>>
}

/** A playbook that runs. */
export class Playing {
  readonly child: ChildProcess
  readonly ended: Promise<Played>
  readonly #mark = randomUUID()
  #text = ''
  #stdout = ''
  #over = false
  readonly #waiting = new Set<() => void>()

  constructor(
    file: string,
    words: readonly string[],
    environment: Readonly<Record<string, string>>,
    folder: string,
  ) {
    const record = join(folder, `record-${this.#mark}`)
    this.child = spawn(file, [...words], {
      cwd: folder,
      env: { ...environment, RECORD_FILE: record, NCI_TEST_MARK: this.#mark },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    this.child.stdout?.on('data', (text) => {
      this.#stdout += text
    })
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#text += text
        this.#wake()
      })
    }
    this.ended = new Promise((resolve, reject) => {
      this.child.once('error', reject)
      // Not `close`: what a killed play leaves behind may hold the pipes.
      this.child.once('exit', (exitCode) => {
        setImmediate(() => {
          this.#over = true
          this.#wake()
          resolve(playedOf(exitCode, this.#text, this.#stdout, record))
        })
      })
    })
  }

  /** Waits for a text in the output; fails where the play ends without it. */
  async until(wanted: string): Promise<void> {
    while (!this.#text.includes(wanted)) {
      if (this.#over) throw new Error(`the play ended before \`${wanted}\`:\n${this.#text}`)
      await new Promise<void>((resolve) => this.#waiting.add(resolve))
    }
  }

  /** Processes of the play that are still alive, its engines among them. */
  alive(): { pid: number; command: string }[] {
    return processesWith(`NCI_TEST_MARK=${this.#mark}`)
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve()
    this.#waiting.clear()
  }
}

function playedOf(exitCode: number | null, text: string, stdout: string, record: string): Played {
  const lines = existsSync(record) ? readFileSync(record, 'utf8').split('\n').filter(Boolean) : []
  const tasks = lines.map((line) => JSON.parse(line) as Recorded)
  const recap = [...text.matchAll(/^(\S+) +: ok=(\d+) +changed=(\d+) .*failed=(\d+)/gm)].map(
    ([, host = '', ok, changed, failed]) =>
      [host, { ok: Number(ok), changed: Number(changed), failed: Number(failed) }] as const,
  )
  return {
    exitCode,
    text,
    stdout,
    tasks,
    recap: Object.fromEntries(recap),
    get result() {
      if (tasks.length !== 1) throw new Error(`there are ${tasks.length} results:\n${text}`)
      return tasks[0]?.result
    },
  }
}

/** A lab, and Ansible with the environment that belongs to it. */
export interface Stage extends AsyncDisposable {
  readonly box: Box
  /** Folder of the programs of the virtual environment. */
  readonly programs: string
  readonly environment: Readonly<Record<string, string>>
  start(words: readonly string[], options?: PlayOptions): Playing
  /** Runs `ansible-playbook` with these words. */
  play(words: readonly string[], options?: PlayOptions): Promise<Played>
  /** Runs tasks on localhost. */
  tasks(tasks: readonly object[], words?: readonly string[], options?: PlayOptions): Promise<Played>
  /** Runs one task of a module on localhost. */
  module(name: string, values: object, more?: object, words?: readonly string[]): Promise<Played>
  /** Writes an inventory of hosts with these variables, and gives the words that name it. */
  inventory(hosts: Readonly<Record<string, object>>, vars?: object): string[]
  /** Writes a playbook and gives its path. */
  playbook(plays: readonly object[]): string
}

/** Opens a lab and makes Ansible ready; skips the test where it cannot be had. */
export async function openStage(
  context: Pick<TestContext, 'skip'>,
  options: Parameters<typeof openBox>[0] = {},
  requirements: readonly Requirement[] = newest,
): Promise<Stage> {
  const virtual = await pythonEnvironment(context, requirements)
  const box = await openBox(options)
  const programs = join(virtual, 'bin')
  const environment = { ...box.environment, ...settings(box.folder, programs) }
  const running: Playing[] = []
  let files = 0
  const write = (content: unknown): string => {
    const file = join(box.folder, `file${++files}.yml`)
    writeFileSync(file, dump(content))
    return file
  }
  const stage: Stage = {
    box,
    programs,
    environment,
    start(words, { environment: more = {} } = {}) {
      const playing = new Playing(
        join(programs, 'ansible-playbook'),
        words,
        { ...environment, ...more },
        box.folder,
      )
      running.push(playing)
      return playing
    },
    play: (words, given) => stage.start(words, given).ended,
    tasks: (tasks, words = [], given = {}) => {
      const play = { hosts: 'localhost', gather_facts: false, tasks }
      return stage.play(['-i', 'localhost,', '-c', 'local', write([play]), ...words], given)
    },
    module: (name, values, more = {}, words = []) =>
      stage.tasks([{ name, [`${prefix}.${name}`]: values, ...more }], words),
    inventory: (hosts, vars = {}) => ['-i', write({ all: { hosts, vars } })],
    playbook: write,
    async [Symbol.asyncDispose]() {
      for (const playing of running) {
        for (const { pid } of playing.alive()) {
          try {
            process.kill(pid, 'SIGKILL')
          } catch {
            // It has ended by itself.
          }
        }
      }
      await Promise.all(running.map((playing) => playing.ended.catch(() => undefined)))
      await box[Symbol.asyncDispose]()
    },
  }
  return stage
}

/** Ansible with the collection of this checkout, and with nothing of the user's. */
function settings(folder: string, programs: string): Record<string, string> {
  // Not `collections`: that one, beside a playbook, would come before all others.
  const collections = join(folder, 'checkout')
  mkdirSync(join(collections, 'ansible_collections', 'nixos'), { recursive: true })
  const configuration = join(folder, 'ansible.cfg')
  writeFileSync(configuration, '[defaults]\n')
  symlinkSync(collection, join(collections, 'ansible_collections', 'nixos', 'cloud_init_installer'))
  return {
    LC_ALL: 'C.UTF-8',
    ANSIBLE_HOME: join(folder, 'ansible'),
    ANSIBLE_COLLECTIONS_PATH: collections,
    ANSIBLE_CONFIG: configuration,
    ANSIBLE_NOCOLOR: '1',
    ANSIBLE_LOCALHOST_WARNING: 'false',
    ANSIBLE_INVENTORY_UNPARSED_WARNING: 'false',
    ANSIBLE_CALLBACK_PLUGINS: import.meta.dirname,
    ANSIBLE_CALLBACKS_ENABLED: 'record',
    ANSIBLE_PYTHON_INTERPRETER: join(programs, 'python'),
    // Ansible asks the system for the user's home, whatever HOME says.
    ANSIBLE_REMOTE_TMP: join(folder, 'tmp', 'ansible'),
    ANSIBLE_ASYNC_DIR: join(folder, 'ansible', 'async'),
    PYTHONDONTWRITEBYTECODE: '1',
    // Off a terminal, Python would hold the output back.
    PYTHONUNBUFFERED: '1',
  }
}

/** The values of a small host of the lab, with this address. */
export function hostValues(box: Box, address: string): Record<string, unknown> {
  const { name: _, ...host } = box.host
  return { ...host, networks: [{ bridge: 'vmbr0', ip: `${address}/24`, gateway: '192.0.2.1' }] }
}

/** A flake of hosts, as far as the lab's stand-in for Nix looks at it. */
export function writeFlake(folder: string, names: readonly string[]): string {
  const systems = names.map((name) => `nixosConfigurations.${name} = { };`).join(' ')
  mkdirSync(folder)
  writeFileSync(join(folder, 'flake.nix'), `{ outputs = { self }: { ${systems} }; }\n`)
  return folder
}
