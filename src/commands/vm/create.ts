import { stepCommand } from '../../cli/step-command.ts'

export default stepCommand('vm.create', async () => (await import('../../steps/vm/create.ts')).vmCreate)
