/** The cloud-init drive, as Proxmox makes it. */
import type { CloudInitDrive } from '../guest.ts'
import { splitPropertyString } from '../property-strings.ts'
import type { Options } from '../vm-config.ts'
import { cloudbaseInterfaces, cloudbaseMeta } from './cloudbase.ts'
import { contextScript } from './context.ts'
import {
  configDriveMeta,
  instanceOf,
  interfacesFile,
  networkConfig,
  nocloudMeta,
  userData,
} from './generated.ts'
import { cloudInitType, isWindows } from './options.ts'
import type { HostDns } from './values.ts'

type Volume = Pick<CloudInitDrive, 'files' | 'label'>

/** @param snippet reads what `cicustom` names in place of a generated file */
export function cloudInitDrive(
  options: Options,
  vmid: number,
  dns: HostDns,
  snippet: (volid: string) => string,
): Volume {
  const type = cloudInitType(options)
  if (type === 'opennebula') {
    return { label: 'CONTEXT', files: { 'context.sh': contextScript(options, vmid, dns) } }
  }
  const custom = splitPropertyString(options.cicustom ?? '', {})
  const pick = (kind: string, generate: () => string): string => {
    const volid = custom[kind]
    return volid === undefined ? generate() : snippet(volid)
  }
  const { network, meta } = writersOf(type, options, dns)
  const user = pick('user', () => userData(options, vmid))
  const networkData = pick('network', network)
  return volume(type, {
    user,
    network: networkData,
    meta: pick('meta', () => meta(instanceOf(user, networkData))),
    vendor: pick('vendor', () => ''),
  })
}

function writersOf(
  type: string,
  options: Options,
  dns: HostDns,
): { network: () => string; meta: (instance: string) => string } {
  if (type === 'nocloud') return { network: () => networkConfig(options, dns), meta: nocloudMeta }
  if (!isWindows(options)) return { network: () => interfacesFile(options, dns), meta: configDriveMeta }
  return {
    network: () => cloudbaseInterfaces(options, dns),
    meta: (instance) => cloudbaseMeta(options, instance),
  }
}

function volume(
  type: string,
  { user, network, meta, vendor }: Readonly<Record<'meta' | 'network' | 'user' | 'vendor', string>>,
): Volume {
  if (type === 'nocloud') {
    return {
      label: 'cidata',
      files: { 'user-data': user, 'network-config': network, 'meta-data': meta, 'vendor-data': vendor },
    }
  }
  return {
    label: 'config-2',
    files: {
      'openstack/latest/user_data': user,
      'openstack/content/0000': network,
      'openstack/latest/meta_data.json': meta,
      'openstack/latest/vendor_data.json': vendor,
    },
  }
}
