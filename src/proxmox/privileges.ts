/** Where a request needs a privilege: the VM or its pool, the storage, bridge or node that it is about, or the root. */
export type Place = 'vm' | 'storage' | 'bridge' | 'node' | 'root'

/** One check that Proxmox makes: any of the privileges will do. The least of them comes first. */
export interface Requirement {
  readonly at: Place
  readonly anyOf: readonly string[]
}

const at =
  (place: Place) =>
  (...anyOf: string[]): Requirement => ({ at: place, anyOf })
const [vm, storage, bridge, node, root] = [at('vm'), at('storage'), at('bridge'), at('node'), at('root')]

const reading = storage('Datastore.Audit', 'Datastore.AllocateSpace')
const cloudInit = vm('VM.Config.Cloudinit', 'VM.Config.Network')

/** What each request checks on Proxmox VE 9, as recorded of the genuine server. */
export const requests = {
  'upload an ISO': [storage('Datastore.AllocateTemplate')],
  // `Sys.Audit` and `Sys.Modify` on the root would do as well, and are far more.
  'fetch a URL': [storage('Datastore.AllocateTemplate'), node('Sys.AccessNetwork')],
  'list a storage': [reading],
  'read a VM': [vm('VM.Audit')],
  'create a VM': [vm('VM.Allocate')],
  'set name, agent, firmware, start at boot': [vm('VM.Config.Options')],
  'set tags': [vm('VM.Config.Options')],
  'set CPUs': [vm('VM.Config.CPU')],
  'set memory': [vm('VM.Config.Memory')],
  'set machine, controller, display': [vm('VM.Config.HWType')],
  'add a serial console': [vm('VM.Config.HWType')],
  'allocate a disk': [storage('Datastore.AllocateSpace')],
  'allocate an EFI disk': [storage('Datastore.AllocateSpace'), vm('VM.Config.Options')],
  'set disks and boot order': [vm('VM.Config.Disk')],
  'allocate a TPM’s state': [storage('Datastore.AllocateSpace')],
  'attach an ISO': [reading],
  'add a network card': [vm('VM.Config.Network'), bridge('SDN.Use')],
  'set cloud-init values': [cloudInit],
  'set the start order': [vm('VM.Config.Options'), root('Sys.Modify')],
  'start a VM': [vm('VM.PowerMgmt')],
  'stop a VM': [vm('VM.PowerMgmt')],
  'read addresses from the guest agent': [vm('VM.GuestAgent.Audit', 'VM.GuestAgent.Unrestricted')],
  'read files from the guest agent': [vm('VM.GuestAgent.FileRead', 'VM.GuestAgent.Unrestricted')],
  'change a CD-ROM': [vm('VM.Config.CDROM')],
  'remove the cloud-init drive': [vm('VM.Config.Cloudinit'), vm('VM.Config.CDROM')],
  'regenerate the cloud-init drive': [vm('VM.Config.Cloudinit')],
  'delete a VM': [vm('VM.Allocate')],
} as const satisfies Readonly<Record<string, readonly Requirement[]>>

export type Request = keyof typeof requests

/** What differs on Proxmox VE 8. */
const requests8: Partial<Record<Request, readonly Requirement[]>> = {
  'set tags': [],
  'read addresses from the guest agent': [vm('VM.Monitor')],
  'read files from the guest agent': [vm('VM.Monitor')],
}

/** What a request checks on a major version. */
export function requirementsOf(request: Request, major: number): readonly Requirement[] {
  return (major < 9 ? requests8[request] : undefined) ?? requests[request]
}
