import type { Group } from '../group.ts'
import type { Exchange } from '../recordings.ts'
import type { World } from '../world.ts'

/** Values of options on a stopped VM. */
export const config: Group = {
  name: 'config',
  source: 'recorded-more',
  setUp: async (world) => {
    await world.create(220, { memory: 512, name: 'c2', net0: 'virtio,bridge=vmbr0' })
  },
  before: restoreWhatARefusalLeft,
  prepare: {
    'config/digest-right': async (world) => {
      await world.ask('PUT', '/nodes/pve/qemu/220/config', { name: 'before' })
      await knowDigest(world, '7606047bb84ecf87312de9d76976edde7870ea2a')
    },
    'config/digest-same-value-write': (world) =>
      knowDigest(world, '11a666ddfd712976e29b1d696f1d6d1d9df0347e'),
  },
}

/** The recorded digest is that of the configuration as it is now. */
async function knowDigest(world: World, recorded: string): Promise<void> {
  world.known.set(recorded, String((await world.config(220))?.digest))
}

/** What a refused change left as it was is what was there before. */
async function restoreWhatARefusalLeft(world: World, { response }: Exchange): Promise<void> {
  const afterwards = response['config-afterwards']
  if (afterwards === undefined || afterwards === null) return
  if (response['status-line'] === 'HTTP/1.1 200 OK') return
  const there = await world.config(220)
  const missing = Object.entries(afterwards).filter(([name, value]) => value === '(absent)' && there?.[name])
  if (missing.length > 0) {
    await world.ask('PUT', '/nodes/pve/qemu/220/config', { delete: missing.map(([name]) => name).join() })
  }
  const set = Object.entries(afterwards).filter(
    ([name, value]) => value !== '(absent)' && value !== there?.[name],
  )
  if (set.length > 0) {
    await world.ask('PUT', '/nodes/pve/qemu/220/config', Object.fromEntries(set) as Record<string, string>)
  }
}
