// Generated from schemas/ by `npm run generate`; do not edit.

import { stepCommand } from '../../cli/step-command.ts'

const load = async () => (await import('../../steps/vm/destroy.ts')).vmDestroy

export default stepCommand('vm.destroy', load)
