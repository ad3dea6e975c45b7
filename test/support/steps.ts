/** Steps run in this process, one after the other as a workflow does it, against a lab. */
import { Resources } from '../../src/core/resources.ts'
import { runStep, type Success } from '../../src/core/run.ts'
import type { Inputs, Outputs, Step, StepId } from '../../src/core/step.ts'
import { validate } from '../../src/core/validate.ts'
import type { Lab, RecordedRequest } from '../../src/lab/lab.ts'
import { openSandbox, type Sandbox, type SandboxOptions } from '../../src/lab/sandbox.ts'
import { connectionTo } from './connection.ts'

export interface StepsOnLab extends AsyncDisposable {
  readonly lab: Lab
  readonly sandbox: Sandbox
  /** Runs a step with this input, the connection and the schema's defaults added. */
  run<Id extends StepId>(
    step: Step<Id>,
    input: Readonly<Record<string, unknown>>,
    options?: { readonly check?: boolean; readonly alone?: boolean },
  ): Promise<Success<Outputs[Id]>>
  /** Requests since the last call of this, those that wait for tasks left out. */
  asked(): string[]
}

/** @param options `preflighted`: the steps are those of a workflow that has looked at everything */
export async function stepsOnLab(
  options: SandboxOptions & { readonly preflighted?: boolean } = {},
): Promise<StepsOnLab> {
  const { preflighted = false, ...sandboxOptions } = options
  const sandbox = await openSandbox(sandboxOptions)
  const { lab } = sandbox
  const resources = new Resources()
  let seen = 0
  return {
    lab,
    sandbox,
    async run(step, input, { check = false, alone = false } = {}) {
      const document: Record<string, unknown> = {
        ...connectionTo(lab),
        ...input,
      }
      await validate(step.id, document)
      return runStep(step, document as unknown as Inputs[typeof step.id], {
        check,
        preflighted,
        signal: new AbortController().signal,
        emit: () => undefined,
        ...(alone ? {} : { resources }),
      })
    },
    asked() {
      const since = lab.requests.slice(seen)
      seen = lab.requests.length
      return since.filter((request) => !isPoll(request)).map(({ method, path }) => `${method} ${path}`)
    },
    async [Symbol.asyncDispose]() {
      await resources[Symbol.asyncDispose]()
      await sandbox[Symbol.asyncDispose]()
    },
  }
}

function isPoll({ method, path }: RecordedRequest): boolean {
  return method === 'GET' && /^\/nodes\/[^/]+\/tasks\//.test(path)
}
