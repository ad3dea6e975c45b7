import type { Requirement } from '../../support/python.ts'

/** Pinned, so that what is tested does not change by itself. */
export const proxmoxer: readonly Requirement[] = [
  'proxmoxer==2.3.0',
  'requests==2.34.2',
  'requests-toolbelt==1.0.0',
]

/** The modules come in the package `ansible`, which is far too large to be installed for one collection. */
export const ansible: readonly Requirement[] = [
  ...proxmoxer,
  'ansible-core==2.19.5',
  { wheel: 'ansible==12.3.0', folders: ['ansible_collections/community/proxmox'] },
]
