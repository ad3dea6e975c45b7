import { deadline } from '../core/deadline.ts'
import { NciError } from '../core/errors.ts'
import type { StepEvent } from '../core/events.ts'
import { Resources } from '../core/resources.ts'
import type { Success } from '../core/run.ts'
import type { Context, Inputs, Outputs } from '../core/step.ts'
import { examine } from './doctor/check.ts'
import { groupsFor } from './doctor/groups.ts'
import { Patient } from './doctor/patient.ts'
import { grantsFor } from './doctor/privileges.ts'

type Output = Outputs['doctor']

export interface DoctorOptions {
  readonly check: boolean
  readonly signal: AbortSignal
  readonly redact: (text: string) => string
  emit(event: StepEvent): void
}

/**
 * Looks for everything that would stop a host from being provisioned; only reads.
 *
 * @throws {NciError} `DOCTOR_FOUND_PROBLEMS` with all checks in its details, where one failed
 */
export async function doctor(input: Inputs['doctor'], options: DoctorOptions): Promise<Success<Output>> {
  using limit = deadline(options.signal, input.timeout, 'the examination')
  await using resources = new Resources()
  const warnings: string[] = []
  const context: Context = {
    signal: limit.signal,
    resources,
    assumed: new Set(),
    redact: options.redact,
    emit(event) {
      if (event.type === 'warning') warnings.push(event.message)
      options.emit(event)
    },
  }
  context.emit({ type: 'phase', phase: 'asking Proxmox' })
  const patient = new Patient(input, context)
  const { results, commands: mending } = await examine(groupsFor(patient), patient)
  const checks = [...results]
  const isKnown = checks.some(({ id, status }) => id === 'login' && status === 'ok')
  const commands = [...(isKnown ? await grantsFor(patient) : []), ...mending]
  const failed = checks.filter(({ status }) => status === 'failed')
  const output = { healthy: failed.length === 0, checks, commands }
  if (failed.length > 0) {
    const titles = failed.map(({ group, title }) => `${group}: ${title}`).join(', ')
    const error = new NciError('DOCTOR_FOUND_PROBLEMS', {
      failed: failed.length,
      total: checks.length,
      titles,
      ...output,
    })
    throw Object.assign(error, { warnings })
  }
  return { ok: true, step: 'doctor', changed: false, check: options.check, diff: [], output, warnings }
}
