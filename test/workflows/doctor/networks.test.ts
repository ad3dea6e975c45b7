import { expect, test } from 'vitest'
import { type Box, openBox } from '../../support/lab.ts'
import { succeeded } from '../provisioned.ts'
import { type Examination, examine, limited, obey } from './support.ts'

const zone = '/sdn/zones/localnetwork'
const { environment } = limited

/** The paths of bridges and VLANs that the commands grant something at. */
function granted({ commands }: Examination): string[] {
  return commands.flatMap((command) => / acl modify (\/sdn\S*) /.exec(command)?.[1] ?? [])
}

function withCard(box: Box, card: object): Readonly<Record<string, unknown>> {
  return { ...box.host, networks: [{ bridge: 'vmbr0', ip: '192.0.2.21/24', ...card }] }
}

test.each(['9.2', '8.4'] as const)(
  'on Proxmox VE %s the VLANs of a card are granted and nothing more, and that is enough',
  async (version) => {
    await using box = await openBox({ ...limited.sandbox, version })
    const input = withCard(box, { vlan: 7, trunks: '9;20-21' })
    const before = await examine(box, input, environment)
    expect(before.statuses['bridge.vmbr0']).toBe('skipped')
    expect(granted(before)).toEqual(['7', '9', '20', '21'].map((vlan) => `${zone}/vmbr0/${vlan}`))

    await obey(box, before.commands)
    const after = await examine(box, input, environment)
    expect({ unwell: after.unwell, commands: after.commands }).toEqual({ unwell: [], commands: [] })
    expect(after.statuses['bridge.vmbr0']).toBe('ok')
    const { output } = succeeded(await box.run(['provision'], { input, environment }))
    expect(box.config(output.vmid)).toMatch(/^net0: .*bridge=vmbr0,.*tag=7,trunks=9;20-21$/m)
  },
)

test('one VLAN of several that is not permitted is named', async () => {
  const acl = ['nci@pve', 'nci@pve!nci'].flatMap((id) => [
    { path: '/', id, role: 'PVEAdmin' },
    { path: `${zone}/vmbr0/20`, id, role: 'PVEAuditor' },
  ])
  await using box = await openBox({ ...limited.sandbox, acl })
  const input = withCard(box, { vlan: 7, trunks: '9;20-21' })
  const found = await examine(box, input, environment)
  expect(found.unwell).toEqual(['privileges.vm.create'])
  expect(found.check('privileges.vm.create').message).toBe(`Missing on ${zone}/vmbr0/20: SDN.Use.`)
  const refused = await box.run(['provision'], { input, environment })
  expect(refused.document.error.code).toBe('PVE_FORBIDDEN')
})

test.each([
  ['a card without a VLAN', {}],
  ['more VLANs than anybody grants one by one', { trunks: '2-4094' }],
  ['VLAN 0, which there are no permissions for', { trunks: '0;5' }],
])('the bridge is granted for %s', async (_, card) => {
  await using box = await openBox(limited.sandbox)
  const before = await examine(box, withCard(box, card), environment)
  expect(granted(before)).toEqual([`${zone}/vmbr0`])
  await obey(box, before.commands)
  const after = await examine(box, withCard(box, card), environment)
  expect(after.unwell).toEqual([])
})

test('a bridge that is not there is missed by whoever may see it, by its VLAN or otherwise', async () => {
  const acl = (role: string, path: string) => ['nci@pve', 'nci@pve!nci'].map((id) => ({ path, id, role }))
  for (const [role, path] of [
    ['PVESDNUser', `${zone}/vmbr9/7`],
    ['PVEAuditor', '/sdn'],
  ] as const) {
    await using box = await openBox({ ...limited.sandbox, acl: acl(role, path) })
    const found = await examine(box, withCard(box, { bridge: 'vmbr9', vlan: 7 }), environment)
    expect([role, found.check('bridge.vmbr9')]).toMatchObject([
      role,
      { status: 'failed', message: expect.stringContaining('no bridge `vmbr9`') },
    ])
  }
})
