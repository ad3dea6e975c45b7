/** The life of a VM in one run of the engine; says at its end how long it computed. Started by the benchmark. */
import { Resources } from '../../src/core/resources.ts'
import { runStep } from '../../src/core/run.ts'
import type { Inputs, Step, StepId } from '../../src/core/step.ts'
import { validate } from '../../src/core/validate.ts'
import { vmCreate } from '../../src/steps/vm/create.ts'
import { vmDestroy } from '../../src/steps/vm/destroy.ts'
import { vmDetach } from '../../src/steps/vm/detach.ts'
import { vmStart } from '../../src/steps/vm/start.ts'

const part = process.argv[2]
const input = JSON.parse(process.env.BENCH_DOCUMENT ?? '{}') as Record<string, unknown>
const { api_host, api_token_id, api_token_secret, api_fingerprint, ...description } = input
const connection = { api_host, api_token_id, api_token_secret, api_fingerprint }
await using resources = new Resources()

async function run<Id extends StepId>(step: Step<Id>, values: Record<string, unknown>) {
  const whole: Record<string, unknown> = { ...connection, ...values }
  await validate(step.id, whole)
  const options = {
    preflighted: true,
    resources,
    signal: new AbortController().signal,
    emit: () => undefined,
  }
  return runStep(step, whole as unknown as Inputs[Id], options)
}

const before = process.cpuUsage()
const { output: vm } = await run(vmCreate, description)
const reference = { vmid: vm.vmid, node: vm.node }
await run(vmStart, reference)
if (part !== 'up') {
  await run(vmDetach, { ...reference, start: false })
  await run(vmDestroy, reference)
}
const { user, system } = process.cpuUsage(before)
console.log(JSON.stringify({ cpuMilliseconds: (user + system) / 1000 }))
