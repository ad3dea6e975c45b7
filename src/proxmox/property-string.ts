/**
 * Proxmox's property strings: `local-lvm:vm-101-disk-0,discard=on,size=32G`, `order=scsi0;ide2`,
 * `virtio=BC:24:11:…,bridge=vmbr0`. The first value may stand without its key.
 */
export type Properties = ReadonlyMap<string, string>

/** @param firstKey the key that a leading value without one belongs to: `file` of drives, `model` of NICs */
export function parseProperties(text: string, firstKey = ''): Properties {
  const entries = text
    .split(',')
    .filter((part) => part !== '')
    .map((part, index): [string, string] => {
      const equals = part.indexOf('=')
      if (equals < 0) return [index === 0 ? firstKey : part, index === 0 ? part : '']
      return [part.slice(0, equals), part.slice(equals + 1)]
    })
  return new Map(entries)
}

/** Writes properties, those without a value left out; the one called `firstKey` first and without its key. */
export function writeProperties(
  properties: Iterable<readonly [string, string | number | boolean | undefined]>,
  firstKey = '',
): string {
  const parts = [...properties].flatMap(([key, value]) => {
    if (value === undefined) return []
    const text = typeof value === 'boolean' ? (value ? '1' : '0') : String(value)
    return [{ key, text: key === firstKey ? text : `${key}=${text}` }]
  })
  return [...parts.filter(({ key }) => key === firstKey), ...parts.filter(({ key }) => key !== firstKey)]
    .map(({ text }) => text)
    .join(',')
}

/** A boolean of a property string: Proxmox takes and gives 0/1, on/off, yes/no, true/false. */
export function isOn(value: string | number | undefined): boolean {
  return ['1', 'on', 'yes', 'true'].includes(String(value))
}

const units: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 }

/** Bytes of a size such as `32G`, in powers of 1024. */
export function parseSize(text: string): number {
  const [, number = '0', unit = ''] = /^([\d.]+)([KMGT]?)$/.exec(text) ?? []
  return Math.round(Number(number) * (units[unit] ?? 1))
}

/** Public keys as the `sshkeys` option takes them: percent-encoded, beyond the encoding of the request's body. */
export function writeSshKeys(keys: readonly string[]): string {
  return encodeURIComponent(keys.map((key) => key.trim()).join('\n'))
}

export function parseSshKeys(value: string): string[] {
  return decodeURIComponent(value)
    .split('\n')
    .map((key) => key.trim())
    .filter((key) => key !== '')
}
