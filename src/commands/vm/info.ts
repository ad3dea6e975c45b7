import { stepCommand } from '../../cli/step-command.ts'

export default stepCommand('vm.info', async () => (await import('../../steps/vm/info.ts')).vmInfo)
