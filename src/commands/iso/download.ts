import { stepCommand } from '../../cli/step-command.ts'

export default stepCommand(
  'iso.download',
  async () => (await import('../../steps/iso/download.ts')).isoDownload,
)
