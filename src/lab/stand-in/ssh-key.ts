/** The first phase: a key that logs in, tried for ever. What `ssh-copy-id` prints is printed here. */
import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { Stop } from './arguments.ts'
import type { Remote } from './remote.ts'
import { say, step, wait } from './say.ts'

export async function uploadSshKey(
  remote: Remote,
  keyFile: string,
  identity: string | undefined,
): Promise<void> {
  const publicFile = `${keyFile}.pub`
  if (identity === undefined) keygen(['-q', '-t', 'ed25519', '-f', keyFile, '-P', '', '-C', 'nixos-anywhere'])
  else {
    try {
      copyFileSync(identity, keyFile)
    } catch {
      throw new Stop(`cp: cannot stat '${identity}': No such file or directory`)
    }
    chmodSync(keyFile, 0o600)
    writeFileSync(publicFile, keygen(['-y', '-f', keyFile]))
  }
  step('Uploading install SSH keys')
  while (!(await copyId(remote, publicFile))) await wait(3)
}

function keygen(args: readonly string[]): string {
  const { status, stdout } = spawnSync('ssh-keygen', args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (status !== 0) throw new Stop('', status ?? 1)
  return stdout
}

/** Whether the key is on the target afterwards. */
async function copyId(remote: Remote, publicFile: string): Promise<boolean> {
  const name = 'ssh-copy-id'
  say(`${name}: INFO: Source of key(s) to be installed: "${publicFile}"`)
  say(`${name}: INFO: attempting to log in with the new key(s), to filter out any that are already installed`)
  const login = await remote.run('exit', {
    capture: true,
    quiet: true,
    sshOptions: [
      '-o',
      'ConnectTimeout=10',
      '-o',
      'LogLevel=INFO',
      '-o',
      'PreferredAuthentications=publickey',
    ],
  })
  if (login.exitCode === 0) {
    say(`\n${name}: WARNING: All keys were skipped because they already exist on the remote system.`)
    say('\t\t(if you think this is a mistake, you may want to use -f option)\n')
    return true
  }
  if (!login.stderr.includes('Permission denied')) {
    const lines = login.stderr.split('\n').filter((line) => !line.startsWith('Warning: Permanently added'))
    say(`\n${name}: ERROR: ${lines.join('\nERROR: ').replace(/\nERROR: $/, '')}\n`)
    return false
  }
  say(
    `${name}: INFO: 1 key(s) remain to be installed -- if you are prompted now it is to install the new keys`,
  )
  const installed = await remote.run('mkdir -p ~/.ssh && chmod 700 ~/.ssh && cat >> ~/.ssh/authorized_keys', {
    input: readFileSync(publicFile),
    sshOptions: ['-o', 'IdentitiesOnly=no', '-o', 'ConnectTimeout=10'],
  })
  return installed.exitCode === 0
}
