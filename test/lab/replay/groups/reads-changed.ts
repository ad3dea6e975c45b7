import { type Group, inOrder } from '../group.ts'
import { createDb1, createNixos1, createWeb1, recordedNode } from './recorded-machines.ts'

const snapshots = 'snapshots'

/** What is read after something was changed on a running VM. */
export const readsChanged: Group = {
  name: 'reads-changed',
  source: 'recorded-more',
  lab: recordedNode,
  order: inOrder('reads-changed', [
    ['running-memory-change', 'config-no-current', 'config-current', 'pending'],
  ]),
  setUp: async (world) => {
    await createNixos1(world)
    await createWeb1(world)
    await createDb1(world)
  },
  measured: ['vmgenid'],
  excluded: {
    'reads-changed/snapshot*': snapshots,
    'reads-changed/config-snapshot': snapshots,
    'reads-changed/config-with-snapshot': snapshots,
  },
}
