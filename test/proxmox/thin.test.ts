import { expect, test } from 'vitest'
import { connectProxmox } from '../../src/proxmox/client.ts'
import { thinStorages } from '../../src/proxmox/thin.ts'
import { newLab } from '../lab/new-lab.ts'
import { connectionTo } from '../support/connection.ts'
import { recordingContext } from '../support/context.ts'

test('storages are thin or thick by their type and their settings', async () => {
  const { lab } = await newLab()
  const data = [
    { storage: 'vg', type: 'lvm' },
    { storage: 'pool', type: 'lvmthin' },
    { storage: 'tank', type: 'zfspool' },
    { storage: 'sparse', type: 'zfspool', sparse: 1 },
    { storage: 'files', type: 'dir' },
    { storage: 'full', type: 'dir', preallocation: 'full' },
    { storage: 'plugin', type: 'linstor' },
  ]
  lab.faults.add({
    path: '/storage',
    action: { answer: { status: 200, reason: 'OK', body: JSON.stringify({ data }) } },
  })
  const context = recordingContext()
  await using _resources = context.resources
  const client = connectProxmox(
    {
      ...connectionTo(lab),
      validate_certs: true,
      api_timeout: 30,
    },
    context,
  )
  expect(Object.fromEntries(await thinStorages(client))).toEqual({
    vg: false,
    pool: true,
    tank: false,
    sparse: true,
    files: true,
    full: false,
  })
})
