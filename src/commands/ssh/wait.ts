import { stepCommand } from '../../cli/step-command.ts'

export default stepCommand('ssh.wait', async () => (await import('../../steps/ssh/wait.ts')).sshWait)
