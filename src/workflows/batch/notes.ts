import { type Cluster, readCluster } from '../../proxmox/cluster.ts'
import type { HostReport } from './host-run.ts'
import type { Entry, Journal } from './journal.ts'
import type { Site, Surveyed } from './survey.ts'

/** Seconds that the notes may take: they only save time, and whoever has pressed Ctrl-C waits. */
const patience = { usual: 30, interrupted: 5 }

/** Notes the hosts that are in order now, with what their cluster says of them. */
export async function noteDone(
  journal: Journal,
  surveyed: readonly Surveyed[],
  reports: readonly HostReport[],
  isInterrupted: boolean,
): Promise<void> {
  const signal = AbortSignal.timeout((isInterrupted ? patience.interrupted : patience.usual) * 1000)
  const clusters = new Map<Site, Promise<Cluster | undefined>>()
  const clusterOf = (site: Site): Promise<Cluster | undefined> => {
    const known = clusters.get(site) ?? readAgain(site, signal)
    clusters.set(site, known)
    return known
  }
  const entries = new Map<string, Entry>()
  for (const [index, one] of surveyed.entries()) {
    const report = reports[index]
    if (report?.vmid === undefined || one.progress === 'done') continue
    if (report.state !== 'changed' && report.state !== 'unchanged') continue
    const cluster = await clusterOf(one.site)
    const mark = cluster?.marks.get(report.vmid)
    const vm = cluster?.vms.find(({ vmid }) => vmid === report.vmid)
    if (mark === undefined || vm === undefined) continue
    const { host, port, user, system, host_key, vmid, times } = report
    const seconds = times ?? one.entry?.seconds
    entries.set(one.key, {
      spec: one.spec,
      vmid,
      node: vm.node,
      mark,
      output: { host, port, user, system, host_key },
      ...(seconds === undefined ? {} : { seconds }),
      at: Date.now(),
    })
  }
  await journal.add(entries, signal)
}

/** The batch may have been interrupted: its own signal says nothing here. */
async function readAgain({ client }: Site, signal: AbortSignal): Promise<Cluster | undefined> {
  try {
    return await readCluster(client.with(signal), performance.now())
  } catch {
    return undefined
  }
}
