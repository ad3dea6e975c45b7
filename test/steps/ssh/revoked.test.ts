import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { knownHostsLine } from '../../../src/ssh/address-map.ts'
import { reopen } from '../../../src/steps/nixos/proof.ts'
import { withGuest } from '../../../src/steps/nixos/running.ts'
import type { GuestOptions } from '../../../src/steps/ssh/guest.ts'
import { Guest } from '../../../src/steps/ssh/guest.ts'
import type { Target } from '../../../src/steps/ssh/target.ts'
import { hasSshd, type Sshd, startSshd } from '../../support/sshd.ts'

describe.skipIf(!hasSshd)('a host key that is revoked', () => {
  const never = new AbortController().signal
  // It is known by its address, and Proxmox is not asked.
  const target = { config: {} } as Target
  let server: Sshd
  beforeAll(async () => {
    server = await startSshd('ForceCommand cat >/dev/null; echo end=1')
  })
  afterAll(() => server[Symbol.asyncDispose]())

  /** @param mark of the server's line in the known_hosts file */
  function options(mark: string): GuestOptions {
    const address = { host: '127.0.0.1', port: server.port }
    const file = join(server.folder, `known_hosts${mark}`)
    writeFileSync(file, `${mark} ${knownHostsLine(address, server.hostKey)}\n`)
    return {
      ssh_host: address.host,
      ssh_port: address.port,
      ssh_user: server.user,
      ssh_private_key_file: server.keyFile,
      ssh_generate_key: false,
      ssh_host_key: server.hostKey,
      ssh_known_hosts_file: file,
      ssh_config_file: 'none',
    }
  }

  test('is refused when it is asked what a machine runs, or whether it reboots', async () => {
    const ask = (mark: string) => withGuest(target, options(mark), never, async () => 'let in')
    expect(await ask('')).toBe('let in')
    const from = server.log.length
    expect(await ask('@revoked')).toBeUndefined()
    expect(server.log.slice(from).join('\n')).not.toMatch(/Accepted|Failed/)
  })

  test('is refused when a machine is logged in to again', async () => {
    const guest = new Guest(options('@revoked'), undefined)
    const before = { address: { host: '127.0.0.1', port: server.port }, hostKey: server.hostKey }
    await expect(reopen(guest, before, never)).rejects.toMatchObject({ code: 'SSH_HOST_KEY_REVOKED' })
  })
})
