// Generated from schemas/ by `npm run generate`; do not edit.

import { stepCommand } from '../../cli/step-command.ts'

const load = async () => (await import('../../steps/vm/create.ts')).vmCreate

export default stepCommand('vm.create', load)
