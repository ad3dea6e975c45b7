import {
  DocumentCommand,
  describeDocument,
  documentNote,
  type Invocation,
  withGetters,
} from '../cli/document-command.ts'
import { printFailedInventory, printInventory } from '../cli/inventory-report.ts'
import { toNciError } from '../core/errors.ts'
import type { Failure, Success } from '../core/run.ts'
import type { Outputs } from '../generated/types.ts'

class Inventory extends DocumentCommand<'inventory'> {
  async work(invocation: Invocation<'inventory'>): Promise<Success<unknown>> {
    const { input, renderer, emit, keepSecrets, ...options } = invocation
    const { inventory } = await import('../workflows/inventory.ts')
    await renderer.begin([{ step: 'inventory', title: 'Inventory' }])
    emit({ step: 'inventory', type: 'start' })
    try {
      const result = await inventory(input, {
        ...options,
        emit: (event) => emit({ step: 'inventory', ...event }),
        keepSecret: (document) => keepSecrets('provision', document),
      })
      emit({ step: 'inventory', type: 'end', status: 'done' })
      return result
    } catch (error) {
      emit({ step: 'inventory', type: 'end', status: 'failed', error: toNciError(error).code })
      throw error
    }
  }

  override async print(
    result: Success<Outputs['inventory']>,
    invocation: Invocation<'inventory'>,
  ): Promise<void> {
    if (process.stdout.isTTY && !invocation.json) return printInventory(result)
    return super.print(result, invocation)
  }

  override async printFailure(document: Failure): Promise<void> {
    if (process.stdout.isTTY && !this.argv.includes('--json')) return printFailedInventory(document)
    return super.printFailure(document)
  }
}

export default withGetters(describeDocument('inventory', Inventory), {
  description:
    () => `Reads the inventory as \`nci provision --inventory\` does: with Ansible where it is installed, else plain YAML.
The variables are those of the role nixos.cloud_init_installer.provision: nixos_vm, nixos_vm_defaults, proxmox_api_host, …
group_vars and host_vars beside the inventory are read, those beside playbooks are not.
Relative paths in them start where this command was started. Ansible's \`-i\` is \`--inventory\` here: \`-i\` is \`--input\`.

${[`\`nci schema inventory\` describes the documents.`, ...documentNote('inventory')].join('\n\n')}`,
})
