import { stepCommand } from '../../cli/step-command.ts'

export default stepCommand(
  'nixos.install',
  async () => (await import('../../steps/nixos/install.ts')).nixosInstall,
)
