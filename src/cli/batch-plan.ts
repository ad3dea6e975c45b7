import { counted, formatBytes } from '../core/format.ts'
import type { Outputs } from '../generated/types.ts'
import { changeText } from './change.ts'
import { columns, styled } from './layout.ts'
import { cut, printable } from './progress/text.ts'

type Report = Outputs['batch']
type Host = Report['hosts'][number]
type Demand = NonNullable<Report['demand']>[number]

const mostHosts = 20
const mostChanges = 25
const mebibyte = 1024 * 1024

/** What check mode found: the changes of each host, and what the new VMs ask of the nodes. */
export function planLines({ hosts, demand = [] }: Report, width: number): string[] {
  const planned = hosts.filter(({ state }) => state === 'planned')
  const [toCreate, toChange] = [planned.filter(isNew), planned.filter((host) => !isNew(host))]
  return [
    ...section('To be created', toCreate, width),
    ...section('To be changed', toChange, width),
    ...(demand.length === 0
      ? []
      : ['', styled('bold', 'What the new VMs ask of the nodes'), ...demandLines(demand, width)]),
  ]
}

/** A VM that is there has its id in the report. */
function isNew({ vmid }: Host): boolean {
  return vmid === undefined
}

function section(title: string, hosts: readonly Host[], width: number): string[] {
  if (hosts.length === 0) return []
  const more = hosts.length - mostHosts
  const shown = hosts.slice(0, mostHosts)
  return [
    '',
    styled('bold', `${title}: ${counted(hosts.length, 'host')}`),
    ...shown.flatMap((host, index) => hostLines(host, shown.slice(0, index), width)),
    ...(more > 0 ? [`  … and ${more} more: \`--json\` shows all.`] : []),
  ]
}

/** @param others hosts that were told of before: of one that is like them only what differs is said */
function hostLines(host: Host, others: readonly Host[], width: number): string[] {
  const { name, vmid, node } = host
  const changes = changeTexts(host)
  const like = others.find((other) => {
    const known = new Set(changeTexts(other))
    return changes.filter((text) => known.has(text)).length * 2 > changes.length
  })
  const known = new Set(like === undefined ? [] : changeTexts(like))
  const own = changes.filter((text) => !known.has(text))
  const where = [
    ...(vmid === undefined ? [] : [`VM ${vmid}`]),
    ...(node === undefined ? [] : [`node ${node}`]),
  ]
  const about = `${where.length === 0 ? '' : ` (${where.join(', ')})`}${like === undefined ? '' : `, as ${like.name} but for`}`
  const more = own.length - mostChanges
  return [
    cut(printable(`  ${name}${about}`), width),
    ...own.slice(0, mostChanges).map((text) => cut(`  ${text}`, width)),
    ...(more > 0 ? [`    … and ${more} more changes`] : []),
  ]
}

function changeTexts({ steps }: Host): string[] {
  return steps.flatMap(({ diff = [] }) => diff.map((change) => printable(changeText(change))))
}

/** A row a node and storage, with a mark where more is asked than there is. */
function demandLines(demand: readonly Demand[], width: number): string[] {
  const rows = demand.flatMap(({ node, vms, cores, cores_of_node, memory, memory_free, storages }) => {
    const own = [
      node,
      String(vms),
      asked(
        String(cores),
        cores_of_node === undefined ? undefined : String(cores_of_node),
        cores > (cores_of_node ?? cores),
      ),
      asked(
        formatBytes(memory * mebibyte),
        memory_free === undefined ? undefined : `${formatBytes(memory_free * mebibyte)} free`,
        memory > (memory_free ?? memory),
      ),
    ]
    const spaces = storages.map(({ storage, bytes, free, thin }) => {
      const space = free === undefined ? undefined : `${formatBytes(free)} free`
      return `${storage}: ${asked(formatBytes(bytes), space, bytes > (free ?? bytes))}${thin === true ? ' (thin)' : ''}`
    })
    const [first = '', ...rest] = spaces
    return [[...own, first], ...rest.map((space) => ['', '', '', '', space])]
  })
  const [head = '', ...lines] = columns([['node', 'VMs', 'cores', 'memory', 'storage'], ...rows])
  const isOver = lines.some((line) => line.includes(mark))
  return [
    `  ${cut(head, width - 2)}`,
    ...lines
      .map((line) => `  ${cut(line, width - 2)}`)
      .map((line) => (line.includes(mark) ? styled('yellow', line) : line)),
    ...(isOver ? [`  ${mark.trim()} over-committed: more is asked than there is`] : []),
  ]
}

const mark = ' !'

function asked(amount: string, available: string | undefined, isOver: boolean): string {
  return available === undefined ? amount : `${amount} of ${available}${isOver ? mark : ''}`
}
