import { describe, expect, test } from 'vitest'
import { send } from '../../lab/api-client.ts'
import { type Box, openBox } from '../../support/lab.ts'
import { succeeded } from '../provisioned.ts'
import { examine, limited, obey } from './support.ts'

const steps = [
  'iso.upload',
  'vm.create',
  'vm.start',
  'ssh.wait',
  'nixos.install',
  'vm.detach',
  'vm.destroy',
].map((step) => `privileges.${step}`)

describe.each(['9.2', '8.4'] as const)('on Proxmox VE %s', (version) => {
  test('a token that may do nothing lacks something for every step; what the report says to grant is enough', async () => {
    await using box = await openBox({ ...limited.sandbox, version })
    const before = await examine(box, box.host, limited.environment)
    for (const step of steps) expect([step, before.statuses[step]]).toEqual([step, 'failed'])
    expect(before.check('vm').message).toBe(
      'Not visible without VM.Audit on /vms: whether there is a VM `web1` already.',
    )
    expect(before.check('privileges.iso.upload').message).toBe(
      'Missing on /storage/local: Datastore.AllocateTemplate, and either Datastore.Audit or Datastore.AllocateSpace.',
    )
    expect(before.check('privileges.vm.start').details).toEqual({
      missing: [
        { path: '/vms', any_of: ['VM.Audit'], for: 'read a VM' },
        { path: '/vms', any_of: ['VM.PowerMgmt'], for: 'start a VM' },
      ],
    })
    // What cannot be seen is not said to be wrong.
    expect(before.statuses).toMatchObject({
      'storage.iso.local': 'skipped',
      'storage.images.local-lvm': 'skipped',
      'bridge.vmbr0': 'skipped',
      cluster: 'skipped',
      memory: 'skipped',
      token: 'skipped',
      vm: 'skipped',
    })

    await obey(box, before.commands)
    const after = await examine(box, box.host, limited.environment)
    expect(after.unwell).toEqual([])
    expect(after.commands).toEqual([])

    const { environment } = limited
    const provisioned = succeeded(await box.run(['provision'], { input: box.host, environment }))
    expect(provisioned.warnings).toEqual([])
    const { vmid } = provisioned.output
    succeeded(await box.run(['vm', 'destroy'], { input: { vmid, stop: true }, environment }))
  })

  test('the agent’s privilege has the version’s name', async () => {
    await using box = await openBox({ ...limited.sandbox, version })
    const { commands } = await examine(box, box.host, limited.environment)
    const [role = ''] = commands
    expect(role.includes('VM.Monitor')).toBe(version === '8.4')
    expect(role.includes('VM.GuestAgent.FileRead')).toBe(version === '9.2')
  })
})

test('privileges that are inherited from above count, and nothing is to be granted then', async () => {
  const acl = [
    { path: '/', id: 'nci@pve', role: 'PVEAdmin' },
    { path: '/', id: 'nci@pve!nci', role: 'PVEAdmin' },
  ]
  await using box = await openBox({ ...limited.sandbox, acl })
  const { unwell, commands } = await examine(box, box.host, limited.environment)
  expect({ unwell, commands }).toEqual({ unwell: [], commands: [] })
})

test('the user is left out of the commands where only the token lacks something', async () => {
  await using box = await openBox({ tokens: [{ ...limited.sandbox.tokens[0], id: 'root@pam!own' }] })
  const environment = { ...limited.environment, PROXMOX_TOKEN_ID: 'root@pam!own' }
  const { commands } = await examine(box, box.host, environment)
  const entries = commands.filter((command) => command.includes(' acl '))
  expect(entries.length).toBeGreaterThan(2)
  for (const entry of entries) expect(entry).toMatch(/ --tokens 'root@pam!own' --roles /)
  expect(commands.join('\n')).not.toContain('--users')
})

