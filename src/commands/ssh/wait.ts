// Generated from schemas/ by `npm run generate`; do not edit.

import { stepCommand } from '../../cli/step-command.ts'

const load = async () => (await import('../../steps/ssh/wait.ts')).sshWait

export default stepCommand('ssh.wait', load)
