import type { Access } from './access.ts'
import type { AddressMap } from './address-map.ts'
import type { HostDns } from './cloud-init/values.ts'
import type { Faults } from './faults.ts'
import type { Latency } from './latency.ts'
import type { Pool } from './pools.ts'
import type { ApiSchema } from './schema.ts'
import type { Storages } from './storages.ts'
import type { Tasks } from './tasks.ts'
import type { Vms } from './vms.ts'

/** A node of the cluster. */
export interface LabNode {
  readonly name: string
  readonly cpus?: number
  readonly memoryBytes?: number
  /** The size of its root file system; only shown. */
  readonly diskBytes?: number
  /** The bridges that VMs can use; `vmbr0` if not given. */
  readonly bridges?: readonly string[]
  readonly address?: string
}

/** Everything the handlers work on. */
export interface Cluster {
  readonly schema: ApiSchema
  /** The name of the cluster; a single node has none. */
  readonly name: string
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
  /** Writes to the lab's log; a notice is for whoever runs the lab, whether he reads logs or not. */
  log(line: string, isNotice?: boolean): void
  /** Keeps users, tokens, roles, the access control list and the pools for the next start. */
  save(): void
}