test('a user who logs in with a password is granted things without a token', async () => {
  await using box = await openBox({ users: [{ id: 'nci@pve', password: 'correct horse' }] })
  const environment = {
    PROXMOX_TOKEN_ID: undefined,
    PROXMOX_TOKEN_SECRET: undefined,
    PROXMOX_USER: 'nci@pve',
    PROXMOX_PASSWORD: 'correct horse',
  }
  const before = await examine(box, box.host, environment)
  expect(before.commands.join('\n')).not.toContain('--tokens')
  expect(before.statuses.token).toBe('skipped')
  await obey(box, before.commands)
  expect((await examine(box, box.host, environment)).unwell).toEqual([])
})

describe('what is allowed already', () => {
  const paths = ['/', '/vms', '/vms/250', '/vms/251', '/pool/web', '/storage', '/storage/local']
  const elsewhere = [
    '/storage/local-lvm',
    '/nodes/pve',
    '/sdn/zones/localnetwork',
    '/sdn/zones/localnetwork/vmbr0',
  ]

  /** What a user or token may do, as `path privilege` and whether that holds below. */
  async function allowed(box: Box, userid: string): Promise<string[]> {
    const answers = [...paths, ...elsewhere].map(async (path) => {
      const query = `/access/permissions?userid=${encodeURIComponent(userid)}&path=${encodeURIComponent(path)}`
      const { body } = await send(box.lab, 'GET', query)
      const privileges: Record<string, number> = body.data[path] ?? {}
      return Object.entries(privileges).flatMap(([name, propagates]) => [
        `${path} ${name}`,
        ...(propagates === 1 ? [`${path} ${name} and below`] : []),
      ])
    })
    return (await Promise.all(answers)).flat()
  }

  const acl = (id: string) => [
    { path: '/', id, role: 'PVEAuditor' },
    { path: '/', id, role: 'PVESysAdmin', propagate: false },
    { path: '/vms', id, role: 'PVEVMAdmin' },
    { path: '/pool', id, role: 'PVEPoolAdmin' },
    { path: '/storage', id, role: 'Odd' },
  ]
  const roles = { Odd: ['Datastore.Audit', 'VM.Backup', 'Sys.Syslog'] }
  const documents = (host: Box['host']): [string, Readonly<Record<string, unknown>>][] => [
    ['a host', host],
    ['one with an id', { ...host, vmid: 250 }],
    ['one in a pool', { ...host, pool: 'web' }],
    ['one that needs something of the root', { ...host, startup: 'order=2' }],
  ]

  test.each([
    ['of a user', acl('nci@pve')],
    ['of a group', acl('@operators')],
    ['of a user who may start VMs and little else', [{ path: '/vms', id: 'nci@pve', role: 'PVEVMUser' }]],
  ])('%s stays allowed when the commands are obeyed, and what was missing is gained', async (_, entries) => {
    const user = { id: 'nci@pve', password: 'correct horse' }
    const environment = {
      PROXMOX_TOKEN_ID: undefined,
      PROXMOX_TOKEN_SECRET: undefined,
      PROXMOX_USER: 'nci@pve',
      PROXMOX_PASSWORD: 'correct horse',
    }
    const sandbox = {
      users: [user],
      groups: [{ id: 'operators', members: [user.id] }],
      acl: entries,
      roles,
      pools: ['web'],
    }
    for (const index of documents({}).keys()) {
      await using box = await openBox(sandbox)
      const [what, document] = documents(box.host)[index] as [string, Box['host']]
      const before = await allowed(box, 'nci@pve')
      expect(before.length).toBeGreaterThan(10)
      const { commands } = await examine(box, document, environment)
      expect(commands.length).toBeGreaterThan(1)
      await obey(box, commands)
      const after = new Set(await allowed(box, 'nci@pve'))
      expect([what, before.filter((one) => !after.has(one))]).toEqual([what, []])
      expect((await examine(box, document, environment)).commands).toEqual([])
    }
  })

  test('of a token and of its user stays allowed to each, where the token sees its user', async () => {
    const entries = [
      ...acl('nci@pve'),
      { path: '/', id: 'nci@pve!nci', role: 'PVEAuditor' },
      { path: '/vms', id: 'nci@pve!nci', role: 'PVEVMUser' },
      ...['nci@pve', 'nci@pve!nci'].map((id) => ({ path: '/access', id, role: 'PVEAuditor' })),
    ]
    await using box = await openBox({ ...limited.sandbox, acl: entries, roles })
    const ids = ['nci@pve', 'nci@pve!nci']
    const before = await Promise.all(ids.map((id) => allowed(box, id)))
    const found = await examine(box, box.host, limited.environment)
    expect(found.check('token').hint ?? '').not.toContain('--users')
    await obey(box, found.commands)
    for (const [index, id] of ids.entries()) {
      const after = new Set(await allowed(box, id))
      expect([id, before[index]?.filter((one) => !after.has(one))]).toEqual([id, []])
    }
    expect((await examine(box, box.host, limited.environment)).commands).toEqual([])
  })

  test('to a user whom the token does not see may be more than the commands keep, which is said', async () => {
    await using box = await openBox(limited.sandbox)
    const { check } = await examine(box, box.host, limited.environment)
    expect(check('token')).toMatchObject({
      status: 'skipped',
      hint: expect.stringContaining("pveum user permissions 'nci@pve'"),
    })
  })
})

