import { mkdirSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { Agent } from 'node:https'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Lab, type LabOptions, startLab } from '../../../src/lab/lab.ts'
import { type Answer, type Finished, finished, type RequestOptions, send } from '../api-client.ts'
import { type StillGuest, stillGuests } from '../still-guest.ts'

/** The genuine server that was recorded, or the one of PVE 8. */
export type Version = '9.2' | '8.4'

/** The file that all ISOs were. */
const isoBytes = 428_032

type Headers = Readonly<Record<string, string>>

/** Everybody's but root@pam's. */
export const password = 'pvetest1'
const tokenSecret = '11111111-2222-3333-4444-555555555555'

/** The role of somebody who may do all that a provisioning takes. */
const provisioning = [
  'Datastore.Allocate,Datastore.AllocateSpace,Datastore.AllocateTemplate,Datastore.Audit,Mapping.Use',
  'Pool.Allocate,Pool.Audit,SDN.Audit,SDN.Use,Sys.AccessNetwork,Sys.Audit,Sys.Modify,VM.Allocate,VM.Audit',
  'VM.Clone,VM.Config.CDROM,VM.Config.CPU,VM.Config.Cloudinit,VM.Config.Disk,VM.Config.HWType',
  'VM.Config.Memory,VM.Config.Network,VM.Config.Options,VM.Console,VM.GuestAgent.Audit',
  'VM.GuestAgent.Unrestricted,VM.PowerMgmt',
].flatMap((line) => line.split(','))

const provisioningIn8 = provisioning
  .map((name) => (name === 'VM.GuestAgent.Audit' ? 'VM.Monitor' : name))
  .filter((name) => name !== 'VM.GuestAgent.Unrestricted')

/** What the genuine server was like when it was recorded: one node of two processors, one storage for everything. */
const recordedServer = {
  nodes: [{ name: 'pve', cpus: 2 }],
  dns: { nameservers: ['10.11.12.1'], search: 'test.lan' },
  storages: [
    { id: 'local', content: ['iso', 'images', 'import', 'snippets', 'vztmpl', 'backup', 'rootdir'] },
    { id: 'isoonly', content: ['iso', 'import'], path: '/var/lib/pve-iso' },
  ],
  users: ['ml@pve', 'mu@pve', 'noperm@pve', 'prov@pve', 'user1@pve'].map((id) => ({ id, password })),
  tokens: [
    { id: 'ml@pve!lim', secret: tokenSecret, privilegeSeparation: true },
    { id: 'mu@pve!np', secret: tokenSecret },
    { id: 'prov@pve!t1', secret: tokenSecret },
    { id: 'root@pam!tk', secret: tokenSecret },
    { id: 'user1@pve!t1', secret: tokenSecret, privilegeSeparation: true },
    { id: 'user1@pve!t2', secret: tokenSecret },
  ],
  roles: { ProvT: provisioning },
  acl: [
    { path: '/', id: 'prov@pve', role: 'ProvT' },
    { path: '/', id: 'ml@pve', role: 'PVEAdmin' },
    { path: '/storage/local', id: 'ml@pve!lim', role: 'PVEDatastoreUser' },
    { path: '/vms/201', id: 'ml@pve!lim', role: 'PVEVMAdmin' },
  ],
} satisfies Partial<LabOptions>

/** A lab in the state of the recorded server, and what is known about the recording's values in it. */
export class World implements AsyncDisposable {
  readonly lab: Lab
  readonly version: Version
  readonly folder: string
  readonly guests: ReadonlyMap<number, StillGuest>
  /** What the lab wrote to its log. */
  readonly log: readonly string[]
  /** Values made anew each time, such as task ids: ours by the recorded ones. */
  readonly known = new Map<string, string>()
  /** Addresses, checksums and the like that are others here: ours by the recorded ones, in requests and in answers. */
  readonly aliases = new Map<string, string>()
  /** How somebody authenticates, by the recording's words for him; groups add theirs. */
  readonly identities = new Map<string, (world: World) => Headers | Promise<Headers>>([
    ['anonymous', () => ({})],
    ['API token without any privilege', () => tokenHeader('mu@pve!np')],
    [
      'API token ml@pve!lim, privsep=1, PVEVMAdmin on /vms/201 and PVEDatastoreUser on /storage/local',
      () => tokenHeader('ml@pve!lim'),
    ],
  ])
  readonly #atEnd: (() => Promise<void>)[] = []
  /** The connections of the replay; a handshake for each request would take most of the time. */
  readonly agent = new Agent({ keepAlive: true })
  readonly #tickets = new Map<string, Headers>()

  private constructor(
    lab: Lab,
    version: Version,
    folder: string,
    guests: Map<number, StillGuest>,
    log: string[],
  ) {
    this.lab = lab
    this.version = version
    this.folder = folder
    this.guests = guests
    this.log = log
  }

  static async open(version: Version, options: Partial<LabOptions> = {}): Promise<World> {
    const folder = mkdtempSync(path.join(tmpdir(), 'replay-'))
    const { factory, guests } = stillGuests()
    const log: string[] = []
    const lab = await startLab({
      ...recordedServer,
      ...(version === '8.4' ? { roles: { ProvT: provisioningIn8 } } : {}),
      password,
      guests: factory,
      ...options,
      folder,
      version,
      log: (line) => void log.push(line),
    })
    const world = new World(lab, version, folder, guests, log)
    await world.ask('POST', '/pools', { poolid: 'pool1', comment: 'test pool' })
    return world
  }

