// Generated from schemas/ by `npm run generate`; do not edit.

import { stepCommand } from '../../cli/step-command.ts'

const load = async () => (await import('../../steps/nixos/install.ts')).nixosInstall

export default stepCommand('nixos.install', load)
