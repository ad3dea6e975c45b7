/**
 * sshd of a simulated guest: public keys only, commands run in the guest's shell.
 *
 * The port and the banner come separately, as in a boot: connections that arrive before the banner are held.
 */
import { createServer, type Server, type Socket } from 'node:net'
import ssh2 from 'ssh2'
import { generateHostKey, parseAuthorizedKeys } from './host-key.ts'
import type { Machine } from './machine.ts'
import { serveSession } from './ssh-session.ts'

/** OpenSSH's `PerSourcePenalties`: seconds for a failed login, and from which sum on a source is refused. */
const penaltyForFailure = 5000
const penaltyThreshold = 15_000
const maxAuthTries = 6

export interface SshServerOptions {
  readonly machine: Machine
  readonly penalties: boolean
}

export class SshServer {
  readonly #options: SshServerOptions
  readonly #sockets = new Set<Socket>()
  #tcp: Server | undefined
  #held: Socket[] | undefined = []
  #commands = 0
  #penaltyUntil = 0

  constructor(options: SshServerOptions) {
    this.#options = options
  }

  async listen(host: string, port: number): Promise<void> {
    const tcp = createServer((socket) => this.#connected(socket))
    await new Promise<void>((resolve, reject) => {
      tcp.once('error', reject)
      tcp.listen(port, host, resolve)
    })
    this.#tcp = tcp
  }

  /** sshd runs: the connections held so far get their banner, later ones at once. */
  sendBanners(): void {
    const held = this.#held ?? []
    this.#held = undefined
    for (const socket of held) if (!socket.destroyed) this.#serve(socket)
  }

  /** Closes the port and cuts every connection. */
  async close(): Promise<void> {
    const tcp = this.#tcp
    this.#tcp = undefined
    for (const socket of this.#sockets) socket.destroy()
    if (tcp) await new Promise<void>((resolve) => tcp.close(() => resolve()))
  }

  #connected(socket: Socket): void {
    this.#sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    if (this.#penaltyUntil - Date.now() >= penaltyThreshold) return void socket.destroy()
    this.#watchBytes(socket)
    if (this.#held) this.#held.push(socket)
    else this.#serve(socket)
  }

  #watchBytes(socket: Socket): void {
    socket.on('data', () => {
      const limit = this.#options.machine.faults().dropAfterBytes
      if (limit !== undefined && socket.bytesRead > limit) socket.destroy()
    })
    // A listener for data starts the flow: what comes before the banner has to wait for its reader.
    socket.pause()
  }

  #serve(socket: Socket): void {
    const { machine } = this.#options
    const keys = machine.faults().foreignHostKey ? [generateHostKey('foreign')] : machine.hostKeys
    const server = new ssh2.Server(
      { hostKeys: keys.map((key) => key.privateKey), ident: 'lab_simulated_guest' },
      (client) => this.#client(client, socket),
    )
    server.injectSocket(socket)
    socket.resume()
  }

  #client(client: ssh2.Connection, socket: Socket): void {
    const { machine } = this.#options
    let user = 'root'
    let failures = 0
    client.on('error', () => client.end())
    client.on('authentication', async (attempt) => {
      user = attempt.username
      const accepted = attempt.method === 'publickey' && (await this.#mayLogIn(attempt))
      // The client may be gone by now.
      if (socket.destroyed) return
      if (accepted) return attempt.accept()
      if (attempt.method !== 'none') failures++
      if (failures >= maxAuthTries) return void client.end()
      attempt.reject(['publickey'])
    })
    let ready = false
    client.on('ready', () => {
      ready = true
    })
    client.on('close', () => {
      if (!ready && failures > 0) this.#penalise()
    })
    client.on('session', (accept) => {
      const local = socket.address()
      const address = machine.addresses[0] ?? ('address' in local ? local.address : '127.0.0.1')
      serveSession(accept(), {
        machine,
        user,
        connection: `${socket.remoteAddress} ${socket.remotePort} ${address} 22`,
        begin: () => this.#beginCommand(socket),
      })
    })
  }

  /** Whether a command may run, or its connection is to be cut. */
  #beginCommand(socket: Socket): boolean {
    const limit = this.#options.machine.faults().dropAfterCommands
    this.#commands++
    if (limit === undefined || this.#commands <= limit) return true
    socket.destroy()
    return false
  }

  async #mayLogIn(attempt: ssh2.PublicKeyAuthContext): Promise<boolean> {
    const { machine } = this.#options
    const keys = parseAuthorizedKeys(await machine.authorizedKeysOf(attempt.username))
    const key = keys.find((one) => one.getPublicSSH().equals(attempt.key.data))
    if (!key) return false
    // Without a signature the client only asks whether the key would do.
    if (!attempt.signature || !attempt.blob) return true
    return key.verify(attempt.blob, attempt.signature, attempt.hashAlgo) === true
  }

  #penalise(): void {
    if (!this.#options.penalties) return
    this.#penaltyUntil = Math.max(this.#penaltyUntil, Date.now()) + penaltyForFailure
  }
}
