import { type Group, inOrder } from '../group.ts'

const linked = 'clones that share the disks of a template are not emulated'

/** Creating machines, and what becomes of them: clones, templates. */
export const create: Group = {
  name: 'create',
  source: 'recorded-more',
  setUp: async (world) => {
    world.isosAndSnippets()
    await world.create(100, { memory: 768, name: 'nixos1', serial0: 'socket' })
    await world.create(201, { name: 'db1', cores: 2, scsi0: 'local:1,format=qcow2', pool: 'pool1' })
  },
  order: inOrder('create', [
    ['minimal', 'full', 'pool-members-after', 'config-protected-disk-remove', 'template-protected'],
    ['bridge-unknown', 'template-1', 'lock-given', 'disk-second-missing-volume'],
    ['live-restore-without-archive', 'storage-param', 'vmgenid-1', 'vmgenid-0', 'boot-default-with-disk'],
    ['tags-mixed', 'clone', 'clone-config', 'clone-existing-id', 'clone-target-storage-unknown'],
    ['template', 'template-again', 'template-config', 'template-start', 'clone-linked'],
    ['clone-linked-with-storage', 'template-list', 'template-content', 'destroy-template-in-use'],
  ]),
  // Each create of that id was cleared away.
  before: (world) => world.destroy(223),
  excluded: {
    'create/clone-linked': linked,
    'create/template-list': linked,
    'create/template-content': linked,
    'create/destroy-template-in-use': linked,
  },
  disagreementsIn8: {
    'create/pool-members-after': 'shows statistics from before the machine was complete',
  },
  prepare: {
    'create/clone': (world) =>
      world.create(224, { name: 'tpl', memory: 256, kvm: 0, tags: 't', scsi0: 'local:1,format=qcow2' }),
  },
}
