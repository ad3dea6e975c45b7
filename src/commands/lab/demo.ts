import { runInteractively } from '../../cli/child.ts'
import { writeOut } from '../../cli/output.ts'
import { LabCommand, labFlags } from './lab-command.ts'

/** Slow enough to be watched, quick enough not to bore. */
const watchable = {
  latency: { createMs: 1200, startMs: 600, stopMs: 500, uploadBytesPerSecond: 24 * 1024 * 1024 },
  guestLatency: { port: 1500, banner: 500, keys: 1500, cloudInit: 500, install: 1500, copy: 250 },
  pace: 0.2,
}

export default class LabDemo extends LabCommand {
  static override summary = 'Provision a host on an embedded Proxmox VE, to see how it goes.'
  static override description =
    'The API, the uploads and the SSH connections are real; the Proxmox server, the machine and Nix are simulated. Nothing outside the lab’s folder is touched.'
  static override examples = ['<%= config.bin %> lab demo']
  static override flags = labFlags

  override async run(): Promise<void> {
    const { flags } = await this.parse(LabDemo)
    this.signal()
    await using sandbox = await this.open(flags, watchable)
    await writeOut(`A simulated Proxmox VE runs at ${sandbox.lab.url}. Provisioning a host on it:

  nci provision --input ${sandbox.hostFile}

`)
    const nci = [process.argv[1] ?? '', 'provision', '--input', sandbox.hostFile]
    process.exitCode = await runInteractively(process.execPath, nci, {
      ...process.env,
      ...sandbox.environment,
    })
    const end =
      flags.folder === undefined
        ? 'The lab ends here, and its folder goes with it. One that stays, to look around in'
        : 'The lab ends here; its folder stays. To go on with it'
    await writeOut(`\n${end}:\n\n  nci lab start --folder ${flags.folder ?? '/tmp/lab'}\n`)
  }
}
