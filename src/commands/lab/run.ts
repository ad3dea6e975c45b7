import { runInteractively } from '../../cli/child.ts'
import { NciError } from '../../core/errors.ts'
import { guestFlags, LabCommand, labFlags } from './lab-command.ts'

export default class LabRun extends LabCommand {
  static override summary = 'Run a command against an embedded Proxmox VE that lives as long as the command.'
  static override examples = [
    '<%= config.bin %> lab run -- nci vm info --name web1',
    '<%= config.bin %> lab run --folder /tmp/lab -- sh -c \'nci provision --input "$NCI_LAB/host.json"\'',
  ]
  static override usage = 'lab run [FLAGS] -- COMMAND...'
  static override flags = { ...labFlags, ...guestFlags }
  static override strict = false

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(LabRun)
    const [file, ...rest] = argv as string[]
    if (file === undefined)
      throw new NciError('USAGE', { reason: 'No command was given', help: 'nci lab run --help' })
    this.signal()
    await using sandbox = await this.open(flags)
    const environment = { ...process.env, ...sandbox.environment, NCI_LAB: sandbox.folder }
    process.exitCode = await runInteractively(file, rest, environment)
  }
}