test('a VM in a pool is granted on the pool, one with an id on that id', async () => {
  await using box = await openBox({ ...limited.sandbox, pools: ['web'] })
  const pooled = await examine(box, { ...box.host, pool: 'web' }, limited.environment)
  expect(pooled.statuses.pool).toBe('ok')
  expect(pooled.commands.join('\n')).toMatch(/acl modify \/pool\/web /)
  expect(pooled.commands.join('\n')).not.toMatch(/ \/vms/)
  const numbered = await examine(box, { ...box.host, vmid: 250 }, limited.environment)
  expect(numbered.commands.join('\n')).toMatch(/acl modify \/vms\/250 /)
})

test('a host that asks for more needs more', async () => {
  await using box = await openBox(limited.sandbox)
  const input = { ...box.host, startup: 'order=2', via: 'proxmox', networks: [{ bridge: 'vmbr0', vlan: 7 }] }
  const { commands } = await examine(box, input, limited.environment)
  const text = commands.join('\n')
  expect(text).toMatch(/acl modify \/ .*--roles NCI-Root/)
  expect(text).toMatch(/acl modify \/nodes\/pve .*--roles NCI-Node/)
  expect(text).toMatch(/acl modify \/sdn\/zones\/localnetwork\/vmbr0\/7 /)
})

test('without the agent’s privileges alone the host key is trusted at first sight: a warning', async () => {
  const role = [
    'VM.Allocate VM.Audit VM.Config.CDROM VM.Config.CPU VM.Config.Cloudinit VM.Config.Disk VM.Config.HWType',
    'VM.Config.Memory VM.Config.Network VM.Config.Options VM.PowerMgmt Datastore.AllocateSpace',
    'Datastore.AllocateTemplate SDN.Use',
  ]
  const acl = ['nci@pve', 'nci@pve!nci'].map((id) => ({ path: '/', id, role: 'Mine' }))
  const roles = { Mine: role.join(' ').split(' ') }
  await using box = await openBox({ ...limited.sandbox, acl, roles })
  const known = await examine(box, box.host, limited.environment)
  expect(known.unwell).toEqual(['privileges.ssh.wait'])
  expect(known.statuses['privileges.ssh.wait']).toBe('warning')
  // An address that only the agent knows is another matter.
  const dhcp = { ...box.host, networks: [{ bridge: 'vmbr0', ip: 'dhcp' }] }
  expect((await examine(box, dhcp, limited.environment)).statuses['privileges.ssh.wait']).toBe('failed')
})

test('what only root may set is no matter of privileges', async () => {
  await using box = await openBox()
  const { check } = await examine(box, { ...box.host, options: { args: '-cpu host', affinity: '0-1' } })
  // The token is root's: it may set one of the two.
  expect(check('privileges.root')).toMatchObject({
    status: 'failed',
    details: { refused: ['args'] },
    hint: expect.stringContaining('api_password'),
  })
})
