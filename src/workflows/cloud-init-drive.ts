import type { Run } from './run.ts'

interface Row {
  readonly key: string
  readonly value?: string
  readonly pending?: string
  readonly delete?: number
}

/**
 * Whether a VM has other cloud-init settings than its drive: Proxmox takes them over at once, and writes them to the
 * drive of a running VM only when that is started anew.
 */
export async function isCloudInitStale(
  { input, context }: Run,
  vm: { readonly vmid: number; readonly node: string },
): Promise<boolean> {
  const [{ connectProxmox }, { vmPath }] = await Promise.all([
    import('../proxmox/client.ts'),
    import('../proxmox/vms.ts'),
  ])
  const rows = await connectProxmox(input, context).get<Row[]>(
    `${vmPath(vm)}/cloudinit`,
    `read the cloud-init settings of VM ${vm.vmid}`,
  )
  return rows.some((row) => row.pending !== undefined || row.delete !== undefined)
}
