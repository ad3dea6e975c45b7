import type { Inputs } from '../../core/step.ts'
import type { Use } from '../../proxmox/permissions.ts'
import type { Request } from '../../proxmox/privileges.ts'
import { biosOf } from '../../proxmox/vm-options.ts'
import { networkPlaces } from './vlans.ts'

type Input = Inputs['doctor']

/** Steps in the order of the work, as far as they ask Proxmox for something. */
export const proxmoxSteps = [
  'iso.upload',
  'vm.create',
  'vm.start',
  'ssh.wait',
  'nixos.install',
  'vm.detach',
  'vm.destroy',
] as const

/** What the steps of a host ask of Proxmox. @param zones the zones of SDN vnets by name */
export function usesOf(input: Input, zones: ReadonlyMap<string, string>): Use[] {
  const uses = (step: (typeof proxmoxSteps)[number], ...requests: Request[]): Use[] =>
    requests.map((request) => ({ step, request }))
  return [
    ...uploadUses(input),
    ...uses('vm.create', ...createRequests(input)),
    ...drivesOf(input).map(({ request, storage }): Use => ({ step: 'vm.create', request, subject: storage })),
    ...looksAt(input).map((subject): Use => ({ step: 'vm.create', request: 'list a storage', subject })),
    { step: 'vm.create', request: 'attach an ISO', subject: isoStorage(input) },
    ...input.networks.flatMap((network) => networkUses(network, zones)),
    ...uses('vm.start', 'read a VM', 'start a VM'),
    ...agentUses(input),
    ...uses('nixos.install', 'read a VM', 'set name, agent, firmware, start at boot'),
    ...detachUses(input),
    ...uses('vm.destroy', 'read a VM', 'stop a VM', 'delete a VM'),
  ]
}

function networkUses(network: Input['networks'][number], zones: ReadonlyMap<string, string>): Use[] {
  const zone = zones.get(network.bridge) ?? 'localnetwork'
  return networkPlaces(network).map(
    (place): Use => ({ step: 'vm.create', request: 'add a network card', subject: `${zone}/${place}` }),
  )
}

/** A drive that is allocated when the VM is created. */
interface Drive {
  readonly request: Request
  readonly storage: string
  /** As the input has it; what is small or as large as its image has none. */
  readonly size?: string | undefined
}

/** What is allocated for the VM, and where. */
export function drivesOf(input: Input): Drive[] {
  const { disks, storage: standard, efi_storage, tpm, tpm_storage } = input
  const drive = (request: Request, storage = standard, size?: string): Drive => ({ request, storage, size })
  return [
    ...disks.map(({ storage, size }) => drive('allocate a disk', storage, size)),
    ...(biosOf(input) === 'ovmf' ? [drive('allocate an EFI disk', efi_storage)] : []),
    ...(tpm === undefined ? [] : [drive('allocate a TPM’s state', tpm_storage)]),
  ]
}

/** Storages of which the creation only needs to know that they are there, and what is on them. */
function looksAt({ cloud_init_storage, disks, storage }: Input): string[] {
  const images = disks.flatMap(({ import_from }) => import_from?.split(':')[0] ?? [])
  return [...images, cloud_init_storage ?? storage]
}

/** The storage that the installer ISO is on, or gets on. */
export function isoStorage({ iso, iso_storage }: Input): string {
  return iso?.split(':')[0] ?? iso_storage
}

/** An ISO that is there already is only looked for. */
function uploadUses(input: Input): Use[] {
  const subject = isoStorage(input)
  const requests: Request[] =
    input.iso !== undefined
      ? ['list a storage']
      : ['list a storage', input.via === 'proxmox' ? 'fetch a URL' : 'upload an ISO']
  return requests.map((request) => ({ step: 'iso.upload', request, subject }))
}

function createRequests({ startup, serial_console }: Input): Request[] {
  return [
    'create a VM',
    'read a VM',
    'set name, agent, firmware, start at boot',
    'set tags',
    'set CPUs',
    'set memory',
    'set machine, controller, display',
    ...(serial_console ? (['add a serial console'] as const) : []),
    'set disks and boot order',
    'set cloud-init values',
    ...(startup === undefined ? [] : (['set the start order'] as const)),
  ]
}

/** The agent tells an address that is not known otherwise. Without its files a host key is trusted at first sight. */
function agentUses({ agent, ssh_host, networks }: Input): Use[] {
  const use = (request: Request, optional = false): Use => ({ step: 'ssh.wait', request, optional })
  const isAddressKnown =
    ssh_host !== undefined || networks.some(({ ip, ip6 }) => ip?.includes('/') || ip6?.includes('/'))
  return [
    use('read a VM'),
    ...(agent && !isAddressKnown ? [use('read addresses from the guest agent')] : []),
    ...(agent ? [use('read files from the guest agent', true)] : []),
  ]
}

function detachUses({ detach }: Input): Use[] {
  if (detach === 'keep') return []
  const requests: Request[] = [
    'read a VM',
    'change a CD-ROM',
    'remove the cloud-init drive',
    'set cloud-init values',
    'set disks and boot order',
    ...(detach === 'hot'
      ? (['regenerate the cloud-init drive'] as const)
      : (['stop a VM', 'start a VM'] as const)),
  ]
  return requests.map((request) => ({ step: 'vm.detach', request }))
}
