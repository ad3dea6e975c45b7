import { afterEach, expect, test, vi } from 'vitest'
import { NciError } from '../../src/core/errors.ts'
import type { StepEvent } from '../../src/core/events.ts'
import { Resources } from '../../src/core/resources.ts'
import { failure, type RunOptions, runStep } from '../../src/core/run.ts'
import { type Context, type Inputs, type Outputs, type Plan, step } from '../../src/core/step.ts'

type Output = Outputs['vm.start']
const output: Output = { vmid: 101, node: 'pve', name: 'web1', status: 'running' }
const input = { vmid: 101 } as Inputs['vm.start']

afterEach(() => {
  vi.useRealTimers()
})

const stepOf = (plan: (context: Context) => Promise<Plan<Output>>) =>
  step('vm.start', (_, context) => plan(context))

function options(rest: Partial<RunOptions> = {}): RunOptions {
  return { signal: new AbortController().signal, emit: () => undefined, ...rest }
}

/** A plan with a change, and what was called of it. */
function changing(apply: () => Promise<Output> = async () => output) {
  const calls: string[] = []
  const one = stepOf(async () => {
    calls.push('plan')
    return {
      changed: true,
      diff: [{ what: 'status', before: 'stopped', after: 'running' }],
      expected: { vmid: 101 },
      apply() {
        calls.push('apply')
        return apply()
      },
    }
  })
  return { calls, step: one }
}

test('a step with nothing to do gives its output, unchanged', async () => {
  const result = await runStep(
    stepOf(async () => ({ changed: false, output })),
    input,
    options(),
  )
  expect(result).toEqual({
    ok: true,
    step: 'vm.start',
    changed: false,
    check: false,
    diff: [],
    output,
    warnings: [],
  })
})

test('a step with something to do plans, applies, and gives what was done', async () => {
  const { calls, step } = changing()
  const result = await runStep(step, input, options())
  expect(calls).toEqual(['plan', 'apply'])
  expect(result).toMatchObject({ changed: true, check: false, output, diff: [{ what: 'status' }] })
})

test('check mode never applies, and gives what would change', async () => {
  const { calls, step } = changing()
  const result = await runStep(step, input, options({ check: true }))
  expect(calls).toEqual(['plan'])
  expect(result).toMatchObject({
    changed: true,
    check: true,
    output: { vmid: 101 },
    diff: [{ what: 'status' }],
  })
})

test('a step that only waits applies and changes nothing', async () => {
  const waiting = stepOf(async () => ({ changed: false, diff: [], expected: {}, apply: async () => output }))
  expect(await runStep(waiting, input, options())).toMatchObject({ changed: false, output })
})

test('after an abort not even the plan is made', async () => {
  const { calls, step } = changing()
  const reason = new NciError('INTERRUPTED', { signal: 'SIGINT' })
  await expect(runStep(step, input, options({ signal: AbortSignal.abort(reason) }))).rejects.toBe(reason)
  expect(calls).toEqual([])
})

test('an abort while it plans keeps it from applying', async () => {
  const controller = new AbortController()
  const reason = new NciError('INTERRUPTED', { signal: 'SIGTERM' })
  let applied = false
  const one = stepOf(async () => {
    controller.abort(reason)
    return {
      changed: true,
      diff: [],
      expected: {},
      apply: async () => {
        applied = true
        return output
      },
    }
  })
  await expect(runStep(one, input, options({ signal: controller.signal }))).rejects.toBe(reason)
  expect(applied).toBe(false)
})

test('what fails because of the abort is reported as the abort', async () => {
  const controller = new AbortController()
  const reason = new NciError('INTERRUPTED', { signal: 'SIGINT' })
  const { step } = changing(async () => {
    controller.abort(reason)
    throw new NciError('PVE_CONNECTION_LOST', { endpoint: 'e', request: 'r', reason: 'socket hang up' })
  })
  await expect(runStep(step, input, options({ signal: controller.signal }))).rejects.toBe(reason)
})

