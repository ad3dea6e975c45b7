import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { openSandbox, type Sandbox } from '../../src/lab/sandbox.ts'
import type { RecordedRequest } from '../../src/lab/server.ts'
import { connectionTo } from '../support/connection.ts'
import { byHand } from './by-hand.ts'
import { inCommands, wholeProvision } from './commands.ts'
import { atMost, type Figure } from './figures.ts'
import { cost, median } from './measure.ts'

const script = join(import.meta.dirname, 'life-run.ts')
const pairs = 5

/**
 * What one VM's life costs: create, start, detach (which stops it), destroy; and a run that has nothing to do.
 *
 * The goal is about the steps of a workflow, which has looked at the cluster before its first step. What they need not ask
 * therefore is counted as well: by the same steps as commands, and by a whole `nci provision`.
 */
export async function life(): Promise<Figure[]> {
  await using sandbox = await openSandbox()
  // The first run fills the compile cache.
  await measure(sandbox, 'whole')
  const whole = await measure(sandbox, 'whole')
  const ratios = await besideCurl(sandbox)
  await measure(sandbox, 'up')
  const again = await measure(sandbox, 'up')
  list(`requests of one VM's life in a workflow, after its look around, besides ${whole.polls} polls`, whole)
  list('requests of create and start where nothing is to do', again)
  const changes = again.requests.filter((request) => !request.startsWith('GET'))
  const commands = await inCommands(sandbox)
  for (const [name, requests] of commands.steps) list(`requests of nci ${name}`, requestsOf(requests))
  const provision = requestsOf(await wholeProvision(sandbox))
  const lookAround = provision.requests.findIndex((request) => !request.startsWith('GET'))
  list(`requests of nci provision, the first ${lookAround} of them a look around`, provision)
  const alone = requestsOf([...commands.steps.values()].flat())
  return [
    atMost("requests of one VM's life, in a workflow that has looked", whole.requests.length, '', 8),
    atMost("connections of one VM's life, in a workflow", whole.connections, '', 1),
    { name: "requests of one VM's life, by four commands", value: alone.requests.length, unit: '' },
    { name: "connections of one VM's life, by four commands", value: alone.connections, unit: '' },
    { name: 'requests of nci provision before it changes anything', value: lookAround, unit: '' },
    { name: 'requests of nci provision in all', value: provision.requests.length, unit: '' },
    { name: "CPU of the engine for one VM's life", value: whole.cpuMilliseconds, unit: 'ms' },
    atMost('CPU for it without start-up, engine / curl script', median(ratios), '×', 1.5),
    { name: "CPU of four commands for one VM's life", value: commands.cpuSeconds * 1000, unit: 'ms' },
    atMost('changes where nothing is to do', changes.length, '', 0),
  ]
}

interface Requests {
  /** Those that wait for tasks, and those to the guest agent, left out. */
  readonly requests: readonly string[]
  readonly polls: number
  readonly connections: number
}

async function measure(
  { lab }: Sandbox,
  part: 'whole' | 'up',
): Promise<Requests & { readonly cpuMilliseconds: number }> {
  const document = {
    ...connectionTo(lab),
    name: `${part}1`,
    disks: [{ size: '1G' }],
    networks: [{ ip: '192.0.2.21/24', gateway: '192.0.2.1' }],
  }
  const since = lab.requests.length
  const env = { ...process.env, BENCH_DOCUMENTS: JSON.stringify([document]) }
  const { stdout } = await promisify(execFile)(process.execPath, [script, part], { env })
  return { ...requestsOf(lab.requests.slice(since)), cpuMilliseconds: JSON.parse(stdout).cpuMilliseconds }
}

function requestsOf(all: readonly RecordedRequest[]): Requests {
  const others = all.filter(({ path }) => !/\/(?:tasks|agent)\//.test(path))
  return {
    requests: others.map(({ method, path }) => `${method} ${path}`),
    polls: all.length - others.length,
    connections: new Set(all.map(({ connection }) => connection)).size,
  }
}

/** The CPU for a life, against that of a script that does the same with curl; in turn. */
async function besideCurl(sandbox: Sandbox): Promise<number[]> {
  const ratios: number[] = []
  while (ratios.length < pairs) {
    const { cpuSeconds } = await cost(byHand(sandbox, 200 + ratios.length))
    const { cpuMilliseconds } = await measure(sandbox, 'whole')
    ratios.push(cpuMilliseconds / 1000 / cpuSeconds)
  }
  return ratios
}

function list(title: string, { requests }: Requests): void {
  console.error(`${title}:\n${requests.map((request) => `  ${request}`).join('\n')}`)
}
