import { stepCommand } from '../../cli/step-command.ts'

export default stepCommand('iso.upload', async () => (await import('../../steps/iso/upload.ts')).isoUpload)
