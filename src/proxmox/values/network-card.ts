import {
  isOn,
  type Properties,
  parseProperties,
  sortedProperties,
  withSwitches,
  writeProperties,
} from '../property-string.ts'
import type { OptionValue } from './option-value.ts'

/** `netN` */
export interface NetworkCard {
  /** `virtio`, `e1000`, … */
  readonly model: string
  /** In capitals. */
  readonly mac?: string
  /** `bridge`, `tag`, `firewall`, … */
  readonly properties: Properties
}

const switches = new Set(['firewall', 'link_down', 'host-tunnel'])
const macAddress = /^[0-9A-F]{2}(:[0-9A-F]{2}){5}$/i

/** `virtio=MAC,…`, `model=virtio,macaddr=MAC,…`, `…,virtio=MAC`: Proxmox takes all of them and gives the first. */
export function parseNetworkCard(text: string): NetworkCard {
  const properties = new Map(withSwitches(parseProperties(text, 'model'), switches))
  const [key, mac] = [...properties].find(([, value]) => macAddress.test(value)) ?? []
  const model = key === undefined || key === 'macaddr' ? properties.get('model') : key
  for (const name of ['model', 'macaddr', model ?? '']) properties.delete(name)
  return {
    model: model?.toLowerCase() ?? '',
    ...(mac === undefined ? {} : { mac: mac.toUpperCase() }),
    properties,
  }
}

export function writeNetworkCard({ model, mac, properties }: NetworkCard): string {
  return [mac === undefined ? model : `${model}=${mac}`, writeProperties(sortedProperties(properties))]
    .filter((part) => part !== '')
    .join(',')
}

/** What is not asked for stays: the MAC address that Proxmox made, a firewall that somebody switched on. */
export const networkCard: OptionValue<NetworkCard> = {
  parse: parseNetworkCard,
  write: writeNetworkCard,
  merge(now, wanted) {
    const mac = wanted.mac ?? now.mac
    return {
      model: wanted.model,
      ...(mac === undefined ? {} : { mac }),
      properties: new Map([...now.properties, ...[...wanted.properties].filter(isNews(now))]),
    }
  },
}

/** What is off unless said otherwise need not be said to be off. */
function isNews({ properties }: NetworkCard): (property: readonly [string, string]) => boolean {
  return ([key, value]) => properties.has(key) || !switches.has(key) || isOn(value)
}
