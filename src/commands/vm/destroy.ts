import { stepCommand } from '../../cli/step-command.ts'

export default stepCommand('vm.destroy', async () => (await import('../../steps/vm/destroy.ts')).vmDestroy)
