import { AgentError } from '../../../src/lab/guest.ts'
import { GuestAgent } from '../../../src/lab/simulated/guest-agent.ts'
import type { Machine } from '../../../src/lab/simulated/machine.ts'
import type { Outcome } from '../../../src/lab/simulated/shell.ts'
import type { StillGuest } from '../still-guest.ts'

/** What a network card counts. */
export const cardStatistics = ['rx', 'tx'].flatMap((way) =>
  ['bytes', 'dropped', 'errs', 'packets'].map((name) => `${way}-${name}`),
)

interface Address {
  readonly address: string
  readonly family: 4 | 6
  readonly prefix: number
}

/** The agent of the lab's guests, in a system that has the files and programs of the recorded one. */
export class RecordedAgent {
  /** The process that was started last. */
  lastPid = 0
  /** What the agent does not answer at all, or refuses to do. */
  state: 'answers' | 'silent' | 'files-disabled' = 'answers'
  /** Commands that it does not know. */
  lacks: ReadonlySet<string> = new Set(['get-fsinfo'])
  readonly #files = recordedFiles()
  readonly #addresses: readonly Address[]
  readonly #asleep: (() => void)[] = []
  readonly #agent: GuestAgent

  /** What the card has besides its link-local address. */
  constructor(addresses: readonly Address[]) {
    this.#addresses = addresses
    this.#agent = new GuestAgent(this.#machine())
  }

  /** Puts the agent into a guest. */
  installIn(guest: StillGuest | undefined): void {
    Object.assign(guest ?? {}, { agent: this.call.bind(this) })
  }

  async call(command: string, parameters: Readonly<Record<string, unknown>>): Promise<unknown> {
    if (this.state === 'silent') throw new AgentError('not-running', 'silent')
    if (this.state === 'files-disabled' && command.startsWith('file-')) {
      throw new AgentError('failed', 'Command guest-file-open has been disabled')
    }
    if (this.lacks.has(command)) {
      throw new AgentError('unsupported', `The command guest-${command} has not been found`)
    }
    const answer = await this.#agent.call(command, parameters)
    // That agent did not count on a bridge.
    if (command === 'network-get-interfaces') dropStatistics(answer, 'docker0')
    if (command === 'exec') this.lastPid = (answer as { pid: number }).pid
    return answer
  }

  /** Ends what sleeps, and waits until the agent knows. */
  async wake(): Promise<void> {
    for (const wake of this.#asleep.splice(0)) wake()
    await new Promise<void>((resolve) => setImmediate(resolve))
  }

  #machine(): Machine {
    const files = this.#files
    return {
      hostname: 'nixos',
      hardware: { architecture: 'x86_64', cores: 1 },
      kind: 'installed',
      interfaces: [
        { name: 'eth0', mac: 'bc:24:11:00:00:01', addresses: this.#addresses },
        { name: 'docker0', mac: '02:42:00:00:00:01', addresses: [] },
      ],
      mounts: [],
      power: { commandEnded: () => undefined },
      shell: { run: (command: string, options: { stdin: Buffer }) => this.#run(command, options.stdin) },
      fs: {
        readFileBuffer: async (file: string) => {
          const content = files.get(file)
          if (content === undefined) throw new Error('ENOENT')
          return content
        },
        writeFile: async (file: string, content: Buffer) => void files.set(file, content),
      },
    } as unknown as Machine
  }

  /** Every program says how it was called. */
  async #run(command: string, stdin: Buffer): Promise<Outcome> {
    const [program = '', ...args] = wordsOf(command)
    if (program === 'sleep') await new Promise<void>((resolve) => this.#asleep.push(resolve))
    if (program === 'cat') return { ...silent, stdout: stdin.toString('latin1'), binary: true }
    if (program === 'false') return { ...silent, stderr: 'fehlgeschlagen: grün\n', exitCode: 1 }
    const words = args.map((word) => JSON.stringify(word)).join(', ')
    return { ...silent, stdout: `{"arg": [${words}], "capture-output": true, "path": "${program}"}` }
  }
}

const silent: Outcome = { stdout: '', stderr: '', exitCode: 0, binary: false }

function dropStatistics(answer: unknown, name: string): void {
  const { result } = answer as { result: { name: string; statistics?: unknown }[] }
  for (const card of result) if (card.name === name) delete card.statistics
}

function recordedFiles(): Map<string, Buffer> {
  const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBhGgOsgp61RFJEh9lHJRkX7d6oG8ZqWMzDYyuGrwQ8+ root@nixos\n'
  return new Map([
    ['/etc/ssh/ssh_host_ed25519_key.pub', Buffer.from(key)],
    ['/big20M', Buffer.alloc(20 * 1024 ** 2, '0123456789abcdef')],
    ['/two-meg', Buffer.alloc(2 * 1024 ** 2, 'A')],
    ['/binary', Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))],
    ['/utf8', Buffer.from('grüße ✓\n')],
    ['/empty', Buffer.alloc(0)],
  ])
}

/** The words of a command that were quoted one by one. */
function wordsOf(command: string): string[] {
  const words = command.match(/'(?:[^']|'\\'')*'|\S+/g) ?? []
  return words.map((word) => (word.startsWith("'") ? word.slice(1, -1).replaceAll("'\\''", "'") : word))
}
