import { NciError } from '../../core/errors.ts'
import { type Context, type Inputs, type Outputs, type Plan, step } from '../../core/step.ts'
import { findNixosAnywhere } from '../../nix/programs.ts'
import { connectProxmox } from '../../proxmox/client.ts'
import { isOurs, type Note, readNote } from '../../proxmox/ownership.ts'
import { findVm } from '../../proxmox/vm-lookup.ts'
import { readVm } from '../../proxmox/vms.ts'
import type { Target } from '../ssh/wait.ts'
import { Installation } from './installation.ts'
import { LogFile } from './log-file.ts'
import { assertInstallable } from './preflight.ts'
import { rebootInstaller, waitForReboot } from './reboot.ts'
import { finishedOutput, systemOutput } from './result.ts'

type Input = Inputs['nixos.install']
type Output = Outputs['nixos.install']

/** Installs NixOS on the machine that runs the installer, and proves that it is there. */
export const nixosInstall = step('nixos.install', async (input, context): Promise<Plan<Output>> => {
  assertInstallable(input, 'nixos.install')
  const client = connectProxmox(input, context)
  const { vm: summary, status } = await findVm(client, context, input)
  const { current: config } = await readVm(client, summary)
  const target: Target = { client, summary, config }
  const note = isOurs(config) ? readNote(config) : undefined
  // A system that this tool installed stays: to install it anew, its VM is destroyed, or booted into the installer.
  if (note?.installed !== undefined && (!input.reinstall || isOnItsWay(note.installed))) {
    const { installed } = note
    const output = finishedOutput(input, target, installed)
    if (!isOnItsWay(installed) || !input.reboot) return { changed: false, output }
    return {
      changed: false,
      diff: [],
      expected: output,
      apply: () => carryOn(input, context, target, installed),
    }
  }
  return {
    changed: true,
    diff: [{ what: `system of VM ${summary.vmid}`, after: input.store_paths?.system ?? input.flake }],
    expected: { vmid: summary.vmid, node: summary.node, port: input.ssh_port, rebooted: input.reboot },
    async apply() {
      if (status !== 'running') throw new NciError('PVE_VM_NOT_RUNNING', { vmid: summary.vmid })
      await using log = input.log_file === undefined ? undefined : new LogFile(input.log_file, context.redact)
      const program = findNixosAnywhere(input.nixos_anywhere)
      log?.begin(input, program)
      try {
        const output = await new Installation({ input, context, target, note, program, log }).run()
        log?.end('installed', output)
        return output
      } catch (error) {
        log?.end('failed', error)
        throw error
      }
    },
  }
})

type Installed = NonNullable<Note['installed']>

/** An earlier run had it reboot into the new system, and did not live to see that. */
function isOnItsWay({ rebooted, proved }: Installed): boolean {
  return rebooted === true && proved === undefined
}

/** What is left of an installation whose run was killed while the machine rebooted. */
async function carryOn(
  input: Input,
  context: Context,
  target: Target,
  { system, host_key: hostKey, flake }: Installed,
): Promise<Output> {
  await rebootInstaller(input, context, target)
  const { proof, phase } = await waitForReboot({ input, context, target }, { system, hostKey, flake })
  return systemOutput(input, target, { ...proof, phases: [phase], program: undefined, logFile: undefined })
}
