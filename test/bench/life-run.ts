/**
 * The lives of VMs, side by side, in one run of the engine, by the steps of a workflow that has looked at everything before;
 * says at its end how long it computed. Started by the benchmark.
 */
import { Resources } from '../../src/core/resources.ts'
import { runStep } from '../../src/core/run.ts'
import type { Inputs, Step, StepId } from '../../src/core/step.ts'
import { validate } from '../../src/core/validate.ts'
import { vmCreate } from '../../src/steps/vm/create.ts'
import { vmDestroy } from '../../src/steps/vm/destroy.ts'
import { vmDetach } from '../../src/steps/vm/detach.ts'
import { vmStart } from '../../src/steps/vm/start.ts'

const part = process.argv[2]
const inputs = JSON.parse(process.env.BENCH_DOCUMENTS ?? '[]') as Record<string, unknown>[]
await using resources = new Resources()

async function run<Id extends StepId>(step: Step<Id>, whole: Record<string, unknown>) {
  await validate(step.id, whole)
  const options = {
    preflighted: true,
    resources,
    signal: new AbortController().signal,
    emit: () => undefined,
  }
  return runStep(step, whole as unknown as Inputs[Id], options)
}

async function live(input: Record<string, unknown>): Promise<void> {
  const { api_host, api_token_id, api_token_secret, api_fingerprint } = input
  const connection = { api_host, api_token_id, api_token_secret, api_fingerprint }
  const { output: vm } = await run(vmCreate, input)
  const reference = { vmid: vm.vmid, node: vm.node }
  await run(vmStart, { ...connection, ...reference })
  if (part === 'up') return
  await run(vmDetach, { ...connection, ...reference, start: false })
  await run(vmDestroy, { ...connection, ...reference })
}

const before = process.cpuUsage()
await Promise.all(inputs.map(live))
const { user, system } = process.cpuUsage(before)
console.log(JSON.stringify({ cpuMilliseconds: (user + system) / 1000 }))
