import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { openSandbox, type Sandbox } from '../../src/lab/sandbox.ts'
import { atMost, type Figure } from './figures.ts'

const script = join(import.meta.dirname, 'life-run.ts')

/** What one VM's life costs: create, start, detach (which stops it), destroy; and a run that has nothing to do. */
export async function life(): Promise<Figure[]> {
  await using sandbox = await openSandbox()
  // The first run fills the compile cache.
  await measure(sandbox, 'whole')
  const whole = await measure(sandbox, 'whole')
  await measure(sandbox, 'up')
  const again = await measure(sandbox, 'up')
  list(`requests of one VM's life, besides ${whole.polls} that wait for tasks`, whole.requests)
  list('requests of create and start where nothing is to do', again.requests)
  const changes = again.requests.filter((request) => !request.startsWith('GET'))
  return [
    atMost("requests of one VM's life", whole.requests.length, '', 8),
    atMost("connections of one VM's life", whole.connections, '', 1),
    { name: "CPU of the engine for one VM's life", value: whole.cpuMilliseconds, unit: 'ms' },
    atMost('changes where nothing is to do', changes.length, '', 0),
  ]
}

interface Cost {
  /** Those that wait for tasks left out. */
  readonly requests: readonly string[]
  readonly polls: number
  readonly connections: number
  readonly cpuMilliseconds: number
}

async function measure({ lab }: Sandbox, part: 'whole' | 'up'): Promise<Cost> {
  const document = {
    api_host: `127.0.0.1:${lab.port}`,
    api_token_id: lab.tokenId,
    api_token_secret: lab.tokenSecret,
    api_fingerprint: lab.fingerprint,
    name: `${part}1`,
    disks: [{ size: '1G' }],
    networks: [{ ip: '192.0.2.21/24', gateway: '192.0.2.1' }],
  }
  const since = lab.requests.length
  const env = { ...process.env, BENCH_DOCUMENTS: JSON.stringify([document]) }
  const { stdout } = await promisify(execFile)(process.execPath, [script, part], { env })
  const requests = lab.requests.slice(since)
  const others = requests.filter(({ path }) => !path.includes('/tasks/'))
  return {
    requests: others.map(({ method, path }) => `${method} ${path}`),
    polls: requests.length - others.length,
    connections: new Set(requests.map(({ connection }) => connection)).size,
    cpuMilliseconds: JSON.parse(stdout).cpuMilliseconds,
  }
}

function list(title: string, requests: readonly string[]): void {
  console.error(`${title}:\n${requests.map((request) => `  ${request}`).join('\n')}`)
}
