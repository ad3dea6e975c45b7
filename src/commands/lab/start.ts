import { writeOut } from '../../cli/output.ts'
import { LabCommand, labFlags } from './lab-command.ts'

export default class LabStart extends LabCommand {
  static override summary = 'Run an embedded Proxmox VE with simulated guests until Ctrl-C.'
  static override description =
    'Prints the variables that point `nci`, Ansible or any other client to it. Everything it does stays in its folder.'
  static override examples = [
    '# in one terminal\n<%= config.bin %> lab start --folder /tmp/lab',
    '# in another\n. /tmp/lab/environment && nci provision --input /tmp/lab/host.json',
  ]
  static override flags = labFlags

  override async run(): Promise<void> {
    const { flags } = await this.parse(LabStart)
    const signal = this.signal()
    await using sandbox = await this.open(flags)
    await writeOut(`# Proxmox VE (simulated by the lab) at ${sandbox.lab.url}
# user ${sandbox.lab.user}, password ${sandbox.lab.password}; folder ${sandbox.folder}
# point a shell to it:  . ${sandbox.folder}/environment
# a host to provision:  nci provision --input ${sandbox.hostFile}
`)
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
  }
}
