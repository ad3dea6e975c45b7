import { stepCommand } from '../../cli/step-command.ts'

export default stepCommand('vm.detach', async () => (await import('../../steps/vm/detach.ts')).vmDetach)
