/**
 * Proxmox's property strings: `local-lvm:vm-101-disk-0,discard=on,size=32G`, `order=scsi0;ide2`,
 * `virtio=BC:24:11:…,bridge=vmbr0`. One value may stand without its key; Proxmox writes it first.
 */
export type Properties = ReadonlyMap<string, string>

/** @param firstKey the key that a value without one belongs to: `file` of drives, `model` of NICs */
export function parseProperties(text: string, firstKey = ''): Properties {
  const entries = text
    .split(',')
    .filter((part) => part !== '')
    .map((part): [string, string] => {
      const equals = part.indexOf('=')
      return equals < 0 ? [firstKey, part] : [part.slice(0, equals), part.slice(equals + 1)]
    })
  return new Map(entries)
}

/** Writes properties; the one called `firstKey` first and without its key. */
export function writeProperties(properties: Iterable<readonly [string, string]>, firstKey = ''): string {
  const parts = [...properties].map(([key, value]) => {
    // What has an equals sign in it would be read as a key and its value.
    const isBare = key === firstKey && (key === '' || !value.includes('='))
    return { key, text: isBare ? value : `${key}=${value}` }
  })
  return [...parts.filter(({ key }) => key === firstKey), ...parts.filter(({ key }) => key !== firstKey)]
    .map(({ text }) => text)
    .join(',')
}

/** Values as properties: switches are 0 and 1, what has no value is left out. */
export function propertiesOf(
  values: Readonly<Record<string, string | number | boolean | undefined>>,
): Properties {
  const given = Object.entries(values).flatMap(([key, value]): [string, string][] =>
    value === undefined ? [] : [[key, typeof value === 'boolean' ? String(Number(value)) : String(value)]],
  )
  return new Map(given)
}

/** Properties in the order in which Proxmox gives them back. */
export function sortedProperties(properties: Properties): [string, string][] {
  return [...properties].sort(([a], [b]) => (a < b ? -1 : 1))
}

/** The properties called so as 0 and 1, however they were written; the others as they are. */
export function withSwitches(properties: Properties, names: ReadonlySet<string>): Properties {
  return new Map(
    [...properties].map(([key, value]) => [key, names.has(key) ? (isOn(value) ? '1' : '0') : value]),
  )
}

/** A boolean of a property string: Proxmox takes and gives 0/1, on/off, yes/no, true/false. */
export function isOn(value: string | number | undefined): boolean {
  return ['1', 'on', 'yes', 'true'].includes(String(value).toLowerCase())
}
