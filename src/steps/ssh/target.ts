import type { ProxmoxClient } from '../../proxmox/client.ts'
import type { VmSummary } from '../../proxmox/cluster.ts'
import type { VmConfig } from '../../proxmox/vms.ts'

/** A VM with its client and its settings. */
export interface Target {
  readonly client: ProxmoxClient
  readonly summary: VmSummary
  readonly config: VmConfig
}
