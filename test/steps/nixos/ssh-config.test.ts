import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loginOutput } from '../../../src/steps/nixos/result.ts'
import { temporaryFolder } from '../../support/folder.ts'

const input = { age_recipient: false, ssh_config: true, ssh_user: 'root', ssh_config_file: 'none' }
const about = { name: 'web1', address: { host: '2001:db8::7', port: 2222 }, hostKey: 'ssh-ed25519 AAAA' }

async function entry(options: Readonly<Record<string, string>>): Promise<string | undefined> {
  return (await loginOutput({ ...input, ...options }, about)).ssh_config
}

test('an entry for ssh_config says whom, where, and which key is asked for', async () => {
  expect(await entry({ ssh_private_key_file: '/keys/a b', system_ssh_user: 'admin' })).toBe(
    `# known_hosts: [2001:db8::7]:2222 ssh-ed25519 AAAA
Host web1
  HostName 2001:db8::7
  Port 2222
  User admin
  IdentityFile "/keys/a b"
  HostKeyAlgorithms ssh-ed25519
`,
  )
})

test('it leads through the hosts that were jumped through', async () => {
  const hosts = 'a@one:2222,[2001:db8::2]'
  expect(await entry({ ssh_proxy_jump: hosts })).toContain(`\n  ProxyJump ${hosts}\n`)
})

test('it leads as the configuration has it for the address, which knows nothing of the name', async () => {
  using folder = temporaryFolder()
  const ssh_config_file = join(folder.path, 'config')
  writeFileSync(ssh_config_file, 'Host 2001:db8:*\n  ProxyCommand nc -X 5 %h %p\n')
  expect(await entry({ ssh_config_file })).toContain('\n  ProxyCommand nc -X 5 %h %p\n')
  expect(await entry({ ssh_config_file, ssh_proxy_jump: 'none' })).not.toContain('Proxy')
})
