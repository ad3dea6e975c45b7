import { isNciError, NciError, toNciError } from '../../core/errors.ts'
import type { ProgressEvent } from '../../core/events.ts'
import { Places } from '../../core/places.ts'
import { Resources } from '../../core/resources.ts'
import type { Context, Inputs, ListingAge } from '../../core/step.ts'
import { validate } from '../../core/validate.ts'
import { documents } from '../../generated/commands.ts'
import { connectProxmox } from '../../proxmox/client.ts'
import { type Cluster, readSettledCluster } from '../../proxmox/cluster.ts'
import { vmKey } from '../../proxmox/cluster-key.ts'
import { isCloudInitVolume } from '../../proxmox/values/drive.ts'
import { parseSize } from '../../proxmox/values/size.ts'
import { assertNamesKnown, lookUpVm } from '../../proxmox/vm-lookup.ts'
import { uuidOf, type VmConfig } from '../../proxmox/vms.ts'
import { condemn } from '../../steps/vm/destroy.ts'
import { unreferencedVolumes } from '../../steps/vm/unreferenced.ts'
import type { BatchHost } from '../batch/hosts.ts'
import { valuesFor } from '../run.ts'
import type { Place, Report } from './report.ts'

type Destruction = Inputs['vm.destroy']

/** A host whose VM is to be destroyed. */
export interface Doomed {
  /** Of the host. */
  readonly name: string
  readonly place: Place
  readonly status: 'running' | 'stopped'
  readonly volumes: readonly string[]
  /** Those that carry its id and that its configuration does not name: they stay. */
  readonly unreferenced: readonly string[]
  /** How many of the volumes are disks, with those of firmware and TPM. */
  readonly disks: number
  /** Bytes that the volumes have, as far as that is known. */
  readonly bytes: number
  /** What tells it apart for other runs. */
  readonly key: readonly unknown[]
  /** What destroys it, and no other VM that gets its id. */
  readonly destruction: Destruction
}

export interface LookOptions {
  readonly input: Inputs['teardown']
  readonly signal: AbortSignal
  readonly resources: Resources
  readonly redact: (text: string) => string
  emit(event: ProgressEvent): void
}

/**
 * The hosts whose VMs may be destroyed. Those without a VM, and those whose VM may not go, are in the report.
 *
 * @throws {NciError} what all hosts fail of alike: the cluster cannot be asked
 */
export async function lookAtVms(
  hosts: readonly BatchHost[],
  report: Report,
  options: LookOptions,
): Promise<Doomed[]> {
  const { input, signal } = options
  const clusters = new Clusters()
  const places = new Places(input.forks)
  const claimed = new Map<string, string>()
  const failures: NciError[] = []
  const found = await Promise.all(
    hosts.map(async (host): Promise<Doomed[]> => {
      using _place = await places.take(0, signal)
      try {
        const doomed = await lookAt(host, clusters, claimed, options)
        if (doomed === undefined) report.set(host.name, { state: 'absent' })
        return doomed === undefined ? [] : [doomed]
      } catch (thrown) {
        signal.throwIfAborted()
        const error = forMany(thrown)
        if (error.code === 'ENGINE_BUG') throw thrown
        failures.push(error)
        report.fail(host.name, error)
        return []
      }
    }),
  )
  const [first] = failures
  if (first !== undefined && hosts.length > 1 && failures.length === hosts.length) {
    if (failures.every(({ code, message }) => code === first.code && message === first.message)) throw first
  }
  return found.flat()
}

/** What is asked for on purpose is asked for of one VM. */
function forMany(thrown: unknown): NciError {
  if (!isNciError(thrown, 'PVE_VM_FOREIGN')) return toNciError(thrown)
  const [vmid, name] = [Number(thrown.details.vmid), String(thrown.details.name)]
  const way = `If it is to go, destroy it by itself: \`nci vm destroy --vmid ${vmid} --force\`.`
  return new NciError('PVE_VM_FOREIGN', { vmid, name, way })
}

/** How old a listing may be that hosts share. */
const listings: ListingAge = { most: 10_000, after: 0 }

/** The listings of clusters: one for all hosts that ask in the same way. */
class Clusters {
  readonly #known = new Map<string, Promise<Cluster>>()

  read(connection: Destruction, context: Context): Promise<Cluster> {
    const { vmid: _, name: __, ...rest } = connection
    const key = JSON.stringify(rest)
    const known = this.#known.get(key) ?? readSettledCluster(connectProxmox(connection, context), context)
    this.#known.set(key, known)
    return known
  }
}

