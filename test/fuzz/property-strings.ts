/** Texts that Proxmox could give for an option, broken in every way, and all that reads them. */
import fc, { type Arbitrary } from 'fast-check'
import { bootOrder, drivesOf } from '../../src/proxmox/drives.ts'
import { isOurs, readNote, tagsOf, userDescription } from '../../src/proxmox/ownership.ts'
import { parseProperties, writeProperties } from '../../src/proxmox/property-string.ts'
import { addresses } from '../../src/proxmox/values/address.ts'
import { bootOrderValue } from '../../src/proxmox/values/boot.ts'
import { deviations, drive, parseDrive } from '../../src/proxmox/values/drive.ts'
import { ipConfig } from '../../src/proxmox/values/ip-config.ts'
import { networkCard } from '../../src/proxmox/values/network-card.ts'
import { comparing, type OptionValue } from '../../src/proxmox/values/option-value.ts'
import { parseSize } from '../../src/proxmox/values/size.ts'
import { sshKeys } from '../../src/proxmox/values/ssh-keys.ts'
import { tags } from '../../src/proxmox/values/tags.ts'
import { agent, cpu, machine, memory, startup, vga } from '../../src/proxmox/values/typed-list.ts'
import { changesOf, differences } from '../../src/proxmox/vm-differences.ts'
import { macsOf, uuidOf } from '../../src/proxmox/vms.ts'
import { brokenText, oddText } from './bad-value.ts'

const samples = {
  agent: '1,fstrim_cloned_disks=1',
  boot: 'order=scsi0;ide2;net0',
  cpu: 'host,flags=+aes;-pcid',
  description: 'mine\nnixos-cloud-init-installer: {"created":"2026-01-01T00:00:00Z","uuid":"x"}',
  efidisk0: 'local:222/vm-222-disk-0.raw,efitype=4m,pre-enrolled-keys=0,size=528K',
  ide0: 'local:101/vm-101-cloudinit.qcow2,media=cdrom',
  ide2: 'none,media=cdrom',
  ipconfig0: 'ip=192.0.2.21/24,gw=192.0.2.1,ip6=2001:db8::21/64',
  machine: 'pc-q35-9.0+pve1',
  memory: 'current=2048',
  nameserver: '192.0.2.1 2001:db8::1',
  net0: 'virtio=BC:24:11:2C:CE:64,bridge=vmbr0,firewall=1,tag=7,trunks=1;2-3',
  scsi0: 'local-lvm:vm-101-disk-0,cache=none,discard=on,iothread=1,serial=A,size=32G',
  smbios1: 'uuid=339277f8-cf87-43ee-aa15-c7ef22fdd7fc,base64=1,serial=ZHM9bm9jbG91ZA==',
  sshkeys: 'ssh-ed25519%20AAAA%2B%2F%3D%3D%20admin%40host%0Assh-rsa%20BBBB',
  startup: 'order=2,up=30,down=60',
  tags: 'nci;web',
  tpmstate0: 'local:1,version=v2.0',
  vga: 'std,memory=32',
} as const

/** A configuration, one of whose texts is broken, or in the place of another's. */
export interface BrokenConfig {
  readonly key: string
  readonly text: string
}

const sample = fc.constantFrom(...Object.values(samples))

export const brokenConfig: Arbitrary<BrokenConfig> = fc.record({
  key: fc.oneof(
    fc.constantFrom(...Object.keys(samples)),
    fc.constantFrom('constructor', '__proto__', 'unused0'),
  ),
  text: fc.oneof(
    brokenText(sample),
    brokenText(brokenText(sample)),
    oddText,
    fc.tuple(sample, sample).map((two) => two.join(',')),
    fc
      .tuple(fc.constantFrom(',', '=', ';', 'a=1,', '%', '%20', '::', '/', '1.', 'vm-1-', ':'), fc.nat(15))
      .map(([unit, exponent]) => unit.repeat(2 ** exponent)),
  ),
})

// biome-ignore lint/suspicious/noExplicitAny: each has values of its own
const kinds: readonly OptionValue<any>[] = [
  ...[agent, cpu, machine, memory, startup, vga, addresses, bootOrderValue, drive, ipConfig],
  ...[networkCard, sshKeys, tags],
]

/**
 * Reads a broken text in every way in which the engine does.
 *
 * @returns what does not hold of it: nothing, unless there is a bug
 */
export function readAll({ key, text }: BrokenConfig): string[] {
  const wrong: string[] = []
  for (const [index, kind] of kinds.entries()) {
    if (!comparing(kind)(text, text).same) wrong.push(`the kind ${index} takes it for another than itself`)
  }
  writeProperties(parseProperties(text, 'file'), 'file')
  const size = parseSize(text)
  if (size !== undefined && !Number.isFinite(size)) wrong.push('its size is no number')
  const config = { ...samples, [key]: text }
  deviations('scsi0', parseDrive(text), parseDrive(samples.scsi0))
  deviations('scsi0', parseDrive(samples.scsi0), parseDrive(text))
  if (Object.keys(differences(config, config)).length > 0) wrong.push('it differs from itself')
  changesOf(samples, differences(samples, config))
  differences(config, samples)
  for (const read of [bootOrder, drivesOf, isOurs, macsOf, readNote, tagsOf, uuidOf]) read(config)
  userDescription(text)
  return wrong
}
