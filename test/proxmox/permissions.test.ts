import { describe, expect, test } from 'vitest'
import { type Grantee, grantCommands } from '../../src/proxmox/grants.ts'
import { needsOf, type Places, type Use, unmet } from '../../src/proxmox/permissions.ts'

const places: Places = { major: 9, node: 'pve', vmid: 120, isFixed: false, pool: undefined }
const use = (request: Use['request'], more: Partial<Use> = {}): Use => ({ step: 'a.b', request, ...more })
const permissions = (entries: Readonly<Record<string, readonly string[]>>) =>
  new Map(Object.entries(entries).map(([path, names]) => [path, new Map(names.map((name) => [name, true]))]))

describe('needs', () => {
  test('are looked for at the VM, and granted on all VMs unless the id is fixed', () => {
    expect(needsOf([use('start a VM')], places)).toMatchObject([{ paths: ['/vms/120'], grantAt: '/vms' }])
    expect(needsOf([use('start a VM')], { ...places, isFixed: true })).toMatchObject([
      { paths: ['/vms/120'], grantAt: '/vms/120' },
    ])
  })

  test('of a VM in a pool are met by the pool as well, and granted there', () => {
    const needs = needsOf([use('start a VM')], { ...places, pool: 'web' })
    expect(needs).toMatchObject([{ paths: ['/vms/120', '/pool/web'], grantAt: '/pool/web' }])
    expect(unmet(needs, permissions({ '/pool/web': ['VM.PowerMgmt'] }))).toEqual([])
    expect(unmet(needs, permissions({ '/vms/120': ['VM.PowerMgmt'] }))).toEqual([])
    expect(unmet(needs, permissions({ '/vms/120': ['VM.Audit'] }))).toHaveLength(1)
  })

  test('stand once for a step, as needed where one of its requests cannot do without', () => {
    const agent = 'read addresses from the guest agent'
    const needs = needsOf([use(agent), use(agent, { optional: true }), use(agent)], places)
    expect(needs).toMatchObject([{ optional: false }])
  })

  test('are met by any of the alternatives', () => {
    const needs = needsOf([use('list a storage', { subject: 'local' })], places)
    expect(unmet(needs, permissions({ '/storage/local': ['Datastore.AllocateSpace'] }))).toEqual([])
    expect(unmet(needs, permissions({ '/storage/local': ['Datastore.Allocate'] }))).toHaveLength(1)
  })
})

