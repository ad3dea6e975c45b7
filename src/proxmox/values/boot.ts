import { parseProperties } from '../property-string.ts'
import type { OptionValue } from './option-value.ts'

/** The devices of `order=scsi0;ide2`; none for an empty order, or one of the old kind such as `cdn`. */
export function parseBootOrder(text: string): string[] {
  const order = parseProperties(text.trim(), 'legacy').get('order') ?? ''
  return order.split(/[;\s]+/).filter((device) => device !== '')
}

export function writeBootOrder(devices: readonly string[]): string {
  return devices.length === 0 ? '' : `order=${devices.join(';')}`
}

export const bootOrderValue: OptionValue<readonly string[]> = {
  parse: parseBootOrder,
  write: writeBootOrder,
  merge: (_, wanted) => wanted,
}
