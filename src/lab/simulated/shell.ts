/**
 * The guest's shell: just-bash over the machine's files, with the commands that a NixOS system has besides.
 */
import type { Command, CommandName, ResolvedCommandContext } from 'just-bash'
import { blockCommands } from './commands/blocks.ts'
import { fileCommands } from './commands/files.ts'
import { identityCommands } from './commands/identity.ts'
import { mountCommands } from './commands/mounts.ts'
import { nixCommands } from './commands/nix.ts'
import { powerCommands } from './commands/power.ts'
import { processCommands } from './commands/processes.ts'
import { serviceCommands } from './commands/services.ts'
import { shellCommands } from './commands/shells.ts'
import type { Machine } from './machine.ts'
import { readsStdin } from './reads-stdin.ts'
import { refreshFiles, writeDevices } from './system-files.ts'

export interface Outcome {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number
  /** Whether `stdout` holds bytes, one per character, instead of text. */
  readonly binary: boolean
}

/** A command: gets the machine besides its arguments; a string is its output with exit status 0. */
export type GuestCommand = (
  args: string[],
  context: ResolvedCommandContext,
  machine: Machine,
) => Answer | Promise<Answer>
export type Answer = string | { stdout?: string; stderr?: string; exitCode: number }

export interface RunOptions {
  readonly user?: string
  readonly stdin?: Buffer
  /** Variables of the session: `SSH_CONNECTION` and the like. */
  readonly environment?: Readonly<Record<string, string>>
  readonly abort?: AbortController
}

export interface Shell {
  run(command: string, options?: RunOptions): Promise<Outcome>
  readsStdin(command: string): boolean
}

const path = '/run/wrappers/bin:/usr/bin:/bin:/run/current-system/sw/bin'
/** In just-bash, but not on a minimal NixOS. */
const notInstalled = new Set(['jq', 'yq', 'xan', 'sqlite3', 'rg', 'tree', 'file', 'html-to-markdown', 'help'])

export async function createShell(machine: Machine): Promise<Shell> {
  const { Bash, defineCommand, getCommandNames, parse } = await import('just-bash')
  const guestCommands: Record<string, GuestCommand> = {
    ...shellCommands,
    ...identityCommands,
    ...fileCommands,
    ...blockCommands,
    ...mountCommands,
    ...nixCommands,
    ...processCommands,
    ...serviceCommands,
    ...powerCommands,
  }
  const customCommands: Command[] = Object.entries(guestCommands).map(([name, body]) =>
    defineCommand(name, async (args, context) => {
      const answer = await body(args, context, machine)
      if (typeof answer === 'string') return { stdout: answer, stderr: '', exitCode: 0 }
      return { ...answer, stdout: answer.stdout ?? '', stderr: answer.stderr ?? '' }
    }),
  )
  const builtIn = getCommandNames().filter((name) => !notInstalled.has(name)) as CommandName[]
  const bash = new Bash({
    fs: machine.fs,
    commands: builtIn,
    customCommands,
    // The guest is no sandbox for strangers, and patching the globals of the lab's process would be worse.
    defenseInDepth: false,
    processInfo: { pid: 1000, ppid: 1, uid: 0, gid: 0 },
  })
  for (const name of new Set([...builtIn, ...Object.keys(guestCommands)])) {
    // just-bash takes files in these two folders for its commands, and files anywhere else for scripts.
    const stubs = ['/usr/bin', '/bin'].map((folder) => [folder, `# Built-in command: ${name}`])
    const script = [`${machine.system}/sw/bin`, `exec /usr/bin/${name} "$@"`]
    for (const [folder, line] of [...stubs, script]) {
      await machine.fs.writeFile(`${folder}/${name}`, `#!/bin/bash\n${line}\n`)
      await machine.fs.chmod(`${folder}/${name}`, 0o755)
    }
  }

  return {
    readsStdin: (command) => readsStdin(command, parse),
    async run(command, options = {}) {
      const user = options.user ?? 'root'
      const environment = {
        HOME: machine.homeOf(user),
        USER: user,
        LOGNAME: user,
        SHELL: '/run/current-system/sw/bin/bash',
        PATH: path,
        ...options.environment,
      }
      const running = machine.processes.start(command, user, environment, options.abort)
      try {
        if (!machine.faults().diskVanishes) await writeDevices(machine)
        await refreshFiles(machine)
        const variables = { ...environment, LAB_PID: String(running.pid) }
        // What exec is given is set but not exported: the commands of inner shells would not see it.
        const result = await bash.exec(`export ${Object.keys(variables).join(' ')}; ${command}`, {
          rawScript: true,
          replaceEnv: true,
          env: variables,
          cwd: environment.HOME,
          stdin: options.stdin?.toString('latin1') ?? '',
          stdinKind: 'bytes',
          signal: running.abort.signal,
        })
        return {
          stdout: result.stdout,
          stderr: result.stderr,
          exitCode: running.abort.signal.aborted ? 143 : result.exitCode,
          binary: result.stdoutKind === 'bytes' || result.stdoutEncoding === 'binary',
        }
      } finally {
        machine.processes.end(running)
        await refreshFiles(machine)
      }
    },
  }
}
