// Generated from schemas/ by `npm run generate`; do not edit.

import { stepCommand } from '../../cli/step-command.ts'

const load = async () => (await import('../../steps/iso/build.ts')).isoBuild

export default stepCommand('iso.build', load)
