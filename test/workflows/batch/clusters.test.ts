import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { succeeded } from '../provisioned.ts'
import {
  type BatchBox,
  create,
  endings,
  expectAllProvisioned,
  openBatchBox,
  requests,
  upload,
} from './batch-box.ts'

/** Variables of a host that is on the cluster of another box. */
function onClusterOf({ environment }: BatchBox): Record<string, unknown> {
  return {
    proxmox_api_host: environment.PROXMOX_HOST,
    proxmox_api_token_id: environment.PROXMOX_TOKEN_ID,
    proxmox_api_token_secret: environment.PROXMOX_TOKEN_SECRET,
    proxmox_api_fingerprint: environment.PROXMOX_FINGERPRINT,
  }
}

test.concurrent('hosts of two clusters whose nodes, storages and VMs have the same names are told apart', async () => {
  await using box = await openBatchBox({ hosts: ['web1', 'other1'] })
  await using other = await openBatchBox({ hosts: [] })
  // The very same document, but for the cluster and the flake.
  const networks = [{ bridge: 'vmbr0', ip: '192.0.2.101/24', gateway: '192.0.2.1' }]
  const twin = { name: 'web1', vmid: 101, node: 'pve1', networks }
  const ssh_address_map = other.environment.NCI_SSH_ADDRESS_MAP
  box.write({ other1: { ...twin, ssh_address_map } }, { other1: onClusterOf(other) })
  const first = await box.run([...box.words, '--limit', 'web1'])
  expect(endings(first), first.stderr).toEqual({ web1: 'changed' })
  // In the listing it looks like the one that is done.
  const { flake: _, iso_path: __, ...values } = box.host
  const key = readFileSync(`${box.environment.NCI_SSH_PRIVATE_KEY_FILE}.pub`, 'utf8').trim()
  const vm = { ...values, ...twin, cloud_init: true, ssh_public_keys: [key] }
  succeeded(await other.run(['vm', 'create'], { input: vm }))
  succeeded(await other.run(['vm', 'start'], { input: { vmid: 101 } }))

  const second = await box.run(box.words)
  const all = { web1: 'unchanged', other1: 'changed' }
  expect(endings(second), second.stderr).toEqual(all)
  expectAllProvisioned(box, ['web1'])
  expectAllProvisioned(other, ['other1'])
  expect([box, other].map((one) => requests(one, upload))).toEqual([1, 1])
  expect([box, other].map((one) => requests(one, create))).toEqual([1, 1])

  const before = [box, other].map(({ lab }) => lab.requests.length)
  const third = await box.run(box.words)
  expect(third.document).toMatchObject({ ok: true, changed: false })
  for (const [index, { lab }] of [box, other].entries())
    expect(lab.requests.slice(before[index]).map(({ path }) => path)).toEqual(['/cluster/resources'])
})

/** That a VM was created with its ISO is enough. */
const faults = [{ task: 'qmstart', action: { fail: 'no more is needed' } }] as const

test.concurrent('of two clusters that look alike each gets its own ISO', async () => {
  await using box = await openBatchBox({ hosts: ['here1', 'there1'], faults })
  await using other = await openBatchBox({ hosts: [], faults })
  const ssh_address_map = other.environment.NCI_SSH_ADDRESS_MAP
  box.write({ there1: { node: 'pve1', ssh_address_map } }, { there1: onClusterOf(other) })
  const end = await box.run(box.words)
  expect(Object.values(endings(end)), end.stderr).toEqual(Array(2).fill('failed PVE_TASK_FAILED'))
  expect([box, other].map((one) => requests(one, upload))).toEqual([1, 1])
  expect([box.vmids(), other.vmids()]).toEqual([[101], [102]])
})

test.concurrent('to a storage that all nodes share the ISO is brought once', async () => {
  const names = ['web1', 'web2']
  const storages = [
    { id: 'local', content: ['iso', 'images', 'snippets'] },
    { id: 'local-lvm', type: 'lvmthin', content: ['images'] },
    { id: 'isos', type: 'nfs', content: ['iso'], shared: true },
  ] as const
  await using box = await openBatchBox({ hosts: names, storages, faults })
  box.write(Object.fromEntries(names.map((name) => [name, { iso_storage: 'isos' }])))
  const end = await box.run(box.words)
  expect(Object.values(endings(end)), end.stderr).toEqual(Array(2).fill('failed PVE_TASK_FAILED'))
  for (const vmid of [101, 102]) expect(box.config(vmid)).toMatch(/isos:iso\//)
  expect(requests(box, /^POST \/nodes\/\w+\/storage\/\w+\/upload$/)).toBe(1)
})
