import { expect, test } from 'vitest'
import { readCluster, requireStorage } from '../../src/proxmox/cluster.ts'
import { connect, json, serve } from '../support/proxmox-server.ts'

const storage = (id: string, status: string, content = 'iso,images') => ({
  ...{ type: 'storage', id: `storage/pve/${id}`, node: 'pve', storage: id, plugintype: 'nfs' },
  ...{ status, content, shared: 1, disk: 1024, maxdisk: 4096 },
})

test('a storage that is not active is none: nothing can be put there', async () => {
  const rows = [storage('nas', 'available'), storage('gone', 'unknown')]
  const { port } = await serve((_, response) => json(response, rows))
  const cluster = await readCluster(connect(port).client)
  expect(cluster.storages).toEqual([
    {
      ...{ storage: 'nas', node: 'pve', type: 'nfs', content: ['iso', 'images'] },
      ...{ shared: true, available: 3072, total: 4096 },
    },
  ])
  const wanted = { node: 'pve', content: 'iso' as const, property: 'storage' }
  expect(requireStorage(cluster, { ...wanted, storage: 'nas' })).toBe(cluster.storages[0])
  expect(() => requireStorage(cluster, { ...wanted, storage: 'gone' })).toThrow(
    expect.objectContaining({
      code: 'PVE_STORAGE_UNKNOWN',
      details: expect.objectContaining({ storages: 'nas' }),
    }),
  )
})
