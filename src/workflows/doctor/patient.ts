import { type ErrorCode, isNciError, NciError } from '../../core/errors.ts'
import type { Context, Inputs } from '../../core/step.ts'
import { connectProxmox, type ProxmoxClient } from '../../proxmox/client.ts'
import { type Cluster, chooseNode, readCluster, type VmSummary } from '../../proxmox/cluster.ts'
import { credentialsOf } from '../../proxmox/credentials.ts'
import { type Endpoint, parseEndpoints } from '../../proxmox/endpoint.ts'
import {
  type Need,
  needsOf,
  type Permissions,
  type Places,
  readPermissions,
} from '../../proxmox/permissions.ts'
import { existingVm } from '../../proxmox/vm-lookup.ts'
import { type Contact, contact } from './contact.ts'
import { usesOf } from './uses.ts'

export type Input = Inputs['doctor']

/** A storage as its node describes it. */
export interface StorageRow {
  readonly storage: string
  /** `dir`, `lvmthin`, … */
  readonly type: string
  /** Comma-separated. */
  readonly content: string
  readonly active?: number
  readonly enabled?: number
  /** Bytes. */
  readonly avail?: number
}

/** Who asks. */
export interface Identity {
  readonly user: string
  /** `nci@pve!nci`; absent for a user with a password. */
  readonly token?: string
}

/** What Proxmox keeps of a token. */
export interface TokenInfo {
  readonly privsep: number
  /** Seconds since 1970; 0 is never. */
  readonly expire: number
}

/** What is examined: the input, and what is found out about its cluster; each thing is asked for once. */
export class Patient {
  readonly input: Input
  readonly context: Context
  /** There is a host to be provisioned; else its values are mere defaults. */
  readonly isHost: boolean

  constructor(input: Input, context: Context) {
    this.input = input
    this.context = context
    this.isHost = input.name !== undefined || input.flake !== undefined || input.store_paths !== undefined
  }

  /** The endpoints that were given; none where they cannot be read, which {@link contacts} says. */
  get endpoints(): readonly Endpoint[] {
    try {
      return this.#parsed()
    } catch (error) {
      return ignoring('PVE_HOST_MISSING', 'PVE_ENDPOINT_INVALID')(error) ?? []
    }
  }

  /** What came of asking each endpoint; all are asked at once. @throws {NciError} `PVE_HOST_MISSING`, `PVE_ENDPOINT_INVALID` */
  readonly contacts = once(
    (): Promise<Contact[]> =>
      Promise.all(this.#parsed().map((endpoint) => contact(endpoint, this.input, this.context.signal))),
  )

  readonly client = once((): ProxmoxClient => connectProxmox(this.input, this.context))

  readonly version = once(async () =>
    (await this.client()).get<{ version: string; release: string }>('/version', 'ask for its version'),
  )

  readonly identity = once((): Identity => {
    const credentials = credentialsOf(this.input)
    const [user = ''] = credentials.user.split('!')
    return { user, ...(credentials.kind === 'token' ? { token: credentials.user } : {}) }
  })

  /** What Proxmox tells of the caller's token; seldom something, as a token may not ask about itself. */
  readonly tokenInfo = once(async (): Promise<TokenInfo | undefined> => {
    const { user, token } = await this.identity()
    const client = await this.client()
    const name = token?.split('!')[1]
    if (name === undefined) return undefined
    const path = `/access/users/${user}/token/${name}`
    return client.get<TokenInfo>(path, `look at the token ${token}`).catch(ignoring('PVE_FORBIDDEN'))
  })

  /** Of Proxmox VE. */
  readonly major = once(async () => Number.parseInt((await this.version()).version, 10))

  readonly cluster = once(async (): Promise<Cluster> => readCluster(await this.client()))

  /** The node to use. @throws {NciError} `PVE_NODE_…` */
  readonly node = once(async () => chooseNode(await this.cluster(), this.input.node))

  readonly storages = once(async () => {
    const node = await this.node()
    return (await this.client()).get<StorageRow[]>(
      `/nodes/${node}/storage`,
      `list the storages of node ${node}`,
    )
  })

  /** The VM that is there already. @throws {NciError} `PVE_VMID_TAKEN`, `PVE_NAME_TAKEN`, `PVE_VM_AMBIGUOUS` */
  readonly vm = once(async (): Promise<VmSummary | undefined> => {
    const { name, vmid } = this.input
    const cluster = await this.cluster()
    return name === undefined
      ? undefined
      : existingVm(cluster, { name, ...(vmid === undefined ? {} : { vmid }) })
  })

  readonly places = once(async (): Promise<Places> => {
    const { vmid, vmid_min, pool } = this.input
    const vm = await this.vm().catch(() => undefined)
    return {
      major: await this.major(),
      node: await this.node().catch(() => undefined),
      vmid: vmid ?? vm?.vmid ?? vmid_min ?? (await this.#nextId()),
      isFixed: vmid !== undefined,
      pool,
    }
  })

  readonly needs = once(async (): Promise<Need[]> => {
    const zones = await this.zones()
    return needsOf(usesOf(this.input, zones), await this.places())
  })

  /** What the caller may do wherever a host needs something, and where that would be granted. */
  readonly permissions = once(
    async (): Promise<Permissions> => readPermissions(await this.client(), await this.#paths()),
  )

  /** What the token's user may do there, where the token may ask. */
  readonly userPermissions = once(async (): Promise<Permissions | undefined> => {
    const { user } = await this.identity()
    return readPermissions(await this.client(), await this.#paths(), user).catch(ignoring('PVE_FORBIDDEN'))
  })

  /** The zones of SDN vnets by name; a bridge is in none. */
  readonly zones = once(async (): Promise<ReadonlyMap<string, string>> => {
    const client = await this.client()
    const rows = await client
      .get<{ vnet: string; zone: string }[]>('/cluster/sdn/vnets', 'list the virtual networks')
      .catch(ignoring('PVE_REQUEST_FAILED', 'PVE_FORBIDDEN'))
    return new Map((rows ?? []).map(({ vnet, zone }) => [vnet, zone]))
  })

  async #paths(): Promise<string[]> {
    return (await this.needs()).flatMap(({ paths, grantAt }) => [...paths, grantAt])
  }

  #parsed(): readonly Endpoint[] {
    const { api_host, api_port } = this.input
    if (api_host === undefined) throw new NciError('PVE_HOST_MISSING', {})
    return parseEndpoints(api_host, api_port)
  }

  async #nextId(): Promise<number> {
    return Number(await (await this.client()).get<string>('/cluster/nextid', 'find a free VM id'))
  }
}

/** For `catch`: `undefined` in place of these errors. */
export function ignoring(...codes: ErrorCode[]): (error: unknown) => undefined {
  return (error) => {
    if (!isNciError(error, ...codes)) throw error
    return undefined
  }
}

/** A function whose first result, or failure, is kept. */
function once<Value>(find: () => Value): () => Promise<Awaited<Value>> {
  let found: Promise<Awaited<Value>> | undefined
  return () => {
    // Within an async function, so that what is thrown is a rejection as well.
    found ??= (async () => find())() as Promise<Awaited<Value>>
    return found
  }
}
