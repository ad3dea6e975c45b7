import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { childEnvironment } from '../core/child-environment.ts'
import { NciError, reasonOf } from '../core/errors.ts'
import { PrivateFolder } from '../core/private-folder.ts'
import { sessionOf, startOf } from '../core/process-identity.ts'
import { findProgram } from '../core/programs.ts'
import { runProgram } from './process.ts'
import { type SecondLook, wrapperScript } from './ssh-wrapper.ts'

/** A key pair in OpenSSH's format. */
export interface KeyPair {
  /** The private key's file. */
  readonly file: string
  /** `ssh-ed25519 AAAA… comment` */
  readonly publicKey: string
}

/** How nixos-anywhere reaches the machine, besides the pinned key. */
export interface Route {
  /** What ssh starts to get there, where it does not connect by itself. */
  readonly proxyCommand?: string | undefined
  /** The user's own options, `Name=value`. */
  readonly sshOptions?: readonly string[]
  /** What each command looks at before it does anything. */
  readonly look?: SecondLook
}

/** What an IPv6 address is called towards programs that do not take one. */
export const hostAlias = 'nci-installer'

const hostKeyFile = join('etc', 'ssh', 'ssh_host_ed25519_key')

/**
 * A folder for one run of nixos-anywhere, readable by the user alone, removed at the end: the login key, the `ssh`
 * that pins the host key, temporary files, files for the new system. What a killed run left is removed as well.
 */
export class Workspace implements Disposable {
  readonly #folder = new PrivateFolder('nci-install-')

