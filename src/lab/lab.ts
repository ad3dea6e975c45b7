import { randomUUID } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { Access, type LabAccess, type LabToken, type LabUser, type SavedAccess } from './access.ts'
import { AddressMap } from './address-map.ts'
import { loadCertificate } from './certificate.ts'
import type { HostDns } from './cloud-init/values.ts'
import type { Cluster, LabNode } from './cluster.ts'
import { type Fault, Faults } from './faults.ts'
import type { GuestFactory } from './guest.ts'
import { type Latency, noLatency } from './latency.ts'
import { readFileIfPresent, StateFile, writeFileAtomically } from './persistence.ts'
import { loadPools, poolMembership, type SavedPool, savePools } from './pools.ts'
import { Router } from './router.ts'
import { allRoutes } from './routes/all.ts'
import { apiSchema, type LabVersion } from './schema.ts'
import { ApiServer, type RecordedRequest } from './server.ts'
import type { LabStorage } from './storage.ts'
import { Storages } from './storages.ts'
import { Tasks } from './tasks.ts'
import { Vms } from './vms.ts'

export type { LabAccess, LabAcl, LabGroup, LabToken, LabUser } from './access.ts'
export type { LabNode } from './cluster.ts'
export type { Fault, Faults, RequestFault, TaskFault, VmidRace } from './faults.ts'
export type { Latency } from './latency.ts'
export type { RecordedRequest } from './server.ts'
export type { LabStorage } from './storage.ts'

/** How to set up a lab. Only the folder and the guests are needed. */
export interface LabOptions {
  /** Everything is kept here: configurations, volumes, the certificate. A lab on the same folder goes on with it. */
  readonly folder: string
  /** 0, the default, is any free port. */
  readonly port?: number
  readonly host?: string
  readonly version?: LabVersion
  /** `pve` alone, if not given. */
  readonly nodes?: readonly LabNode[]
  /** `local` and `local-lvm`, if not given. */
  readonly storages?: readonly LabStorage[]
  /** Besides root@pam. */
  readonly users?: readonly LabUser[]
  /** Besides root's own. */
  readonly tokens?: readonly LabToken[]
  readonly groups?: LabAccess['groups']
  readonly acl?: LabAccess['acl']
  readonly roles?: LabAccess['roles']
  readonly pools?: readonly string[]
  readonly guests: GuestFactory
  readonly latency?: Partial<Latency>
  readonly faults?: readonly Fault[]
  /** What VMs without DNS settings get. */
  readonly dns?: HostDns
  /** root@pam's password and token secret; made up and kept in the folder, if not given. */
  readonly password?: string
  readonly tokenSecret?: string
  /** Gets the lab's log; notices are what a client should not have asked for. */
  readonly log?: (line: string, isNotice: boolean) => void
}

