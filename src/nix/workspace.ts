import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NciError, reasonOf } from '../core/errors.ts'
import { onForcedExit } from '../core/forced-exit.ts'
import { runProgram } from './process.ts'
import { findInPath } from './programs.ts'

/** A key pair in OpenSSH's format. */
export interface KeyPair {
  /** The private key's file. */
  readonly file: string
  /** `ssh-ed25519 AAAA… comment` */
  readonly publicKey: string
}

/** What an IPv6 address is called towards programs that do not take one. */
export const hostAlias = 'nci-installer'

const prefix = 'nci-install-'
const hostKeyFile = join('etc', 'ssh', 'ssh_host_ed25519_key')

/**
 * A folder for one run of nixos-anywhere, readable by the user alone, removed at the end: the login key, the `ssh`
 * that pins the host key, temporary files, files for the new system. What a killed run left is removed as well.
 */
export class Workspace implements Disposable {
  readonly #folder: string
  readonly #forced: Disposable

  constructor() {
    removeLeftovers()
    // The process id in the name tells later runs whether the folder is in use.
    this.#folder = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`))
    this.#forced = onForcedExit(() => this.#remove())
    for (const name of ['bin', 'tmp']) mkdirSync(join(this.#folder, name))
  }

  get temporary(): string {
    return join(this.#folder, 'tmp')
  }

  /** To be put first in PATH. */
  get programs(): string {
    return join(this.#folder, 'bin')
  }

  /**
   * Makes an ed25519 key pair with OpenSSH's own tool.
   *
   * @throws {NciError} `NIXOS_ANYWHERE_MISSING` where it is not there
   */
  async makeKey(name: string, comment: string, signal: AbortSignal): Promise<KeyPair> {
    const file = join(this.#folder, name)
    const printed: string[] = []
    const code = await runProgram({
      file: requireProgram('ssh-keygen'),
      arguments: ['-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', file],
      environment: process.env,
      signal,
      onLine: (line) => printed.push(line),
    })
    if (code !== 0) throw new Error(`ssh-keygen failed: ${printed.join(' ')}`)
    return { file, publicKey: readFileSync(`${file}.pub`, 'utf8').trim() }
  }

  /**
   * Puts an `ssh` into {@link programs} that accepts one host key only. nixos-anywhere's own options switch the
   * verification off and come later in the command line; ssh takes the first value of an option.
   *
   * @param host the address of the installer
   * @throws {NciError} `NIXOS_ANYWHERE_MISSING` where there is no OpenSSH client
   */
  pinHostKey(hostKey: string, host: string): void {
    const ssh = requireProgram('ssh')
    const [type = '', blob = ''] = hostKey.split(' ')
    const known = join(this.#folder, 'known_hosts')
    writeFileSync(known, `${hostAlias} ${type} ${blob}\n`)
    const options = [
      ...(host.includes(':') ? [`HostName=${host}`] : []),
      'StrictHostKeyChecking=yes',
      // Quoted: the folder for temporary files may have a blank in its name.
      `UserKnownHostsFile="${known}"`,
      'GlobalKnownHostsFile=/dev/null',
      `HostKeyAlias=${hostAlias}`,
      `HostKeyAlgorithms=${type === 'ssh-rsa' ? 'rsa-sha2-512,rsa-sha2-256' : type}`,
      'UpdateHostKeys=no',
      'CheckHostIP=no',
      'VerifyHostKeyDNS=no',
      'BatchMode=yes',
      'ForwardAgent=no',
      'ConnectTimeout=10',
      'ServerAliveInterval=5',
      'ServerAliveCountMax=3',
    ]
    const file = join(this.programs, 'ssh')
    // Without its engine nobody watches over the installation any more: no new connections.
    const script = `#!/bin/sh
kill -0 ${process.pid} 2>/dev/null || { echo 'the engine has ended' >&2; exit 255; }
exec ${quote(ssh)} -F none ${options.map((option) => `-o ${quote(option)}`).join(' ')} "$@"
`
    writeFileSync(file, script)
    chmodSync(file, 0o755)
  }

  /**
   * Collects the files for the new system: the user's folder, and a host key where that has none.
   *
   * @returns the folder, and the public host key that the new system will have
   * @throws {NciError} `INSTALL_FILES_MISSING`
   */
  collectFiles(
    userFolder: string | undefined,
    hostKey: KeyPair | undefined,
  ): { readonly folder: string | undefined; readonly hostKey: string | undefined } {
    if (userFolder === undefined && hostKey === undefined) return { folder: undefined, hostKey: undefined }
    const folder = join(this.#folder, 'files')
    makeFolder(folder)
    if (userFolder !== undefined) {
      try {
        cpSync(userFolder, folder, {
          recursive: true,
          preserveTimestamps: true,
          verbatimSymlinks: true,
          // Without a filter Node takes a shortcut that loses the modes of folders, and with them their secrecy.
          filter: () => true,
        })
      } catch (error) {
        throw new NciError(
          'INSTALL_FILES_MISSING',
          { property: '`extra_files`', reason: reasonOf(error) },
          { cause: error },
        )
      }
    }
    const file = join(folder, hostKeyFile)
    if (existsSync(file) || hostKey === undefined) return { folder, hostKey: publicHalf(file) }
    for (const name of ['etc', join('etc', 'ssh')]) makeFolder(join(folder, name))
    copyFileSync(hostKey.file, file)
    chmodSync(file, 0o600)
    writeFileSync(`${file}.pub`, `${hostKey.publicKey}\n`, { mode: 0o644 })
    return { folder, hostKey: withoutComment(hostKey.publicKey) }
  }

  [Symbol.dispose](): void {
    this.#forced[Symbol.dispose]()
    this.#remove()
  }

  #remove(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** A run that was killed could not remove its folder; there are keys in it. */
function removeLeftovers(): void {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix))) {
    const pid = Number(name.slice(prefix.length).split('-')[0])
    if (!Number.isInteger(pid) || pid <= 0 || isAlive(pid)) continue
    try {
      rmSync(join(tmpdir(), name), { recursive: true, force: true })
    } catch {
      // It is another user's.
    }
  }
}

/** A program of OpenSSH's. */
function requireProgram(name: string): string {
  const file = findInPath(name)
  if (file !== undefined) return file
  const reason = `it needs the OpenSSH client, and there is no \`${name}\` in PATH`
  throw new NciError('NIXOS_ANYWHERE_MISSING', { reason })
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** The modes of the folders become those of the new system's, whatever the umask here: its root too. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return
  mkdirSync(folder)
  chmodSync(folder, 0o755)
}

/** The public key of a private key's file, which often comes without the other one. */
function publicHalf(file: string): string | undefined {
  if (!existsSync(file)) return undefined
  try {
    return withoutComment(readFileSync(`${file}.pub`, 'utf8'))
  } catch {
    const { status, stdout } = spawnSync('ssh-keygen', ['-y', '-P', '', '-f', file], { encoding: 'utf8' })
    return status === 0 ? withoutComment(stdout) : undefined
  }
}

/** `ssh-ed25519 AAAA…`: what a server shows, which knows nothing of comments. */
function withoutComment(publicKey: string): string {
  return publicKey.trim().split(/\s+/).slice(0, 2).join(' ')
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
