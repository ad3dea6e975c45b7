import { writeOut } from '../../cli/output.ts'
import { guestFlags, LabCommand, labFlags } from './lab-command.ts'

export default class LabStart extends LabCommand {
  static override summary = 'Run an embedded Proxmox VE until Ctrl-C.'
  static override description =
    `Prints the variables that point \`nci\`, Ansible or any other client to it. Everything it does stays in its folder.

Its guests are simulated, which needs nothing and takes a moment; or real (\`--guests qemu\`): QEMU boots the ISO, cloud-init reads its drive, and the disks' images are in the folder. They use the hardware's virtualisation where it works, and are emulated where it does not, which takes minutes. Each one's console is in DIR/pve/guests/VMID/serial.log. All of them end with the lab.

Users, tokens, roles, access rights and pools that are made through its API are kept there, too; or they stand in the file of --config. A token that may do no more than look at VMs and switch them on and off, for example:

  {"users": [{"id": "ci@pve"}],
   "tokens": [{"id": "ci@pve!nci", "secret": "3c1f1f5e-0000-4000-8000-000000000000"}],
   "roles": {"Operator": ["VM.Audit", "VM.PowerMgmt"]},
   "acl": [{"path": "/vms", "id": "ci@pve", "role": "Operator"}]}

A user with "password" and "totp" (a secret in base32) has to log in with a code. What goes wrong stands in "faults":

  {"path": "/nodes/*/qemu", "method": "POST", "times": 1, "action": {"answer": {"status": 500, "reason": "got timeout"}}}
  {"path": "/nodes/*/storage/*/upload", "action": {"drop": "upload", "bytes": 1000000}}
  {"task": "qmstart", "action": {"fail": "out of memory"}}      also "hang", "kill", "warnings", "delayMs"
  {"nodeDown": "pve2"}      answers 595; with "how": "refused" or "timeout"
  {"noQuorum": true}        nothing that the nodes share can be written
  {"storageFull": "local"}  {"vmLock": "backup", "vmid": 100}  {"vmidRace": true, "times": 1}`
  static override examples = [
    '# in one terminal\n<%= config.bin %> lab start --folder /tmp/lab',
    '# in another\n. /tmp/lab/environment && nci provision --input /tmp/lab/host.json',
    '# with real guests, which boot an ISO of yours\n<%= config.bin %> lab start --folder /tmp/lab --guests qemu --guest-memory 3072\n. /tmp/lab/environment && nci provision --input /tmp/lab/host.json --iso-path installer.iso --flake .#web1',
  ]
  static override flags = { ...labFlags, ...guestFlags }

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