/** A running lab. */
export interface Lab {
  /** `https://127.0.0.1:8006` */
  readonly url: string
  readonly port: number
  /** SHA-256 of the certificate, as `AA:BB:…`. */
  readonly fingerprint: string
  /** The certificate, which is its own CA. */
  readonly certificateFile: string
  readonly tokenId: string
  readonly tokenSecret: string
  readonly user: string
  readonly password: string
  readonly faults: Faults
  /** May be changed while the lab runs. */
  readonly latency: { -readonly [Key in keyof Latency]: Latency[Key] }
  /** All requests so far. */
  readonly requests: readonly RecordedRequest[]
  /** A JSON file that says where the guests' SSH servers are: `{"<address>:22": "127.0.0.1:<port>"}`. */
  readonly addressMapFile: string
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

const user = 'root@pam'
const tokenId = 'root@pam!nci'

const defaultStorages: readonly LabStorage[] = [
  { id: 'local', content: ['iso', 'vztmpl', 'import', 'snippets', 'images', 'backup'] },
  { id: 'local-lvm', type: 'lvmthin', content: ['images', 'rootdir'] },
]

/** Starts an embedded Proxmox VE. */
export async function startLab(options: LabOptions): Promise<Lab> {
  const { folder, host = '127.0.0.1' } = options
  mkdirSync(folder, { recursive: true })
  // Uploads that nobody will finish.
  rmSync(path.join(folder, 'tmp'), { recursive: true, force: true })
  const credentials = loadCredentials(options)
  const certificate = await loadCertificate(folder, [...new Set([host, 'localhost', '127.0.0.1'])])
  const closing = new AbortController()
  const latency = { ...noLatency, ...options.latency }
  const cluster = buildCluster(options, credentials, certificate.fingerprint, latency, closing.signal)
  const router = new Router(cluster.schema.endpoints, allRoutes)
  const server = new ApiServer(cluster, router, certificate)
  const port = await server.listen(options.port ?? 0, host)
  cluster.addressMap.refresh()
  let closed: Promise<void> | undefined
  const close = () => {
    closed ??= closeLab(cluster, server, closing)
    return closed
  }
  return {
    url: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    fingerprint: certificate.fingerprint,
    certificateFile: certificate.file,
    tokenId,
    tokenSecret: credentials.tokenSecret,
    user,
    password: credentials.password,
    faults: cluster.faults,
    latency,
    requests: server.requests,
    addressMapFile: cluster.addressMap.file,
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** What is kept over a restart, besides the VMs and their volumes. */
interface SavedState {
  readonly access: SavedAccess
  readonly pools: Readonly<Record<string, SavedPool>>
}

interface Credentials {
  readonly password: string
  readonly tokenSecret: string
}

function loadCredentials(options: LabOptions): Credentials {
  const file = path.join(options.folder, 'credentials.json')
  const kept = JSON.parse(readFileIfPresent(file) ?? '{}') as Partial<Credentials>
  const credentials = {
    password: options.password ?? kept.password ?? randomUUID(),
    tokenSecret: options.tokenSecret ?? kept.tokenSecret ?? randomUUID(),
  }
  writeFileAtomically(file, `${JSON.stringify(credentials, undefined, 2)}\n`, 0o600)
  return credentials
}

function buildCluster(
  options: LabOptions,
  credentials: Credentials,
  fingerprint: string,
  latency: Latency,
  closing: AbortSignal,
): Cluster {
  const { folder } = options
  const log = (line: string, isNotice = false) => options.log?.(line, isNotice)
  const nodes = (options.nodes ?? [{ name: 'pve' }]).map(completeNode)
  const names = nodes.map(({ name }) => name)
  const faults = new Faults(options.faults)
  const schema = apiSchema(options.version ?? '9.2')
  const stateFile = path.join(folder, 'access.json')
  const saved = StateFile.load<SavedState>(stateFile)
  const pools = loadPools(options.pools ?? [], saved?.pools ?? {})
  const vms: Vms = new Vms(folder, names, options.guests, () => addressMap.refresh(), log)
  const addressMap = new AddressMap(path.join(folder, 'addresses.json'), () => vms)
  const given = rootAndOthers(options, credentials)
  const access = new Access(schema.major, given, saved?.access, poolMembership(pools))
  const state = new StateFile<SavedState>(stateFile, () => ({
    access: access.save(),
    pools: savePools(pools),
  }))
  state.save()
  return {
    schema,
    name: 'lab',
    folder,
    nodes,
    access,
    storages: new Storages(options.storages ?? defaultStorages, names, folder, (id, node) =>
      faults.storageFull(id, node),
    ),
    vms,
    pools,
    tasks: new Tasks(faults, closing),
    faults,
    latency,
    dns: options.dns ?? { nameservers: ['192.0.2.53'], search: undefined },
    addressMap,
    fingerprint,
    startedAt: Date.now(),
    closing,
    log,
    save: () => state.save(),
  }
}

function rootAndOthers(options: LabOptions, { password, tokenSecret }: Credentials): LabAccess {
  return {
    users: [{ id: user, password }, ...(options.users ?? [])].map((one) =>
      // He may be given a second factor; his password is the lab's.
      one.id === user ? { password, ...one } : one,
    ),
    tokens: [{ id: tokenId, secret: tokenSecret }, ...(options.tokens ?? [])],
    groups: options.groups ?? [],
    acl: options.acl ?? [],
    roles: options.roles ?? {},
  }
}

function completeNode(node: LabNode, index: number): Required<LabNode> {
  return {
    cpus: 64,
    memoryBytes: 256 * 1024 ** 3,
    diskBytes: 256 * 1024 ** 3,
    bridges: ['vmbr0'],
    address: `192.0.2.${11 + index}`,
    ...node,
  }
}

/** Ends everything: requests and tasks are cut off, guests lose their power. */
async function closeLab(cluster: Cluster, server: ApiServer, closing: AbortController): Promise<void> {
  closing.abort(new Error('the lab is closing'))
  await server.close()
  await cluster.tasks.settled()
  cluster.save()
  await Promise.all(
    cluster.vms.list().map(async (vm) => {
      await vm.guest?.powerOff()
      cluster.vms.markStopped(vm)
    }),
  )
  cluster.addressMap.refresh()
  cluster.addressMap.close()
}
