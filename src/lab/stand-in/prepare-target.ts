/** Before the disks are touched: what the target is, and (for a system that is no installer) kexec. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { abort, type Options, Stop } from './arguments.ts'
import type { Remote } from './remote.ts'
import { say, step } from './say.ts'

export type Facts = Readonly<Record<string, string>>

const factsScript = `
has() { if command -v "$1" >/dev/null 2>&1; then echo y; else echo n; fi; }
. /etc/os-release
case " $ID $ID_LIKE " in *" nixos "*) nixos=y ;; *) nixos=n ;; esac
if [ "$nixos-$VARIANT_ID" = y-installer ]; then installer=y; else installer=n; fi
if [ "$(id -u)" -eq 0 ]; then root=y; else root=n; fi
echo "isOs=$(uname)"
echo "isArch=$(uname -m)"
echo "isNixos=$nixos"
echo "isInstaller=$installer"
echo "isRoot=$root"
for tool in tar cpio sudo setsid wget curl; do echo "has_$tool=$(has $tool)"; done
`

export async function gatherFacts(remote: Remote): Promise<Facts> {
  step('Gathering machine facts')
  const { exitCode, stdout } = await remote.run('enableDebug= sh --', {
    input: factsScript,
    capture: true,
    sshOptions: ['-o', 'ConnectTimeout=10'],
  })
  if (exitCode !== 0) throw new Stop('')
  const facts: Facts = Object.fromEntries(
    [...stdout.matchAll(/^(\w+)=(\S+)$/gm)].map(([, name = '', value = '']) => [name, value]),
  )
  if (Object.keys(facts).length === 0) {
    throw abort(
      'Retrieving host facts via SSH failed. Check with --debug for the root cause, unless you have done so already',
    )
  }
  if (facts.has_tar !== 'y') throw abort('no tar command found, but required to unpack kexec tarball')
  if (facts.has_cpio !== 'y') throw abort('no cpio command found, but required to build the new initrd')
  if (facts.has_setsid !== 'y') {
    throw abort(
      'no setsid command respecting --wait found, but required to run the kexec script under a new session',
    )
  }
  if (facts.isOs !== 'Linux') {
    throw abort(`This script requires Linux as the operating system, but got ${facts.isOs}`)
  }
  return facts
}

/** Nothing to do for an installer. Simulated guests have no way into another kernel: it fails as without a network. */
export async function runKexec(remote: Remote, facts: Facts, options: Options): Promise<void> {
  if (facts.isInstaller === 'y' && !options.forceKexec) return
  step('Switching system into kexec')
  const log = [
    'Downloading kexec tarball, this may take a moment...',
    'curl: (6) Could not resolve host: github.com',
    'tar: Error is not recoverable: exiting now',
  ]
  await remote.run(
    `printf '%s\\n' ${log.map((line) => `'${line}'`).join(' ')} 'Kexec may have failed - check output above'`,
  )
  say(['Remote output log:', ...log, 'Kexec failed'].join('\n'))
  throw new Stop('')
}

export async function generateHardwareConfig(
  remote: Remote,
  config: NonNullable<Options['hardwareConfig']>,
): Promise<void> {
  const facter = config.backend === 'nixos-facter'
  step(
    facter
      ? 'Generating facter.json using nixos-facter'
      : 'Generating hardware-configuration.nix using nixos-generate-config',
  )
  const command = facter ? 'nixos-facter' : 'nixos-generate-config --show-hardware-config --no-filesystems'
  const { exitCode, stdout } = await remote.run(command, {
    capture: true,
    sshOptions: ['-o', 'ConnectTimeout=10'],
  })
  if (exitCode !== 0) throw new Stop('', exitCode)
  mkdirSync(dirname(config.path), { recursive: true })
  writeFileSync(config.path, stdout)
}