  constructor() {
    for (const name of ['bin', 'tmp']) mkdirSync(join(this.#folder.path, name))
  }

  get temporary(): string {
    return join(this.#folder.path, 'tmp')
  }

  /** To be put first in PATH. */
  get programs(): string {
    return join(this.#folder.path, 'bin')
  }

  /**
   * Makes an ed25519 key pair with OpenSSH's own tool.
   *
   * @throws {NciError} `NIXOS_ANYWHERE_MISSING` where it is not there
   */
  async makeKey(name: string, comment: string, signal: AbortSignal): Promise<KeyPair> {
    const file = join(this.#folder.path, name)
    const printed: string[] = []
    const code = await runProgram({
      file: requireProgram('ssh-keygen'),
      arguments: ['-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', file],
      environment: childEnvironment(),
      signal,
      onLine: (line) => printed.push(line),
    })
    if (code !== 0) throw new Error(`ssh-keygen failed: ${printed.join(' ')}`)
    return { file, publicKey: readFileSync(`${file}.pub`, 'utf8').trim() }
  }

  /**
   * Takes over a private key of the user's.
   *
   * @throws {NciError} `INSTALL_FILES_MISSING` where it cannot be read, is encrypted or no ed25519 key
   */
  takeKey(name: string, given: string): KeyPair {
    const file = join(this.#folder.path, name)
    const unusable = (reason: string, cause?: unknown): NciError =>
      new NciError('INSTALL_FILES_MISSING', { property: '`host_key_file`', reason }, { cause })
    try {
      copyFileSync(given, file)
    } catch (error) {
      throw unusable(reasonOf(error), error)
    }
    chmodSync(file, 0o600)
    const publicKey = publicHalfOf(file)
    if (publicKey?.startsWith('ssh-ed25519 ')) return { file, publicKey }
    throw unusable(
      publicKey === undefined
        ? `${given} is no private key without a passphrase`
        : `${given} is of the type ${publicKey.split(' ')[0]}, and not ed25519`,
    )
  }

  /**
   * Puts an `ssh` into {@link programs} that accepts one host key only for the installer. nixos-anywhere's own options switch the
   * verification off and come later in the command line; ssh takes the first value of an option.
   *
   * @param host the address of the installer
   * @throws {NciError} `NIXOS_ANYWHERE_MISSING` where there is no OpenSSH client
   */
  pinHostKey(hostKey: string, host: string, { proxyCommand, sshOptions = [], look }: Route = {}): void {
    const [type = '', blob = ''] = hostKey.split(' ')
    const known = join(this.#folder.path, 'known_hosts')
    writeFileSync(known, `${hostAlias} ${type} ${blob}\n`)
    const options = [
      ...(host.includes(':') ? [`HostName=${literal(host)}`] : []),
      ...(proxyCommand === undefined ? [] : [`ProxyCommand=${proxyCommand}`]),
      'StrictHostKeyChecking=yes',
      // Quoted: the folder for temporary files may have a blank in its name.
      `UserKnownHostsFile="${literal(known)}"`,
      'GlobalKnownHostsFile=/dev/null',
      `HostKeyAlias=${hostAlias}`,
      `HostKeyAlgorithms=${type === 'ssh-rsa' ? 'rsa-sha2-512,rsa-sha2-256' : type}`,
      'NoHostAuthenticationForLocalhost=no',
      'UpdateHostKeys=no',
      'CheckHostIP=no',
      'VerifyHostKeyDNS=no',
      'BatchMode=yes',
      'ForwardAgent=no',
      // Its keys would be tried before the one that is meant; those who jump may have it.
      'IdentityAgent=none',
      // Theirs cannot undo what comes before them.
      ...sshOptions,
      'ConnectTimeout=10',
      'ServerAliveInterval=5',
      'ServerAliveCountMax=3',
    ]
    const file = join(this.programs, 'ssh')
    const { PATH, SSH_AUTH_SOCK } = process.env
    const otherEnvironment = { PATH, SSH_AUTH_SOCK }
    const script = wrapperScript({
      ssh: requireProgram('ssh'),
      hosts: [host, hostAlias],
      options,
      engine: { pid: process.pid, started: startOf(process.pid), session: sessionOf(process.pid) },
      // Without this wrapper: the ssh that leads through a jump host knows another host key.
      environment: proxyCommand === undefined ? {} : otherEnvironment,
      otherEnvironment,
      look,
    })
    writeFileSync(file, script)
    chmodSync(file, 0o755)
  }

  /**
   * Collects the files for the new system: the user's folder, and a host key where that has none.
   *
   * @param replace the host key takes the place of one in the user's folder
   * @returns the folder, and the public host key that the new system will have
   * @throws {NciError} `INSTALL_FILES_MISSING`
   */
  collectFiles(
    userFolder: string | undefined,
    hostKey: KeyPair | undefined,
    replace = false,
  ): { readonly folder: string | undefined; readonly hostKey: string | undefined } {
    if (userFolder === undefined && hostKey === undefined) return { folder: undefined, hostKey: undefined }
    const folder = join(this.#folder.path, 'files')
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
    if (hostKey === undefined || (existsSync(file) && !replace)) return { folder, hostKey: publicHalf(file) }
    for (const name of ['etc', join('etc', 'ssh')]) makeFolder(join(folder, name))
    copyFileSync(hostKey.file, file)
    chmodSync(file, 0o600)
    writeFileSync(`${file}.pub`, `${hostKey.publicKey}\n`, { mode: 0o644 })
    return { folder, hostKey: withoutComment(hostKey.publicKey) }
  }

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]()
  }
}

/** A value of an option in which OpenSSH fills in what stands for something. */
function literal(value: string): string {
  return value.replaceAll('%', '%%')
}

/** A program of OpenSSH's. */
function requireProgram(name: string): string {
  const file = findProgram(name)
  if (file !== undefined) return file
  const reason = `it needs the OpenSSH client, and there is no \`${name}\` in PATH`
  throw new NciError('NIXOS_ANYWHERE_MISSING', { reason })
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
    return publicHalfOf(file)
  }
}

function publicHalfOf(privateKeyFile: string): string | undefined {
  const words = ['-y', '-P', '', '-f', privateKeyFile]
  const { status, stdout } = spawnSync(requireProgram('ssh-keygen'), words, {
    encoding: 'utf8',
    env: childEnvironment(),
  })
  return status === 0 ? withoutComment(stdout) : undefined
}

/** `ssh-ed25519 AAAA…`: what a server shows, which knows nothing of comments. */
function withoutComment(publicKey: string): string {
  return publicKey.trim().split(/\s+/).slice(0, 2).join(' ')
}