describe('grants', () => {
  const needs = needsOf(
    [
      use('start a VM'),
      use('set cloud-init values'),
      use('add a network card', { subject: 'localnetwork/vmbr0' }),
      use('allocate a disk', { subject: 'a' }),
      use('allocate a disk', { subject: 'b' }),
      use('list a storage', { subject: 'a' }),
      use('list a storage', { subject: 'b' }),
    ],
    places,
  )
  const user: Grantee = { kind: 'users', id: 'nci@pve', present: new Map() }
  const token: Grantee = { kind: 'tokens', id: 'nci@pve!t', present: new Map() }
  const none = new Map<string, Set<string>>()

  test('are a role for each kind of path and an entry for each path, with the fewest privileges', () => {
    expect(grantCommands(needs, needs, [user, token], none)).toEqual([
      "pveum role add NCI-VM --privs 'VM.Config.Network VM.PowerMgmt'",
      "pveum role add NCI-Network --privs 'SDN.Use'",
      "pveum role add NCI-Storage --privs 'Datastore.AllocateSpace'",
      "pveum acl modify /vms --users 'nci@pve' --tokens 'nci@pve!t' --roles NCI-VM",
      "pveum acl modify /sdn/zones/localnetwork/vmbr0 --users 'nci@pve' --tokens 'nci@pve!t' --roles NCI-Network",
      "pveum acl modify /storage/a --users 'nci@pve' --tokens 'nci@pve!t' --roles NCI-Storage",
      "pveum acl modify /storage/b --users 'nci@pve' --tokens 'nci@pve!t' --roles NCI-Storage",
    ])
  })

  test('are about the paths alone where something is missing, with all that is needed there', () => {
    // An entry takes the place of what is inherited: the privilege that is not missing would be lost.
    const missing = needs.filter(({ anyOf }) => anyOf.includes('VM.PowerMgmt'))
    expect(grantCommands(needs, missing, [user], none)).toEqual([
      "pveum role add NCI-VM --privs 'VM.Config.Network VM.PowerMgmt'",
      "pveum acl modify /vms --users 'nci@pve' --roles NCI-VM",
    ])
  })

  test('extend a role of that name, and leave one alone that has all', () => {
    const roles = new Map([
      ['NCI-VM', new Set(['VM.PowerMgmt'])],
      ['NCI-Network', new Set(['SDN.Use', 'SDN.Audit'])],
    ])
    const commands = grantCommands(needs, needs, [token], roles)
    expect(commands.slice(0, 3)).toEqual([
      "pveum role modify NCI-VM --append 1 --privs 'VM.Config.Network'",
      "pveum role add NCI-Storage --privs 'Datastore.AllocateSpace'",
      "pveum acl modify /vms --tokens 'nci@pve!t' --roles NCI-VM",
    ])
  })

  test('have roles of their own for paths that need different things', () => {
    const two = needsOf(
      [use('list a storage', { subject: 'a' }), use('upload an ISO', { subject: 'b' })],
      places,
    )
    expect(grantCommands(two, two, [user], none)).toEqual([
      "pveum role add NCI-Storage --privs 'Datastore.Audit'",
      "pveum role add NCI-Storage2 --privs 'Datastore.AllocateTemplate'",
      "pveum acl modify /storage/a --users 'nci@pve' --roles NCI-Storage",
      "pveum acl modify /storage/b --users 'nci@pve' --roles NCI-Storage2",
    ])
  })

  describe('where something is allowed already', () => {
    const missing = needs.filter(({ anyOf }) => anyOf.includes('VM.PowerMgmt'))
    const roles = new Map([
      ['PVEVMAdmin', new Set(['VM.Backup', 'VM.Config.Disk', 'VM.Snapshot'])],
      ['Backups', new Set(['VM.Backup'])],
      ['PVESysAdmin', new Set(['Sys.Audit', 'Sys.Modify'])],
    ])
    const granted = (present: Grantee['present'], more: readonly Grantee[] = []): string[] =>
      grantCommands(needs, missing, [{ ...user, present }, ...more], roles).slice(1)

    test('keep it, by a role that has that and no more', () => {
      expect(granted(permissions({ '/vms': ['VM.Backup', 'VM.Config.Disk', 'VM.Snapshot'] }))).toEqual([
        "pveum acl modify /vms --users 'nci@pve' --roles NCI-VM,PVEVMAdmin",
      ])
      expect(granted(permissions({ '/vms': ['VM.Backup', 'VM.PowerMgmt'] }))).toEqual([
        "pveum acl modify /vms --users 'nci@pve' --roles NCI-VM,Backups",
      ])
    })

    test('keep what no role has, by one that is made for it', () => {
      expect(granted(permissions({ '/vms': ['VM.Snapshot', 'Sys.Audit'] }))).toEqual([
        "pveum role add NCI-Kept --privs 'Sys.Audit VM.Snapshot'",
        "pveum acl modify /vms --users 'nci@pve' --roles NCI-VM,NCI-Kept",
      ])
    })

    test('do not extend to the paths below what holds at one path alone', () => {
      const present = new Map([['/vms', new Map([['VM.Backup', false]])]])
      expect(granted(present)).toEqual([
        "pveum acl modify /vms --users 'nci@pve' --roles NCI-VM",
        "pveum acl modify /vms --users 'nci@pve' --roles Backups --propagate 0",
      ])
    })

    test('differ for a user and a token that may do different things', () => {
      expect(granted(permissions({ '/vms': ['VM.Backup'] }), [token])).toEqual([
        "pveum acl modify /vms --users 'nci@pve' --roles NCI-VM,Backups",
        "pveum acl modify /vms --tokens 'nci@pve!t' --roles NCI-VM",
      ])
    })
  })
})
