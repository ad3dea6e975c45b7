import { toNciError } from '../core/errors.ts'
import { runStep, type Success, statusOf } from '../core/run.ts'
import type { Outputs, Step, StepId } from '../core/step.ts'
import { documents } from '../generated/commands.ts'
import { DocumentCommand, describeDocument, type Invocation } from './document-command.ts'

/**
 * The command of one step.
 *
 * @param load imports the step: only then are the libraries that it needs loaded
 */
export function stepCommand<Id extends StepId>(
  id: Id,
  load: () => Promise<Step<Id>>,
): typeof DocumentCommand<Id> {
  return describeDocument(
    id,
    class extends DocumentCommand<Id> {
      async work(invocation: Invocation<Id>): Promise<Success<unknown>> {
        return runStepCommand(await load(), invocation)
      }
    },
  ) as unknown as typeof DocumentCommand<Id>
}

/** Runs a step for its command, in one row of the display. */
export async function runStepCommand<Id extends StepId>(
  step: Step<Id>,
  { input, check, signal, renderer, emit, redact }: Invocation<Id>,
): Promise<Success<Outputs[Id]>> {
  const { id } = step
  await renderer.begin([{ step: id, title: documents[id].title }])
  emit({ step: id, type: 'start' })
  try {
    const result = await runStep(step, input, {
      check,
      signal,
      redact,
      timeout: input.timeout,
      emit: (event) => emit({ step: id, ...event }),
    })
    emit({ step: id, type: 'end', status: statusOf(result) })
    return result
  } catch (error) {
    emit({ step: id, type: 'end', status: 'failed', error: toNciError(error).code })
    throw error
  }
}