test('an error that tells more of the abort than the abort itself is kept', async () => {
  vi.useFakeTimers()
  const telling = new NciError('SSH_NOT_READY', { seconds: 3, stage: 's', known: '', guess: 'g' })
  const one = stepOf(async (context) => {
    await new Promise((resolve) => context.signal.addEventListener('abort', resolve))
    throw telling
  })
  const running = runStep(one, input, options({ timeout: 3 }))
  const caught = expect(running).rejects.toBe(telling)
  await vi.advanceTimersByTimeAsync(3000)
  await caught
})

test('the deadline is one for plan and apply, and names the step', async () => {
  vi.useFakeTimers()
  const one = stepOf(async (context) => {
    const { promise, reject } = Promise.withResolvers<never>()
    context.signal.addEventListener('abort', () => reject(new Error('aborted')))
    return promise
  })
  const caught = expect(runStep(one, input, options({ timeout: 7 }))).rejects.toMatchObject({
    code: 'TIMEOUT',
    message: 'vm.start did not end within 7 seconds.',
  })
  await vi.advanceTimersByTimeAsync(7000)
  await caught
  expect(vi.getTimerCount()).toBe(0)
})

test('a warning is shown once and is in the result, of a failure as well', async () => {
  const warn = (context: Context): void => {
    for (const message of ['careful', 'careful', 'and this']) context.emit({ type: 'warning', message })
    context.emit({ type: 'phase', phase: 'p' })
    context.emit({ type: 'phase', phase: 'p' })
  }
  const events: StepEvent[] = []
  const emit = (event: StepEvent): void => void events.push(event)
  const fine = stepOf(async (context) => {
    warn(context)
    return { changed: false, output }
  })
  expect((await runStep(fine, input, options({ emit }))).warnings).toEqual(['careful', 'and this'])
  expect(events.filter(({ type }) => type === 'warning')).toHaveLength(2)
  expect(events.filter(({ type }) => type === 'phase')).toHaveLength(2)
  const bad = stepOf(async (context) => {
    warn(context)
    throw new NciError('PVE_VM_RUNNING', { vmid: 101 })
  })
  const thrown = await runStep(bad, input, options()).catch((error: unknown) => error)
  expect(failure('vm.start', thrown)).toMatchObject({
    ok: false,
    step: 'vm.start',
    error: { code: 'PVE_VM_RUNNING' },
    warnings: ['careful', 'and this'],
  })
})

test('what is no error of ours is reported as a bug', async () => {
  const { step } = changing(async () => {
    throw new TypeError('undefined is not iterable')
  })
  await expect(runStep(step, input, options())).rejects.toMatchObject({ code: 'ENGINE_BUG', exitCode: 1 })
  expect(failure('nci', 'text')).toMatchObject({ error: { code: 'ENGINE_BUG' }, warnings: [] })
})

test('a step’s own resources end with it; those of a workflow do not', async () => {
  const disposed: string[] = []
  const using = (name: string) =>
    stepOf(async (context) => {
      context.resources.get(name, () => ({
        async [Symbol.asyncDispose]() {
          disposed.push(name)
        },
      }))
      return { changed: false, output }
    })
  await runStep(using('own'), input, options())
  expect(disposed).toEqual(['own'])
  const resources = new Resources()
  await runStep(using('shared'), input, options({ resources }))
  expect(disposed).toEqual(['own'])
  await resources[Symbol.asyncDispose]()
  expect(disposed).toEqual(['own', 'shared'])
})

test('a step masks with what it was given', async () => {
  let masked = ''
  const one = stepOf(async (context) => {
    masked = context.redact('a secret')
    return { changed: false, output }
  })
  await runStep(one, input, options({ redact: (text) => text.replace('secret', '***') }))
  expect(masked).toBe('a ***')
})
