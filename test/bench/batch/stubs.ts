/**
 * What a batch does inside of guests, as waiting times: the benchmark measures everything else. Whatever it says to Proxmox
 * is the real thing: the notes of the installation are written.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { step } from '../../../src/core/step.ts'
import { connectProxmox } from '../../../src/proxmox/client.ts'
import { updateNote } from '../../../src/proxmox/note-store.ts'
import type { Proof } from '../../../src/steps/nixos/proof.ts'

const { boot, install } = JSON.parse(process.env.BENCH_BATCH ?? '{}') as Record<string, number>
const hostKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBENCHBENCHBENCHBENCHBENCHBENCHBENCHBENCHBEN'
const system = '/nix/store/00000000000000000000000000000000-nixos-system-bench'

export const sshWait = step('ssh.wait', async (input) => ({
  changed: false,
  diff: [],
  expected: {},
  async apply() {
    await sleep(boot)
    const { vmid = 0, node = '' } = input
    return { host: '192.0.2.1', port: 22, user: 'root', vmid, node, host_key: hostKey } as never
  },
}))

export const nixosInstall = step('nixos.install', async (input, context) => ({
  changed: true,
  diff: [],
  expected: {},
  async apply() {
    const { vmid = 0, node = '', name = '' } = input
    const client = connectProxmox(input, context)
    const note = (change: object): Promise<void> =>
      updateNote(client, context, { vmid, node, name }, (known) => ({ ...known, ...change }))
    await note({ disks: ['/dev/sda'] })
    await sleep(install)
    await note({ disks: undefined, installed: { at: new Date().toISOString(), system, host_key: hostKey } })
    return { system, host_key: hostKey } as never
  },
}))

export async function proveSystem(): Promise<Proof> {
  await sleep(boot)
  return { system, hostKey, address: { host: '192.0.2.1', port: 22 }, user: 'root', state: 'running' }
}

export const assertInstallable = (): void => undefined
export const isBuiltHere = (): boolean => false