async function lookAt(
  host: BatchHost,
  clusters: Clusters,
  claimed: Map<string, string>,
  { input, signal, resources, redact, emit }: LookOptions,
): Promise<Doomed | undefined> {
  const wanted = await destructionOf(host, input)
  await using own = new Resources(resources)
  const context: Context = {
    signal,
    resources: own,
    redact,
    assumed: new Set(),
    check: true,
    listings,
    emit: (event) => emit({ step: 'teardown', ...event }),
  }
  const cluster = await clusters.read(wanted, context)
  const vm = lookUpVm(cluster, wanted)
  if (vm === undefined) {
    assertNamesKnown(cluster, wanted)
    assertNotDown(cluster, wanted)
    // An id that is not listed may belong to a VM that this user does not see.
    if (wanted.vmid === undefined) return undefined
  } else assertAlone(host, vm.vmid, claimed, JSON.stringify([wanted.api_host, wanted.api_port, vm.vmid]))
  const client = connectProxmox(wanted, context)
  const condemned = await condemn(client, context, {
    ...wanted,
    ...(vm === undefined ? {} : { vmid: vm.vmid, node: vm.node }),
  })
  if (condemned === undefined) return undefined
  const { status, config } = condemned
  const { vmid, node } = condemned.vm
  const strays = await unreferencedVolumes(client, context, cluster, condemned.vm, {
    referenced: condemned.volumes,
    going: input.unreferenced,
  })
  const going = input.unreferenced ? strays : []
  const volumes = [...condemned.volumes, ...going.map(({ volid }) => volid)]
  const uuid = uuidOf(config)
  return {
    name: host.name,
    place: { vmid, node },
    key: vmKey(cluster, wanted),
    status,
    volumes,
    unreferenced: input.unreferenced ? [] : strays.map(({ volid }) => volid),
    disks: volumes.filter((volume) => !isCloudInitVolume(volume)).length,
    bytes: bytesOf(volumes, config) + going.reduce((total, { size }) => total + size, 0),
    destruction: { ...wanted, vmid, node, ...(uuid === undefined ? {} : { expected_uuid: uuid }) },
  }
}

/**
 * What a host's document says of its VM. Other mistakes in it do not matter here; but a value that could not be had may be
 * the one that says which VM is meant, or which cluster.
 *
 * @throws {NciError} the host's problem, `INPUT_INVALID`
 */
async function destructionOf(
  { document, problems, lacking }: BatchHost,
  { stop, unreferenced }: Inputs['teardown'],
): Promise<Destruction> {
  const [problem] = problems
  const names = ['*', ...documents['vm.destroy'].properties.map(({ name }) => name)]
  if (problem !== undefined && names.some((name) => lacking.has(name))) throw problem
  // Where it was created; by now it may be on another node.
  const { node: _, ...values } = valuesFor('vm.destroy', document as unknown as Inputs['provision'])
  const destruction: Record<string, unknown> = { ...values, force: false, stop, unreferenced }
  await validate('vm.destroy', destruction)
  return destruction as unknown as Destruction
}

/** Of a VM whose node is down nothing but the id is known. @throws {NciError} `PVE_NODE_OFFLINE` */
function assertNotDown({ nameless }: Cluster, wanted: Destruction): void {
  const down = nameless.find(({ vmid }) => vmid === wanted.vmid)
  if (down !== undefined) throw new NciError('PVE_NODE_OFFLINE', { node: down.node })
}

/** @throws {NciError} `HOST_CONFLICT` */
function assertAlone({ name }: BatchHost, vmid: number, claimed: Map<string, string>, key: string): void {
  const other = claimed.get(key)
  if (other !== undefined) {
    throw new NciError('HOST_CONFLICT', {
      host: name,
      others: other,
      what: 'VM',
      value: vmid,
      property: 'name',
    })
  }
  claimed.set(key, name)
}

function bytesOf(volumes: readonly string[], config: VmConfig): number {
  const sizes = Object.values(config).flatMap((value) => {
    const [volume = '', ...properties] = String(value).split(',')
    const size = properties.find((property) => property.startsWith('size='))?.slice('size='.length)
    return volumes.includes(volume) && size !== undefined ? [parseSize(size) ?? 0] : []
  })
  return sizes.reduce((total, size) => total + size, 0)
}
