import { NciError } from '../../core/errors.ts'
import type { Inputs } from '../../core/step.ts'
import { canonicalAddress } from '../../proxmox/values/address.ts'
import { listNames } from './names.ts'

type Input = Inputs['provision']

/** A host that is to be provisioned, its document checked. */
export interface Host {
  readonly name: string
  readonly input: Input
}

/** Something that one host alone can have. */
interface Claim {
  /** Two claims with one key are a conflict. */
  readonly key: string
  /** What it is called in a sentence: `VM id`. */
  readonly what: string
  readonly value: string | number
  readonly property: string
}

/**
 * What hosts want that only one of them can have: by host, an error for each thing that others want as well.
 *
 * - An id or a name of a VM: on one cluster, which is what `api_host` says, as written.
 * - A static address: in one network, which is a bridge of a cluster with its VLAN. Networks apart from each other may
 *   well use the same addresses.
 * - An address that is logged in to: everywhere, as from here only one machine answers at it. Unless the way there is
 *   another one: another jump host, another map of addresses.
 * - A MAC address: everywhere. They are meant to be unique in the world, and bridges of two clusters are often one
 *   network.
 */
export function conflicts(hosts: readonly Host[]): Map<string, NciError[]> {
  const claims = hosts.map(({ name, input }) => ({ name, claims: claimsOf(input) }))
  const claimants = new Map<string, string[]>()
  for (const { name, claims: own } of claims) {
    for (const key of own.keys()) {
      const others = claimants.get(key)
      if (others === undefined) claimants.set(key, [name])
      else others.push(name)
    }
  }
  return new Map(
    claims.flatMap(({ name, claims: own }) => {
      const contested = [...own.values()].filter(({ key }) => (claimants.get(key)?.length ?? 0) > 1)
      // An address may be contested both in its network and as the one to log in to: that is one mistake.
      const distinct = new Map(contested.map((claim) => [`${claim.what} ${claim.value}`, claim]))
      const errors = [...distinct.values()].map((claim) =>
        conflict(name, claim, claimants.get(claim.key) ?? []),
      )
      return errors.length === 0 ? [] : [[name, errors]]
    }),
  )
}

/** Of a thing that a thousand hosts want, each is told some of the others. */
function conflict(host: string, { what, value, property }: Claim, claimants: readonly string[]): NciError {
  const some = claimants.slice(0, shown + 1).filter((name) => name !== host)
  const others = listNames(some.slice(0, shown), claimants.length - 1)
  // The same of all hosts of one conflict.
  const first_host = claimants[0] ?? host
  return new NciError('HOST_CONFLICT', { host, others, what, value, property, first_host })
}

const shown = 3

function claimsOf(input: Input): ReadonlyMap<string, Claim> {
  const { name, vmid, networks } = input
  const cluster = clusterOf(input)
  const claims: Claim[] = [
    { key: `name ${cluster} ${name}`, what: 'VM name', value: `\`${name}\``, property: 'name' },
    ...(vmid === undefined
      ? []
      : [{ key: `vmid ${cluster} ${vmid}`, what: 'VM id', value: vmid, property: 'vmid' }]),
    ...networks.flatMap(({ mac }) => (mac === undefined ? [] : [macClaim(mac)])),
    ...loginClaims(input),
    ...networks.flatMap((network) => addressClaims(network, cluster)),
  ]
  return new Map(claims.map((claim) => [claim.key, claim]))
}

/** The cluster that a host is for, as far as its document tells. */
export function clusterOf({ api_host, api_port }: Pick<Input, 'api_host' | 'api_port'>): string {
  return `${(api_host ?? '').trim().toLowerCase()} ${api_port ?? ''}`
}

function macClaim(mac: string): Claim {
  const value = mac.toUpperCase()
  return { key: `mac ${value}`, what: 'MAC address', value, property: 'networks' }
}

function addressClaims(network: Input['networks'][number], cluster: string): Claim[] {
  const { bridge, vlan } = network
  return staticAddresses(network).map((value) => ({
    key: `address ${cluster} ${bridge} ${vlan ?? ''} ${value}`,
    what: 'address',
    value,
    property: 'networks',
  }))
}

/** Where the installer is logged in to, and the installed system. */
function loginClaims(input: Input): Claim[] {
  const { networks, ssh_host, system_ssh_host, ssh_port } = input
  const way = [input.ssh_proxy_jump ?? '', input.ssh_config_file ?? '', input.ssh_address_map ?? ''].join(' ')
  const given: [string | undefined, string][] = [
    [ssh_host, 'ssh_host'],
    [system_ssh_host, 'system_ssh_host'],
    [ssh_host === undefined ? networks.flatMap(staticAddresses)[0] : undefined, 'networks'],
  ]
  return given.flatMap(([host, property]) => {
    if (host === undefined) return []
    const value = canonical(host)
    return [{ key: `login ${value} ${ssh_port} ${way}`, what: 'address', value, property }]
  })
}

function staticAddresses({ ip, ip6 }: Pick<Input['networks'][number], 'ip' | 'ip6'>): string[] {
  return [ip, ip6].flatMap((text) => (text?.includes('/') ? [canonical(text.split('/')[0] ?? '')] : []))
}

/** An address or a host name in one spelling. */
function canonical(text: string): string {
  const bare = text.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  return /^\d+(\.\d+){3}$/.test(bare) ? bare.split('.').map(Number).join('.') : canonicalAddress(bare)
}
