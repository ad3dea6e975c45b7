/** disko, install and reboot. */
import { spawn } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { dirname } from 'node:path'
import { type Options, Stop } from './arguments.ts'
import { copyClosure } from './copy-closure.ts'
import type { Remote, RunOptions } from './remote.ts'
import { pace, step, wait } from './say.ts'
import type { ToyClosure } from './toy-closure.ts'

export async function formatDisks(remote: Remote, options: Options, closure: ToyClosure): Promise<void> {
  for (const [path, file] of options.diskKeys) {
    step(`Uploading ${file} to ${path}`)
    const command = `umask 077; mkdir -p "${dirname(path)}"; cat > ${path}`
    await must(remote, command, { input: createReadStream(file) })
  }
  if (options.buildOn === 'remote' && !options.storePaths) step('Building disko script')
  await copyClosure(remote, closure, '', options.buildOn === 'remote' && !options.storePaths)
  step('Formatting hard drive with disko')
  await must(remote, closure.at(-1)?.path ?? '')
}

export async function installSystem(remote: Remote, options: Options, closure: ToyClosure): Promise<void> {
  const remoteBuild = options.buildOn === 'remote' && !options.storePaths
  step(remoteBuild ? 'Building the system closure' : 'Uploading the system closure')
  await copyClosure(remote, closure, '/mnt', remoteBuild)
  if (options.extraFiles !== undefined) {
    step('Copying extra files')
    await copyExtraFiles(remote, options.extraFiles)
  }
  if (options.ownership.length > 0) {
    const lines = options.ownership.map(([path, owner]) => `${path} ${owner}\n`).join('')
    await must(remote, 'while read file owner; do chown -R "$owner" "/mnt/$file"; done', { input: lines })
  }
  step('Installing NixOS')
  const system = closure.at(-1)?.path ?? ''
  await must(remote, 'sh', { input: installScript(system, options.copyHostKeys) })
}

/** The reboot is on its way when SSH stops answering — or, lest a quick boot be missed, when another boot answers. */
export async function reboot(remote: Remote): Promise<void> {
  step('Rebooting')
  const bootId = () => remote.run('cat /proc/sys/kernel/random/boot_id', { capture: true, timeoutMs: 10_000 })
  const before = (await bootId()).stdout
  await must(remote, 'sh', { input: `nohup sh -c 'sleep ${6 * pace()} && reboot' >/dev/null 2>&1 &\n` })
  step('Waiting for the machine to become unreachable due to reboot')
  for (;;) {
    const now = await bootId()
    if (now.exitCode !== 0 || now.stdout !== before) return
    await wait(1)
  }
}

/** The owner becomes root, the modes stay. */
async function copyExtraFiles(remote: Remote, folder: string): Promise<void> {
  const tar = spawn('tar', ['-C', folder, '-cpf-', '.'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const packed = new Promise<number>((resolve) => {
    tar.once('error', () => resolve(127))
    tar.once('close', (code) => resolve(code ?? 1))
  })
  await must(remote, 'tar -C /mnt -xf- --no-same-owner', { input: tar.stdout })
  const status = await packed
  if (status !== 0) throw new Stop('', status)
  await must(remote, 'chmod 755 /mnt')
}

function installScript(system: string, copyHostKeys: boolean): string {
  const keys = `
mkdir -m 755 -p /mnt/etc/ssh
for key in /etc/ssh/ssh_host_*; do
  if [ -e "$key" ] && [ ! -e "/mnt$key" ]; then cp -a "$key" "/mnt$key"; fi
done
`
  return `set -eu
mkdir -p /mnt/tmp
chmod 777 /mnt/tmp
${copyHostKeys ? keys : ''}
nixos-install --no-root-passwd --no-channel-copy --system '${system}'
`
}

/** As in a script under \`set -e\`: the remote command's failure ends everything with its status. */
export async function must(remote: Remote, command: string, options: RunOptions = {}): Promise<void> {
  const { exitCode } = await remote.run(command, options)
  if (exitCode !== 0) throw new Stop('', exitCode === 255 ? 255 : 1)
}
