/** The target, reached with the system's `ssh` (found through PATH, where a wrapper may pin host keys). */
import { spawn } from 'node:child_process'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

export interface RunOptions {
  /** Sent to the remote command; nothing unless given. */
  readonly input?: Readable | Buffer | string
  readonly capture?: boolean
  /** More options for ssh, before the target. */
  readonly sshOptions?: readonly string[]
  /** Not a word of ssh's own and of the command's on our stderr. */
  readonly quiet?: boolean
  readonly timeoutMs?: number
}

export interface Result {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

export class Remote {
  /** `[user@]host` */
  target: string
  readonly #options: readonly string[]

  constructor(target: string, keyFile: string, more: readonly string[]) {
    this.target = target
    this.#options = [
      '-o',
      'IdentitiesOnly=yes',
      '-i',
      keyFile,
      '-o',
      'UserKnownHostsFile=/dev/null',
      '-o',
      'StrictHostKeyChecking=no',
      ...more,
    ]
  }

  get host(): string {
    return this.target.replace(/^.*@/, '')
  }

  /** The user that ssh would log in as, from its configuration. */
  async user(): Promise<string> {
    const { stdout } = await run('ssh', [...this.#options, '-G', this.target], { capture: true })
    return /^user (.+)$/m.exec(stdout)?.[1] ?? ''
  }

  run(command: string, options: RunOptions = {}): Promise<Result> {
    const more = options.sshOptions ?? []
    return run('ssh', ['-T', ...more, ...this.#options, this.target, command], options)
  }
}

async function run(program: string, args: readonly string[], options: RunOptions): Promise<Result> {
  const { input, capture, quiet, timeoutMs } = options
  const child = spawn(program, args, {
    stdio: [
      input === undefined ? 'ignore' : 'pipe',
      capture ? 'pipe' : 'inherit',
      quiet ? 'pipe' : 'inherit',
    ],
  })
  let stdout = ''
  let stderr = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => child.kill(), timeoutMs)
  const ended = new Promise<number>((resolve) => {
    child.once('error', (error) => {
      stderr += `${program}: ${error.message}\n`
      resolve(127)
    })
    child.once('close', (code) => resolve(code ?? 143))
  })
  if (child.stdin && input !== undefined) {
    const source = input instanceof Readable ? input : Readable.from([Buffer.from(input)])
    // The remote side may end before it has read everything: its exit status tells.
    await pipeline(source, child.stdin).catch(() => undefined)
  }
  const exitCode = await ended
  clearTimeout(timer)
  return { exitCode, stdout, stderr }
}
