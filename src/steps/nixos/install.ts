import { NciError } from '../../core/errors.ts'
import { type Context, type Inputs, type Outputs, type Plan, step } from '../../core/step.ts'
import { findNixosAnywhere } from '../../nix/programs.ts'
import { connectProxmox } from '../../proxmox/client.ts'
import { isOurs, type Note, readNote } from '../../proxmox/ownership.ts'
import { findVm } from '../../proxmox/vm-lookup.ts'
import { readVm } from '../../proxmox/vms.ts'
import type { Target } from '../ssh/wait.ts'
import { assertNobodyAtWork } from './engine.ts'
import { Installation } from './installation.ts'
import { LogFile } from './log-file.ts'
import { assertInstallable } from './preflight.ts'
import { installerBoot, rebootInstaller, waitForReboot } from './reboot.ts'
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
  if (note !== undefined) assertNobodyAtWork(summary.vmid, note)
  const installed = note?.installed
  const running = status === 'running'
  const left = installed && (await leftToDo(input, context, target, { installed, running }))
  if (installed !== undefined && left !== 'install') {
    const output = await finishedOutput(input, target, installed)
    if (left === 'nothing') return { changed: false, output }
    const reboot = { what: `VM ${summary.vmid}`, after: 'rebooted into the installed system' }
    return {
      changed: left === 'reboot',
      diff: left === 'reboot' ? [reboot] : [],
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

/** What there is to do about a system that was installed already: it stays, unless it is told to go. */
async function leftToDo(
  input: Input,
  context: Context,
  target: Target,
  { installed, running }: { readonly installed: Installed; readonly running: boolean },
): Promise<'nothing' | 'proof' | 'reboot' | 'install'> {
  const { proved, rebooted = false, boot } = installed
  if (proved !== undefined || (!rebooted && input.reinstall)) return input.reinstall ? 'install' : 'nothing'
  if (!input.reboot && !(rebooted && input.reinstall)) return 'nothing'
  const found = running ? await installerBoot(input, context, target) : undefined
  if (found === undefined) return rebooted && input.reboot ? 'proof' : 'nothing'
  // In another boot of the installer: it was booted from the ISO again, because the system does not come up.
  if (rebooted && found !== boot) return 'install'
  return input.reboot ? 'reboot' : 'nothing'
}

/** What is left of an installation whose run was killed while the machine rebooted. */
async function carryOn(
  input: Input,
  context: Context,
  target: Target,
  { system, host_key: hostKey, flake, boot }: Installed,
): Promise<Output> {
  await rebootInstaller(input, context, target)
  const { proof, phase } = await waitForReboot({ input, context, target }, { system, hostKey, flake, boot })
  return systemOutput(input, target, { ...proof, phases: [phase], program: undefined, logFile: undefined })
}
