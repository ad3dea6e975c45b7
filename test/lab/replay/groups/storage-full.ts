import { type Group, inOrder } from '../group.ts'
import type { World } from '../world.ts'
import { recordedNode } from './recorded-machines.ts'

const tiny = 8 * 1024 ** 2
const gone = 'the folder of the storage is a file: nothing that a client could do about'

/** A storage of 8 MiB that fills up, and one that is disabled. */
export const storageFull: Group = {
  name: 'storage-full',
  source: 'recorded-more',
  lab: {
    ...recordedNode,
    storages: [
      { id: 'local', content: ['iso', 'images', 'import', 'snippets', 'vztmpl', 'backup', 'rootdir'] },
      { id: 'isoonly', content: ['iso', 'import'], path: '/var/lib/pve-iso' },
      {
        id: 'tiny',
        content: ['iso', 'images', 'snippets', 'import'],
        path: '/mnt/tiny',
        totalBytes: tiny,
      },
    ],
  },
  order: inOrder('storage-full', [
    ['status-empty', 'upload-too-large', 'create-disk-raw-sparse', 'create-disk-qcow2-metadata'],
    ['create-efidisk/config', 'status-nearly-full', 'upload-fill', 'status-full', 'content'],
    ['create-cloudinit-full', 'create-cloudinit-full/config', 'create-disk-raw-full'],
    ['create-disk-raw-full/config', 'import-from-full'],
    ['disabled-status', 'disabled-list', 'disabled-content', 'disabled-upload', 'disabled-create'],
  ]),
  setUp: (world) => world.file('local', 'import/e.raw', 428_032),
  prepare: {
    'storage-full/create-disk-raw-sparse': destroy,
    'storage-full/create-disk-qcow2-metadata': destroy,
    'storage-full/create-efidisk/config': async (world) => {
      await destroy(world)
      const form = { vmid: 241, memory: 128, bios: 'ovmf', efidisk0: 'tiny:1' }
      await world.run('POST', '/nodes/pve/qemu', form)
    },
    'storage-full/status-nearly-full': async (world) => {
      await destroy(world)
      world.file('tiny', 'iso/fits.iso', 7 * 1024 ** 2)
    },
    // What is left is taken by the file system itself.
    'storage-full/status-full': (world) => void world.lab.faults.add({ storageFull: 'tiny' }),
    'storage-full/import-from-full': destroy,
    'storage-full/disabled-status': async (world) => {
      await destroy(world)
      await world.ask('PUT', '/storage/tiny', { disable: 1 })
    },
  },
  excluded: {
    'storage-full/files-after-failed-upload': 'a listing of a folder of the recording machine',
    'storage-full/path-gone-*': gone,
  },
}

async function destroy(world: World): Promise<void> {
  await world.destroy(241)
}
