import { formatBytes } from '../../core/format.ts'
import type { Facts } from '../../ssh/facts.ts'
import type { Session } from '../../ssh/session.ts'

type Disk = Facts['disks'][number]

/** What is on disks, for a person: `/dev/sda (8 GiB) has gpt, /dev/sda1 (512 MiB) vfat "BOOT"`. */
export async function describeDisks(
  session: Session,
  disks: readonly Disk[],
  signal: AbortSignal,
): Promise<string> {
  const columns = 'PATH,SIZE,LABEL,PARTLABEL'
  const { stdout } = await session.run(`lsblk -Pbo ${columns}`, signal)
  const rows = new Map(stdout.split('\n').map((line) => [cellOf(line, 'PATH'), line]))
  return disks
    .map(({ device, bytes, content }) => {
      const found = content.map((text) => describe(text, device, rows))
      return `${device} (${formatBytes(bytes)}) has ${found.join(', ')}`
    })
    .join('; ')
}

/** @param text a device and what is recognised on it: `/dev/sda1 vfat` */
function describe(text: string, disk: string, rows: ReadonlyMap<string, string>): string {
  const [path = '', ...types] = text.split(' ')
  const row = rows.get(path) ?? ''
  const label = cellOf(row, 'LABEL') || cellOf(row, 'PARTLABEL')
  const bytes = Number(cellOf(row, 'SIZE'))
  return [
    ...(path === disk ? [] : [path, ...(bytes > 0 ? [`(${formatBytes(bytes)})`] : [])]),
    ...types,
    ...(label === '' ? [] : [`"${label}"`]),
  ].join(' ')
}

function cellOf(line: string, column: string): string {
  return new RegExp(`(?:^| )${column}="([^"]*)"`).exec(line)?.[1] ?? ''
}
