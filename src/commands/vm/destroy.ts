import type { Invocation } from '../../cli/document-command.ts'
import { describeInventoryCommand, InventoryCommand } from '../../cli/inventory-command.ts'
import { runStepCommand } from '../../cli/step-command.ts'
import type { Failure, Success } from '../../core/run.ts'
import type { Outputs } from '../../generated/types.ts'

class Destroy extends InventoryCommand<'vm.destroy', 'teardown'> {
  async workOne(invocation: Invocation<'vm.destroy'>): Promise<Success<unknown>> {
    const { vmDestroy } = await import('../../steps/vm/destroy.ts')
    return runStepCommand(vmDestroy, invocation)
  }

  async workMany(invocation: Invocation<'teardown'>): Promise<Success<unknown>> {
    const [{ teardown }, { canAsk, confirmTeardown }] = await Promise.all([
      import('../../workflows/teardown.ts'),
      import('../../cli/confirm-teardown.ts'),
    ])
    const { input, renderer, keepSecrets, ...options } = invocation
    const { signal } = options
    const steps = [{ step: 'vm.destroy', title: 'Destroy the VM' }]
    return teardown(input, {
      ...options,
      keepSecret: (document) => keepSecrets('provision', document),
      begin: (hosts) => renderer.begin(steps, { hosts, title: 'Destroying the VMs of' }),
      ...(canAsk() ? { confirm: (doomed, spared) => confirmTeardown(doomed, spared, signal) } : {}),
    })
  }

  override async print(
    result: Success<Outputs['teardown']>,
    invocation: Invocation<'vm.destroy' | 'teardown'>,
  ): Promise<void> {
    if (!this.isMany || !this.isForPeople) return super.print(result, invocation)
    const { printTeardownSummary } = await import('../../cli/teardown-summary.ts')
    return printTeardownSummary(result)
  }

  override async printFailure(document: Failure): Promise<void> {
    if (!this.isMany || !this.isForPeople) return super.printFailure(document)
    const { printTeardownFailure } = await import('../../cli/teardown-summary.ts')
    return printTeardownFailure(document)
  }
}

export default describeInventoryCommand('vm.destroy', 'teardown', Destroy)
