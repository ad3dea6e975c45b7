import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { generateHostKey, publicKeyOf } from '../../../src/lab/simulated/host-key.ts'

it('makes host keys that OpenSSH reads', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lab-key-'))
  const { privateKey, publicKey } = generateHostKey('root@nixos')
  await writeFile(join(folder, 'key'), privateKey, { mode: 0o600 })
  const { stdout } = spawnSync('ssh-keygen', ['-y', '-f', join(folder, 'key')], { encoding: 'utf8' })
  await rm(folder, { recursive: true })
  expect(stdout.trim()).toBe(publicKey)
})

it('makes host keys that sshd of the guest reads, every time', () => {
  for (let round = 0; round < 1000; round++) {
    const { privateKey, publicKey } = generateHostKey('root@nixos')
    expect(publicKeyOf(privateKey, 'root@nixos')).toBe(publicKey)
  }
})