  /** Something to be done when nothing is replayed any more. */
  atEnd(action: () => Promise<void>): void {
    this.#atEnd.push(action)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.agent.destroy()
    await this.lab.close()
    for (const action of this.#atEnd) await action()
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** The headers of whoever the recording names; root@pam's ticket where it does not. */
  async headersOf(who = 'ticket root@pam'): Promise<Headers> {
    const known = this.identities.get(who)
    if (known !== undefined) return await known(this)
    const [, kind, id = 'root@pam'] = /^(ticket|token)(?: (\S+))?$/.exec(who) ?? []
    if (kind === 'token') return tokenHeader(id)
    if (kind === 'ticket') return await this.ticketOf(id)
    throw new Error(`nobody here is called '${who}'`)
  }

  /** A user's ticket, with the token that writes need. */
  async ticketOf(username: string): Promise<Headers> {
    let headers = this.#tickets.get(username)
    if (headers === undefined) {
      const form = { username, password }
      const { body } = await send(this.lab, 'POST', '/access/ticket', {
        headers: {},
        form,
        agent: this.agent,
      })
      headers = {
        cookie: `PVEAuthCookie=${encodeURIComponent(body.data.ticket)}`,
        csrfpreventiontoken: body.data.CSRFPreventionToken,
      }
      this.#tickets.set(username, headers)
    }
    return headers
  }

  /** Sends a request as root@pam; it has to succeed. */
  async ask(method: string, where: string, form?: RequestOptions['form']): Promise<Answer> {
    const headers = await this.ticketOf('root@pam')
    const answer = await send(this.lab, method, where, {
      headers,
      agent: this.agent,
      ...(form === undefined ? {} : { form }),
    })
    if (answer.status !== 200) throw new Error(`${method} ${where}: ${answer.status} ${answer.text}`)
    return answer
  }

  /** Sends a request as root@pam and waits for its task, which may fail. */
  async run(method: string, where: string, form?: RequestOptions['form']): Promise<Finished> {
    return await this.finished((await this.ask(method, where, form)).body.data)
  }

  /** Waits for a task's end. */
  async finished(upid: string): Promise<Finished> {
    return await finished(this.lab, upid, this.agent)
  }

  /** Makes a VM; that has to succeed. */
  async create(vmid: number, options: Record<string, string | number> = {}): Promise<void> {
    const { exitstatus } = await this.run('POST', '/nodes/pve/qemu', { vmid, ...options })
    if (exitstatus !== 'OK') throw new Error(`create ${vmid}: ${exitstatus}`)
  }

  async start(vmid: number): Promise<void> {
    const { exitstatus } = await this.run('POST', `/nodes/pve/qemu/${vmid}/status/start`)
    if (!/^(?:OK|WARNINGS)/.test(exitstatus)) throw new Error(`start ${vmid}: ${exitstatus}`)
  }

  /** Removes a VM, whatever state it is in. */
  async destroy(vmid: number): Promise<void> {
    const vm = `/nodes/pve/qemu/${vmid}`
    const { data } = (await this.ask('GET', '/cluster/resources')).body
    if (!data.some((row: { vmid?: number }) => row.vmid === vmid)) return
    await this.ask('PUT', `${vm}/config`, { delete: 'lock,protection', skiplock: 1 })
    await this.run('POST', `${vm}/status/stop`, { skiplock: 1 })
    await this.run('DELETE', `${vm}?destroy-unreferenced-disks=1`)
  }

  async config(vmid: number): Promise<Record<string, unknown> | undefined> {
    const headers = await this.ticketOf('root@pam')
    const { body } = await send(this.lab, 'GET', `/nodes/pve/qemu/${vmid}/config`, {
      headers,
      agent: this.agent,
    })
    return body?.data ?? undefined
  }

  /** What lay in the storage `local`. */
  isosAndSnippets(): void {
    this.file('local', 'iso/a.iso', isoBytes)
    this.file('local', 'import/e.raw', isoBytes)
    const snippets = { m: 45, n: 44, u: 24, v: 29 }
    for (const [name, bytes] of Object.entries(snippets))
      this.file('local', `snippets/${name}.yaml`, '#'.repeat(bytes))
  }

  /** Puts a file into a storage: `iso/a.iso`, `import/e.raw`. A number is its size in bytes. */
  file(storage: string, name: string, content: number | string): void {
    const file = this.#pathOf(storage, name)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, typeof content === 'string' ? content : '')
    if (typeof content === 'number') truncateSync(file, content)
  }

  /** The size of such a file, in bytes. */
  sizeOf(storage: string, name: string): number | undefined {
    return statSync(this.#pathOf(storage, name), { throwIfNoEntry: false })?.size
  }

  #pathOf(storage: string, name: string): string {
    const folder = path.join(this.folder, 'storage', storage)
    return path.join(folder, name.startsWith('iso/') ? `template/${name}` : name)
  }
}

/** The header of one of the tokens. */
export function tokenHeader(id: string): Headers {
  return { authorization: `PVEAPIToken=${id}=${tokenSecret}` }
}
