import { stepCommand } from '../../cli/step-command.ts'

export default stepCommand('vm.start', async () => (await import('../../steps/vm/start.ts')).vmStart)
