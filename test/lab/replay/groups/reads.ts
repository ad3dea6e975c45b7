import type { Group, Reasons } from '../group.ts'
import { addEarlierFiles, createDb1, createNixos1, createWeb1, recordedNode } from './recorded-machines.ts'

/** Why reads are left out: for everybody who asked. */
const otherSubsystems: Reasons = {
  'reads/capabilities-cpu*': 'the list of CPU models of QEMU',
  'reads/feature-*': 'snapshots and clones',
  'reads/lxc-list*': 'containers',
  'reads/node-firewall*': 'the firewall',
  'reads/rrddata*': 'statistics over time',
  'reads/subscription*': 'subscriptions',
}

const machineArtefacts: Reasons = {
  'reads/capabilities-machines/root': 'a file of pve-qemu-kvm was missing on the recording machine',
  'reads/capabilities-migration/root': 'what is needed for it was missing on the recording machine',
  'reads/node-time/root': 'the recording machine had no systemd',
}

/** In the status of a node: how that machine had booted, and its processor, kernel and load. */
const hostTraits = [
  ...['data.boot-info', 'data.loadavg', 'data.kversion', 'memory.available'],
  ...['current-kernel.release', 'current-kernel.version'],
  ...['flags', 'hvm', 'mhz', 'model'].map((name) => `cpuinfo.${name}`),
]

/** Reads as root, with few privileges, with none. */
export const reads: Group = {
  name: 'reads',
  source: 'recorded-more',
  lab: {
    ...recordedNode,
    storages: [
      {
        id: 'local',
        content: ['iso', 'images', 'import', 'snippets', 'vztmpl', 'backup', 'rootdir'],
        totalBytes: 270_553_174_016,
      },
      { id: 'isoonly', content: ['iso', 'import'], path: '/var/lib/pve-iso', totalBytes: 270_553_174_016 },
    ],
  },
  setUp: async (world) => {
    await createNixos1(world)
    await createWeb1(world)
    await createDb1(world)
    await world.ask('PUT', '/pools', { poolid: 'pool1', vms: '201', comment: 'test pool' })
    addEarlierFiles(world)
  },
  measured: ['vmgenid', ...hostTraits],
  shapeOnly: {
    'reads/cluster-tasks/root': 'what happened before',
    'reads/node-tasks*': 'what happened before',
  },
  disagreements: {
    'reads/users-full/root': "the lab's own token of root@pam is among his tokens",
  },
  excluded: { ...otherSubsystems, ...machineArtefacts },
}
