import { DocumentCommand, describeDocument, type Invocation } from '../cli/document-command.ts'
import { printFailureSummary, printSummary } from '../cli/summary.ts'
import type { Failure, Success } from '../core/run.ts'
import type { Outputs } from '../generated/types.ts'

class Provision extends DocumentCommand<'provision'> {
  async work({ input, renderer, ...options }: Invocation<'provision'>): Promise<Success<unknown>> {
    const [{ provision }, { provisionSteps }] = await Promise.all([
      import('../workflows/provision.ts'),
      import('../workflows/run.ts'),
    ])
    await renderer.begin(provisionSteps)
    return provision(input, options)
  }

  override async print(
    result: Success<Outputs['provision']>,
    invocation: Invocation<'provision'>,
  ): Promise<void> {
    if (process.stdout.isTTY && !invocation.json) return printSummary(result)
    return super.print(result, invocation)
  }

  override async printFailure(document: Failure): Promise<void> {
    if (process.stdout.isTTY && !this.argv.includes('--json')) return printFailureSummary(document)
    return super.printFailure(document)
  }
}

export default describeDocument('provision', Provision)
