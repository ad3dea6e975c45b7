import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { openSandbox, type Sandbox } from '../../src/lab/sandbox.ts'
import { connectionTo } from '../support/connection.ts'
import { byHand } from './by-hand.ts'
import { atMost, type Figure } from './figures.ts'
import { cost, median } from './measure.ts'

const script = join(import.meta.dirname, 'life-run.ts')
const count = 10
const rounds = 3
const latency = { createMs: 2000, startMs: 1000, stopMs: 1000, destroyMs: 1000 }

/** Whole lives of VMs, side by side, against as many scripts that do the same with curl. */
export async function lives(): Promise<Figure[]> {
  await using sandbox = await openSandbox({ latency })
  const ratios: number[] = []
  for (let round = 0; round < rounds; round++) {
    const theirs = await timeOf(() =>
      Promise.all(Array.from({ length: count }, (_, index) => cost(byHand(sandbox, 200 + index)))),
    )
    const ours = await timeOf(() => withEngine(sandbox))
    ratios.push(ours / theirs)
  }
  return [atMost(`${count} lives of VMs, the engine / as many curl scripts`, median(ratios), '×', 1.1)]
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

async function withEngine({ lab }: Sandbox): Promise<void> {
  const connection = {
    ...connectionTo(lab),
  }
  const documents = Array.from({ length: count }, (_, index) => ({
    ...connection,
    name: `life${index}`,
    vmid: 100 + index,
    disks: [{ size: '1G' }],
    networks: [{ ip: '192.0.2.21/24', gateway: '192.0.2.1' }],
  }))
  const env = { ...process.env, BENCH_DOCUMENTS: JSON.stringify(documents) }
  await promisify(execFile)(process.execPath, [script, 'whole'], { env })
}
