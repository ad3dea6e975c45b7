import {
  type Properties,
  parseProperties,
  sortedProperties,
  withSwitches,
  writeProperties,
} from '../property-string.ts'
import type { OptionValue } from './option-value.ts'

/** A first value and what belongs to it: `std,memory=32`, `host,flags=+aes`, `1,fstrim_cloned_disks=1`. */
interface Shape {
  /** The key that the first value has, where it stands with one: `type`. */
  readonly firstKey: string
  readonly switches?: readonly string[]
  /** Other names of keys. */
  readonly aliases?: Readonly<Record<string, string>>
  /** Given where the first value is a type that the others belong to: whether `now` is what `wanted` asks for. */
  isType?(now: string, wanted: string): boolean
}

/** `1,fstrim_cloned_disks=1` */
export const agent = listOf({
  firstKey: 'enabled',
  switches: ['enabled', 'fstrim_cloned_disks', 'freeze-fs'],
  aliases: { 'freeze-fs-on-backup': 'freeze-fs', 'guest-fsfreeze': 'freeze-fs' },
})
/** `host,flags=+aes` */
export const cpu = listOf({ firstKey: 'cputype', switches: ['hidden'], isType: isSame })
/** `serial0`, `std,memory=32` */
export const vga = listOf({ firstKey: 'type', isType: isSame })
/** `q35,viommu=virtio` */
export const machine = listOf({
  firstKey: 'type',
  switches: ['enable-s3', 'enable-s4'],
  isType: (now, wanted) => isSame(now, wanted) || isVersionOf(now, wanted),
})
/** `2`, `order=2,up=30` */
export const startup = listOf({ firstKey: 'order' })
/** MiB: `2048`, `current=2048` */
export const memory = listOf({ firstKey: 'current' })

/** What is not asked for stays, unless it belonged to another type. */
function listOf({ firstKey, switches = [], aliases = {}, isType }: Shape): OptionValue<Properties> {
  const names = new Map(Object.entries(aliases))
  const booleans = new Set(switches)
  return {
    parse(text) {
      const properties = [...parseProperties(text.trim(), firstKey)]
      const named = properties.map(([key, value]): [string, string] => [names.get(key) ?? key, value])
      return withSwitches(new Map(named), booleans)
    },
    write: (properties) => writeProperties(sortedProperties(properties), firstKey),
    merge(now, wanted) {
      const [old, asked] = [now.get(firstKey), wanted.get(firstKey)]
      if (isType === undefined || asked === undefined) return new Map([...now, ...wanted])
      if (old === undefined || !isType(old, asked)) return wanted
      return new Map([...now, ...wanted, [firstKey, old]])
    },
  }
}

function isSame(now: string, wanted: string): boolean {
  return now.toLowerCase() === wanted.toLowerCase()
}

/** A version of the family that is asked for: somebody pinned it. */
function isVersionOf(now: string, wanted: string): boolean {
  return { q35: /^pc-q35-\d/, pc: /^pc-(i440fx-)?\d/, virt: /^virt-\d/ }[wanted]?.test(now) ?? false
}
