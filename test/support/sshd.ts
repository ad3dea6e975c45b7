import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { temporaryFolder } from './folder.ts'
import { writeProgram } from './program.ts'

const program = '/usr/sbin/sshd'
/** Tests with a real OpenSSH server are skipped where none is installed. */
export const hasSshd = existsSync(program)

export interface Sshd extends AsyncDisposable {
  readonly folder: string
  readonly port: number
  readonly user: string
  /** `ssh-ed25519 AAAA…`, without a comment. */
  readonly hostKey: string
  /** File of a private key that may log in. */
  readonly keyFile: string
  readonly key: string
  /** What it has said so far. */
  readonly log: readonly string[]
}

/** Makes a key pair with the real ssh-keygen and gives the private key's file. */
export function makeKey(folder: string, name: string, ...options: string[]): string {
  const file = join(folder, name)
  const given = options.includes('-N') ? options : [...options, '-N', '']
  const type = options.includes('-t') ? [] : ['-t', 'ed25519']
  execFileSync('ssh-keygen', ['-q', ...type, ...given, '-C', 'test', '-f', file], { stdio: 'pipe' })
  return file
}

/**
 * Starts a real sshd on loopback, with its own configuration in its own folder.
 *
 * @param settings lines of sshd_config, before all others; `{port}` and `{folder}` stand for its own
 */
export function startSshd(...settings: string[]): Promise<Sshd> {
  return startServer(program, settings)
}

/** As {@link startSshd}, with another server than the machine's own. */
export async function startServer(program: string, settings: readonly string[]): Promise<Sshd> {
  const folder = temporaryFolder()
  try {
    // The folder for privilege separation, where the system's own sshd never ran.
    if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 })
    const hostKeyFile = makeKey(folder.path, 'host')
    const keyFile = makeKey(folder.path, 'id')
    writeFileSync(join(folder.path, 'authorized_keys'), readFileSync(`${keyFile}.pub`))
    for (;;) {
      const port = await freePort()
      const started = await start(program, folder.path, port, hostKeyFile, settings)
      if (started === undefined) continue
      const { log, stop } = started
      return {
        folder: folder.path,
        port,
        user: userInfo().username,
        hostKey: readFileSync(`${hostKeyFile}.pub`, 'utf8').split(' ').slice(0, 2).join(' '),
        keyFile,
        key: readFileSync(keyFile, 'utf8'),
        log,
        async [Symbol.asyncDispose]() {
          await stop()
          folder[Symbol.dispose]()
        },
      }
    }
  } catch (error) {
    folder[Symbol.dispose]()
    throw error
  }
}

async function start(
  program: string,
  folder: string,
  port: number,
  hostKey: string,
  settings: readonly string[],
): Promise<{ log: string[]; stop(): Promise<void> } | undefined> {
  const config = join(folder, 'sshd_config')
  const lines = [
    ...settings.map((line) => line.replaceAll('{port}', String(port)).replaceAll('{folder}', folder)),
    `ListenAddress 127.0.0.1:${port}`,
    `HostKey ${hostKey}`,
    `AuthorizedKeysFile ${join(folder, 'authorized_keys')}`,
    'PidFile none',
    // Whatever the user's shell reads at its start is none of the tests'.
    `SetEnv HOME=${folder}`,
    'StrictModes no',
    'UsePAM no',
    'PermitRootLogin prohibit-password',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'LogLevel VERBOSE',
  ]
  writeFileSync(config, lines.map((line) => `${line}\n`).join(''))
  const child = spawn(program, ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const log: string[] = []
  const listening = new Promise<boolean>((resolve) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      log.push(line)
      if (line.startsWith('Server listening')) resolve(true)
    })
    child.once('close', () => resolve(false))
  })
  if (await listening) {
    const stop = async (): Promise<void> => {
      child.kill('SIGTERM')
      await ended
    }
    return { log, stop }
  }
  if (log.some((line) => line.includes('Address already in use'))) return undefined
  throw new Error(`sshd did not start: ${log.join('; ')}`)
}

export interface Agent extends AsyncDisposable {
  readonly socket: string
  /** Loads a private key, opened with its passphrase where it has one. */
  add(file: string, passphrase?: string): void
  /** Forgets all keys. */
  clear(): void
}

/** Starts a real ssh-agent without keys. */
export async function startAgent(): Promise<Agent> {
  const folder = temporaryFolder()
  const socket = join(folder.path, 'agent')
  const child = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] })
  const ended = once(child, 'close')
  // It tells its socket once it listens there.
  await once(child.stdout, 'data')
  const askpass = writeProgram(join(folder.path, 'askpass'), 'echo "$PASSPHRASE"')
  const run = (passphrase: string, ...parameters: string[]): void => {
    const environment = { SSH_ASKPASS: askpass, SSH_ASKPASS_REQUIRE: 'force', PASSPHRASE: passphrase }
    const env = { ...process.env, ...environment, SSH_AUTH_SOCK: socket }
    execFileSync('ssh-add', ['-q', ...parameters], { env, stdio: 'pipe' })
  }
  return {
    socket,
    add: (file, passphrase = '') => run(passphrase, file),
    clear: () => run('', '-D'),
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await ended
      folder[Symbol.dispose]()
    },
  }
}

/** A port of loopback that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise<void>((resolve) => server.close(() => resolve()))
  return port
}
