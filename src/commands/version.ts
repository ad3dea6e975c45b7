import { Command, Flags } from '@oclif/core'
import { writeOut } from '../cli/output.ts'
import { protocol } from '../core/protocol.ts'

export default class Version extends Command {
  static override summary = 'Print the version, and the number of the JSON protocol.'
  static override examples = ['<%= config.bin %> version', '<%= config.bin %> version --json']
  static override flags = { json: Flags.boolean({ description: 'Print one JSON object.' }) }

  override async run(): Promise<void> {
    const { flags } = await this.parse(Version)
    const { version } = this.config
    const { node } = process.versions
    await writeOut(
      flags.json
        ? `${JSON.stringify({ version, protocol, node })}\n`
        : `nci ${version} (protocol ${protocol}, Node ${node})\n`,
    )
  }
}
