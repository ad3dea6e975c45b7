import { printBatchFailure, printBatchSummary } from '../cli/batch-summary.ts'
import type { Invocation } from '../cli/document-command.ts'
import { describeInventoryCommand, InventoryCommand } from '../cli/inventory-command.ts'
import type { Renderer } from '../cli/progress/renderer.ts'
import { printFailureSummary, printSummary } from '../cli/summary.ts'
import type { Failure, Success } from '../core/run.ts'
import type { Outputs } from '../generated/types.ts'

type Either = Outputs['provision'] | Outputs['batch']

class Provision extends InventoryCommand<'provision', 'batch'> {
  #renderer: Renderer | undefined

  async workOne({ input, renderer, ...options }: Invocation<'provision'>): Promise<Success<unknown>> {
    const [{ provision }, { provisionSteps }] = await Promise.all([
      import('../workflows/provision.ts'),
      import('../workflows/run.ts'),
    ])
    this.#renderer = renderer
    await renderer.begin(provisionSteps)
    return provision(input, options)
  }

  async workMany(invocation: Invocation<'batch'>): Promise<Success<unknown>> {
    const { input, renderer, keepSecrets, ...options } = invocation
    const [{ provisionBatch }, { provisionSteps }] = await Promise.all([
      import('../workflows/batch/batch.ts'),
      import('../workflows/run.ts'),
    ])
    return provisionBatch(input, {
      ...options,
      keepSecret: (document) => keepSecrets('provision', document),
      begin: (hosts) => renderer.begin(provisionSteps, { hosts }),
    })
  }

  override async print(
    result: Success<Either>,
    invocation: Invocation<'provision' | 'batch'>,
  ): Promise<void> {
    if (!this.isForPeople) return super.print(result, invocation)
    if (this.isMany) return printBatchSummary(result as Success<Outputs['batch']>)
    return printSummary(result as Success<Outputs['provision']>, this.#shown())
  }

  override async printFailure(document: Failure): Promise<void> {
    if (!this.isForPeople) return super.printFailure(document)
    return this.isMany ? printBatchFailure(document) : printFailureSummary(document, this.#shown())
  }

  /** What the progress display left on the terminal need not be said again. */
  #shown(): { readonly rowsShown: boolean } {
    return { rowsShown: this.#renderer?.leavesRows === true }
  }
}

export default describeInventoryCommand('provision', 'batch', Provision)
