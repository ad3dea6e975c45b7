import { expect, test } from 'vitest'
import { vmCreate } from '../../../src/steps/vm/create.ts'
import { vmDetach } from '../../../src/steps/vm/detach.ts'
import { vmStart } from '../../../src/steps/vm/start.ts'
import { runTask, send } from '../../lab/api-client.ts'
import { type StepsOnLab, stepsOnLab } from '../../support/steps.ts'

const description = { name: 'web1', disks: [{ size: '1G' }] }
const alone = { alone: true } as const
const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFfMAQlYsUaRFYEYFRkA9viZt092nSOL3OzS6yBwBQZK me@home'
const full = {
  ...description,
  ssh_public_keys: [key],
  nameservers: ['192.0.2.1'],
  networks: [{ ip: 'dhcp' }, { ip: '192.0.2.21/24' }],
}
/** The same without what can be said to be gone. */
const bare = {
  ...description,
  ssh_public_keys: [],
  nameservers: [],
  serial_console: false,
  networks: [{ ip: 'dhcp' }, {}],
}

async function configOf(steps: StepsOnLab, vmid: number): Promise<Record<string, string | number>> {
  return (await send(steps.lab, 'GET', `/nodes/pve/qemu/${vmid}/config`)).body.data
}

test('what the input says is none is taken from a VM that is to be installed', async () => {
  await using steps = await stepsOnLab()
  const { vmid } = (await steps.run(vmCreate, full, alone)).output
  const { changed, diff } = await steps.run(vmCreate, bare, alone)
  expect(changed).toBe(true)
  expect(diff).toEqual([
    { what: 'sshkeys', before: [key] },
    { what: 'nameserver', before: '192.0.2.1' },
    { what: 'serial0', before: 'socket' },
    { what: 'ipconfig1', before: 'ip=192.0.2.21/24' },
  ])
  const config = await configOf(steps, vmid)
  for (const { what } of diff) expect(config).not.toHaveProperty(what)
  expect(config).toMatchObject({ net1: expect.any(String), ipconfig0: 'ip=dhcp' })
  expect((await steps.run(vmCreate, bare, alone)).changed).toBe(false)
})

test('what it does not speak of stays', async () => {
  await using steps = await stepsOnLab()
  const { vmid } = (await steps.run(vmCreate, full, alone)).output
  const before = await configOf(steps, vmid)
  const again = await steps.run(vmCreate, { ...description, networks: full.networks }, alone)
  expect(again).toMatchObject({ changed: false, warnings: [] })
  expect(await configOf(steps, vmid)).toEqual(before)
})

test('a running VM loses its serial console with the next stop, and is not asked to twice', async () => {
  await using steps = await stepsOnLab()
  const { vmid } = (await steps.run(vmCreate, description, alone)).output
  await steps.run(vmStart, { vmid }, alone)
  const without = { ...description, serial_console: false }
  const first = await steps.run(vmCreate, without, alone)
  expect(first).toMatchObject({ changed: true, output: { pending: ['serial0'] } })
  expect(first.warnings).toEqual([expect.stringContaining('serial0 (socket → none) when it is stopped')])
  expect((await steps.run(vmCreate, without, alone)).changed).toBe(false)
  await runTask(steps.lab, 'POST', `/nodes/pve/qemu/${vmid}/status/stop`)
  expect(await configOf(steps, vmid)).not.toHaveProperty('serial0')
})

test.each(['serial0', 'memory=16,type=serial0'])(
  'a display on the serial console (%s) goes with it, unless it is asked for',
  async (vga) => {
    await using steps = await stepsOnLab()
    const { vmid } = (await steps.run(vmCreate, { ...description, vga }, alone)).output
    const { diff } = await steps.run(vmCreate, { ...description, serial_console: false }, alone)
    expect(diff.map(({ what }) => what)).toEqual(['serial0', 'vga'])
    expect(await configOf(steps, vmid)).not.toHaveProperty('vga')
    const own = { ...description, options: { serial0: 'socket' }, serial_console: false }
    expect((await steps.run(vmCreate, own, alone)).diff.map(({ what }) => what)).toEqual(['serial0'])
    expect((await steps.run(vmCreate, own, alone)).changed).toBe(false)
  },
)

test('nothing is taken from a VM once its installer’s drives are gone, and that is told', async () => {
  await using steps = await stepsOnLab()
  const { vmid } = (await steps.run(vmCreate, full, alone)).output
  await steps.run(vmDetach, { vmid }, alone)
  expect(await steps.run(vmCreate, bare, alone)).toMatchObject({
    changed: false,
    warnings: [expect.stringContaining('keeps its serial0')],
  })
  expect(await configOf(steps, vmid)).toMatchObject({ serial0: 'socket' })
})

test('cards beyond those that are asked for are kept, with a warning', async () => {
  await using steps = await stepsOnLab()
  const networks = Array.from({ length: 3 }, () => ({ ip: 'dhcp' }))
  const { vmid } = (await steps.run(vmCreate, { ...description, networks }, alone)).output
  const before = await configOf(steps, vmid)
  expect(await steps.run(vmCreate, { ...description, networks: networks.slice(1) }, alone)).toMatchObject({
    changed: false,
    warnings: [`VM ${vmid} has more network cards than are asked for, and keeps them: net2.`],
  })
  expect(await configOf(steps, vmid)).toEqual(before)
})

test('a password is set where there is none, and left alone where there is one', async () => {
  await using steps = await stepsOnLab()
  const { vmid } = (await steps.run(vmCreate, description, alone)).output
  const secret = { ...description, ci_password: 'correct horse' }
  const { diff } = await steps.run(vmCreate, secret, alone)
  expect(diff).toEqual([{ what: 'cipassword', after: '********' }])
  expect(await configOf(steps, vmid)).toHaveProperty('cipassword')
  for (const ci_password of ['correct horse', 'battery staple'])
    expect((await steps.run(vmCreate, { ...description, ci_password }, alone)).changed).toBe(false)
})
