import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Guest } from '../../../src/lab/guest.ts'
import { type Lab, startLab } from '../../../src/lab/lab.ts'
import type { Latency } from '../../../src/lab/latency.ts'
import { connectionTo } from '../../support/connection.ts'
import { atMost, type Figure } from '../figures.ts'

const script = join(import.meta.dirname, 'run.ts')
/** As bin/nci starts the engine. */
const options = ['--max-semi-space-size=4']
const nodes = ['pve1', 'pve2', 'pve3', 'pve4']
const mebibyte = 1024 * 1024

/** Milliseconds; of guests and of tasks. */
const boot = 8000
const install = 20_000
const latency: Partial<Latency> = {
  createMs: 1000,
  startMs: 500,
  stopMs: 1000,
  uploadBytesPerSecond: 16 * mebibyte,
}
const isoSize = 32 * mebibyte

interface Cost {
  readonly seconds: number
  readonly cpuMilliseconds: number
  readonly peakMiB: number
  readonly counts: Readonly<Record<string, number>>
  readonly requests: readonly string[]
}

interface Limits {
  readonly forks: number
  readonly installs: number
  readonly creates_per_storage: number
}

/** How close batches come to what their limits and the latencies of the lab allow, and what they cost. */
export async function batch(): Promise<Figure[]> {
  const hundred = await provisioned(100, { forks: 50, installs: 50, creates_per_storage: 13 })
  const thousand = await provisioned(1000, { forks: 200, installs: 200, creates_per_storage: 50 })
  const perHost = (thousand.first.cpuMilliseconds - hundred.first.cpuMilliseconds) / 900
  const [few, many] = [hundred.again.requests.length, thousand.again.requests.length]
  list('requests of a batch of 100 hosts', hundred.first.requests)
  return [
    atMost('100 hosts on 4 nodes, time / lower bound', hundred.first.seconds / hundred.bound, '×', 1.05),
    atMost('1,000 hosts on 4 nodes, time / lower bound', thousand.first.seconds / thousand.bound, '×', 1.1),
    atMost('peak memory with 1,000 hosts', thousand.first.peakMiB, 'MiB', 300),
    atMost('CPU of the engine for each host, guests left out', perHost, 'ms', 50),
    {
      name: 'requests for each host, besides those that wait for tasks',
      value: withoutPolls(thousand.first.requests) / 1000,
      unit: '',
    },
    atMost('requests for each host, 1,000 / 100 hosts', thousand.perHost / hundred.perHost, '×', 1.1),
    atMost('second run over 1,000 hosts', thousand.again.seconds, 's', 10),
    atMost('its requests, 1,000 / 100 hosts', many / few, '×', 1),
  ]
}

/** Provisions so many hosts, and again; each batch is a process. */
async function provisioned(count: number, limits: Limits) {
  const folder = mkdtempSync(join(tmpdir(), 'nci-bench-'))
  const lab = await startLab({
    folder: join(folder, 'pve'),
    guests: deafGuest,
    latency,
    nodes: nodes.map((name) => ({ name, cpus: 4096, memoryBytes: 2 ** 44 }) as never),
  })
  try {
    const iso = join(folder, 'installer.iso')
    const content = Buffer.alloc(isoSize, 'bench')
    content.write('\u0001CD001\u0001', 16 * 2048, 'latin1')
    writeFileSync(iso, content)
    const first = await measure(lab, folder, count, limits)
    const again = await measure(lab, folder, count, limits)
    if (first.counts.changed !== count || again.counts.unchanged !== count)
      throw new Error(`not all hosts were provisioned: ${JSON.stringify([first.counts, again.counts])}`)
    return { first, again, bound: lowerBound(count, limits), perHost: first.requests.length / count }
  } finally {
    await lab.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * Seconds that no schedule can do without: the ISO comes first; then so many hosts at once go through all of their steps,
 * and so many at once through those that have limits of their own.
 */
function lowerBound(count: number, { forks, installs, creates_per_storage }: Limits): number {
  const { createMs = 0, startMs = 0, stopMs = 0, uploadBytesPerSecond = 1 } = latency
  const upload = (isoSize / uploadBytesPerSecond) * 1000
  const before = createMs + startMs + boot
  const after = stopMs + startMs + boot
  const chain = before + install + after
  const rounds = (places: number, time: number): number => Math.max(1, count / places) * time
  const creates = creates_per_storage * nodes.length
  return (
    (upload +
      Math.max(
        rounds(forks, chain),
        before + rounds(installs, install) + after,
        rounds(creates, createMs) + chain - createMs,
      )) /
    1000
  )
}

async function measure(lab: Lab, folder: string, count: number, limits: Limits): Promise<Cost> {
  const common = {
    ...connectionTo(lab),
    iso_path: join(folder, 'installer.iso'),
    ssh_private_key_file: await keyIn(folder),
    memory: 2048,
    cores: 1,
    disks: [{ size: '4G' }],
    store_paths: {
      system: `/nix/store/${'0'.repeat(32)}-nixos-system-bench`,
      disko_script: `/nix/store/${'0'.repeat(32)}-disko`,
    },
  }
  const hosts = Array.from({ length: count }, (_, index) => ({
    name: `host${index}`,
    node: nodes[index % nodes.length],
    networks: [{ bridge: 'vmbr0', ip: `10.0.${index >> 8}.${index & 255}/16` }],
  }))
  const since = lab.requests.length
  const env = {
    ...process.env,
    XDG_STATE_HOME: join(folder, 'state'),
    XDG_CACHE_HOME: join(folder, 'cache'),
    BENCH_BATCH: JSON.stringify({ hosts, limits, common, boot, install }),
  }
  const { stdout } = await promisify(execFile)(process.execPath, [...options, script], {
    env,
    maxBuffer: 2 ** 26,
  })
  const requests = lab.requests.slice(since).map(({ method, path }) => `${method} ${path}`)
  return { ...JSON.parse(stdout), requests }
}

async function keyIn(folder: string): Promise<string> {
  const key = join(folder, 'id_ed25519')
  await promisify(execFile)('sh', ['-c', `[ -e '${key}' ] || ssh-keygen -q -t ed25519 -N '' -f '${key}'`])
  return key
}

function withoutPolls(requests: readonly string[]): number {
  return requests.filter((request) => !request.includes('/tasks/')).length
}

function list(title: string, requests: readonly string[]): void {
  const endpoints = requests.map((request) =>
    request
      .replace(/\/pve\d/, '/NODE')
      .replace(/\/\d{3,}/, '/VMID')
      .replace(/UPID[^/]*/, 'UPID'),
  )
  const counts = [...Map.groupBy(endpoints, (endpoint) => endpoint)].map(([name, all]) => [name, all.length])
  const lines = counts.map(([name, number]) => `${String(number).padStart(7)} ${name}`)
  console.error(`${title}:\n${lines.join('\n')}`)
}

/** A machine that does nothing: what would happen in it takes its time in the engine. */
function deafGuest(): Guest {
  let running = false
  const off = async (): Promise<void> => {
    running = false
  }
  return {
    get running() {
      return running
    },
    async powerOn() {
      running = true
    },
    powerOff: off,
    shutdown: off,
    reset: async () => undefined,
    eject: () => undefined,
    agent: () => Promise.reject(new Error('there is no agent')),
    ssh: undefined,
    addresses: [],
  }
}
