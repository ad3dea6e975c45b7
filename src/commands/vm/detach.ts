// Generated from schemas/ by `npm run generate`; do not edit.

import { stepCommand } from '../../cli/step-command.ts'

const load = async () => (await import('../../steps/vm/detach.ts')).vmDetach

export default stepCommand('vm.detach', load)
