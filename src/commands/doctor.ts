import { printFailedReport, printReport } from '../cli/doctor-report.ts'
import { DocumentCommand, describeDocument, type Invocation } from '../cli/document-command.ts'
import { toNciError } from '../core/errors.ts'
import type { Failure, Success } from '../core/run.ts'
import type { Outputs } from '../generated/types.ts'

class Doctor extends DocumentCommand<'doctor'> {
  async work({ input, renderer, emit, ...options }: Invocation<'doctor'>): Promise<Success<unknown>> {
    const { doctor } = await import('../workflows/doctor.ts')
    await renderer.begin([{ step: 'doctor', title: 'Checks' }])
    emit({ step: 'doctor', type: 'start' })
    try {
      const result = await doctor(input, {
        ...options,
        emit: (event) => emit({ step: 'doctor', ...event }),
      })
      emit({ step: 'doctor', type: 'end', status: 'done' })
      return result
    } catch (error) {
      emit({ step: 'doctor', type: 'end', status: 'failed', error: toNciError(error).code })
      throw error
    }
  }

  override async print(result: Success<Outputs['doctor']>, invocation: Invocation<'doctor'>): Promise<void> {
    if (process.stdout.isTTY && !invocation.json) return printReport(result.output)
    return super.print(result, invocation)
  }

  override async printFailure(document: Failure): Promise<void> {
    if (process.stdout.isTTY && !this.argv.includes('--json')) return printFailedReport(document)
    return super.printFailure(document)
  }
}

export default describeDocument('doctor', Doctor)
