import type { Access } from './access.ts'
import type { AddressMap } from './address-map.ts'
import type { HostDns } from './cloud-init.ts'
import type { Faults } from './faults.ts'
import type { Latency } from './latency.ts'
import type { ApiSchema } from './schema.ts'
import type { Storages } from './storage.ts'
import type { Tasks } from './tasks.ts'
import type { Vms } from './vms.ts'

/** A node of the cluster. */
export interface LabNode {
  readonly name: string
  readonly cpus?: number
  readonly memoryBytes?: number
  /** The bridges that VMs can use; `vmbr0` if not given. */
  readonly bridges?: readonly string[]
  readonly address?: string
}

/** A pool of VMs. */
export interface Pool {
  comment: string | undefined
  readonly vmids: Set<number>
}

/** Everything the handlers work on. */
export interface Cluster {
  readonly schema: ApiSchema
  readonly folder: string
  readonly nodes: readonly Required<LabNode>[]
  readonly access: Access
  readonly storages: Storages
  readonly vms: Vms
  readonly pools: Map<string, Pool>
  readonly tasks: Tasks
  readonly faults: Faults
  readonly latency: Latency
  readonly dns: HostDns
  readonly addressMap: AddressMap
  readonly fingerprint: string
  readonly startedAt: number
  readonly closing: AbortSignal
  log(line: string): void
}
