import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Sandbox } from '../../src/lab/sandbox.ts'
import type { RecordedRequest } from '../../src/lab/server.ts'
import { cost } from './measure.ts'

const nci = join(import.meta.dirname, '..', '..', 'bin', 'nci')

/** One VM's life in commands. */
export interface Commands {
  /** The requests of each, by its name. */
  readonly steps: ReadonlyMap<string, readonly RecordedRequest[]>
  /** Of all of them, from start to end. */
  readonly cpuSeconds: number
}

/** The life of a VM with an ISO in four commands: each knows nothing of the others, and checks for itself. */
export async function inCommands(sandbox: Sandbox): Promise<Commands> {
  const steps = new Map<string, readonly RecordedRequest[]>()
  let cpuSeconds = 0
  const step = async (name: string, document: object) => {
    const since = sandbox.lab.requests.length
    const done = await command(sandbox, name, document)
    cpuSeconds += done.cpuSeconds
    steps.set(name, sandbox.lab.requests.slice(since))
    return done.output
  }
  const iso = await command(sandbox, 'iso upload', { path: sandbox.host.iso_path, node: 'pve' })
  const { vmid, node } = await step('vm create', {
    name: 'commands1',
    iso: iso.output.volid,
    disks: [{ size: '1G' }],
    networks: [{ ip: '192.0.2.21/24', gateway: '192.0.2.1' }],
  })
  await step('vm start', { vmid, node })
  await step('vm detach', { vmid, node, start: false })
  await step('vm destroy', { vmid, node })
  return { steps, cpuSeconds }
}

/** All requests of a workflow from nothing to a proved system; its ISO is in the storage. */
export async function wholeProvision(sandbox: Sandbox): Promise<readonly RecordedRequest[]> {
  const since = sandbox.lab.requests.length
  await command(sandbox, 'provision', sandbox.host)
  return sandbox.lab.requests.slice(since)
}

/** Runs a command on a document; the output is what its result has. */
async function command({ folder, environment }: Sandbox, name: string, document: object) {
  const file = join(folder, 'bench.json')
  writeFileSync(file, JSON.stringify(document))
  const words = [...name.split(' '), '--progress', 'none', '--input', file]
  const { output, cpuSeconds } = await cost({ file: nci, arguments: words, environment })
  return { output: JSON.parse(output).output as Record<string, unknown>, cpuSeconds }
}
