import { expect, test } from 'vitest'
import { vmCreate } from '../../../src/steps/vm/create.ts'
import { vmDetach } from '../../../src/steps/vm/detach.ts'
import { vmStart } from '../../../src/steps/vm/start.ts'
import { runTask, send } from '../../lab/api-client.ts'
import { uploadIso } from '../../support/iso-on-lab.ts'
import { type StepsOnLab, stepsOnLab } from '../../support/steps.ts'

/** A VM that somebody made by hand, with its drives where they like them. */
async function theirs(steps: StepsOnLab, drives: Readonly<Record<string, string>>): Promise<number> {
  const form = { vmid: 300, name: 'theirs', memory: 512, scsi0: 'local-lvm:1', ...drives }
  await runTask(steps.lab, 'POST', '/nodes/pve/qemu', { form })
  return 300
}

async function configuration(steps: StepsOnLab, vmid: number): Promise<Record<string, unknown>> {
  const { body } = await send(steps.lab, 'GET', `/nodes/pve/qemu/${vmid}/config?current=1`)
  return body.data
}

test.each([
  { iso: 'ide2', cloudInit: 'ide0' },
  { iso: 'sata4', cloudInit: 'sata5' },
  { iso: 'scsi30', cloudInit: 'scsi29' },
  { iso: 'ide3', cloudInit: 'scsi1' },
])('drives are found on $iso and $cloudInit, and the disk stays', async ({ iso, cloudInit }) => {
  await using steps = await stepsOnLab()
  const volid = await uploadIso(steps.lab)
  const vmid = await theirs(steps, {
    [iso]: `${volid},media=cdrom`,
    [cloudInit]: 'local-lvm:cloudinit',
    ciuser: 'root',
    ipconfig0: 'ip=dhcp',
    nameserver: '192.0.2.1',
    boot: `order=${iso};scsi0`,
  })
  await expect(steps.run(vmDetach, { vmid })).rejects.toMatchObject({
    code: 'PVE_VM_FOREIGN',
    hint: expect.stringContaining('force: true'),
  })
  const { output } = await steps.run(vmDetach, { vmid, force: true })
  expect(output.removed.sort()).toEqual([iso, cloudInit, 'ciuser', 'ipconfig0', 'nameserver'].sort())
  const config = await configuration(steps, vmid)
  expect(config).toMatchObject({ boot: 'order=scsi0', scsi0: expect.stringContaining('disk') })
  for (const key of output.removed) expect(config).not.toHaveProperty(key)
  expect((await steps.run(vmDetach, { vmid, force: true }, { alone: true })).changed).toBe(false)
})

test('an order that boots from the network first keeps doing so', async () => {
  await using steps = await stepsOnLab()
  const vmid = await theirs(steps, {
    net0: 'virtio,bridge=vmbr0',
    ide2: 'none,media=cdrom',
    boot: 'order=net0;ide2;scsi0',
  })
  const { output } = await steps.run(vmDetach, { vmid, force: true })
  expect(output.boot).toBe('order=net0;scsi0')
})

test('emptied drives of a running VM are reported as pending, and gone after its next stop', async () => {
  await using steps = await stepsOnLab()
  const iso = await uploadIso(steps.lab)
  const { output: vm } = await steps.run(vmCreate, { name: 'web1', disks: [{ size: '1G' }], iso })
  await steps.run(vmStart, { vmid: vm.vmid })
  const { output } = await steps.run(vmDetach, { vmid: vm.vmid, mode: 'hot' })
  expect(output).toMatchObject({ status: 'running', pending: expect.arrayContaining(['ide0', 'ide2']) })
  const { body } = await send(steps.lab, 'GET', `/nodes/pve/qemu/${vm.vmid}/pending`)
  const values = body.data.flatMap((row: { key: string; value?: unknown }) =>
    row.value === undefined ? [] : [[row.key, row.value]],
  )
  // What the proof looks at is what the other way of asking says.
  expect(Object.fromEntries(values)).toEqual(await configuration(steps, vm.vmid))
  expect(await configuration(steps, vm.vmid)).toMatchObject({
    ide2: 'none,media=cdrom',
    ide0: 'none,media=cdrom',
  })
  expect((await steps.run(vmDetach, { vmid: vm.vmid, mode: 'hot' }, { alone: true })).changed).toBe(false)

  await runTask(steps.lab, 'POST', `/nodes/pve/qemu/${vm.vmid}/status/stop`)
  const config = await configuration(steps, vm.vmid)
  expect(config).not.toHaveProperty('ide0')
  expect(config).not.toHaveProperty('ide2')
  expect(config).toMatchObject({ boot: 'order=scsi0' })
})

test('keys are shown as people write them, and a password not at all', async () => {
  await using steps = await stepsOnLab()
  const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFfMAQlYsUaRFYEYFRkA9viZt092nSOL3OzS6yBwBQZK me@home'
  const { output: vm } = await steps.run(vmCreate, {
    name: 'web1',
    disks: [{ size: '1G' }],
    ssh_public_keys: [key],
    ci_password: 'correct horse',
  })
  const { diff } = await steps.run(vmDetach, { vmid: vm.vmid }, { check: true, alone: true })
  expect(diff).toContainEqual({ what: 'sshkeys', before: [key] })
  expect(diff).toContainEqual({ what: 'cipassword', before: '********' })
})
