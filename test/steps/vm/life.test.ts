import { expect, test } from 'vitest'
import { vmCreate } from '../../../src/steps/vm/create.ts'
import { vmDestroy } from '../../../src/steps/vm/destroy.ts'
import { vmDetach } from '../../../src/steps/vm/detach.ts'
import { vmStart } from '../../../src/steps/vm/start.ts'
import { uploadIso } from '../../support/iso-on-lab.ts'
import { stepsOnLab } from '../../support/steps.ts'

const description = {
  name: 'web1',
  disks: [{ size: '1G' }],
  networks: [{ ip: '192.0.2.21/24', gateway: '192.0.2.1' }],
}

test('the life of a VM in one run takes eight requests besides waiting for tasks', async () => {
  await using steps = await stepsOnLab({ preflighted: true })
  const iso = await uploadIso(steps.lab)
  steps.asked()
  const { output: vm } = await steps.run(vmCreate, { ...description, iso })
  const reference = { vmid: vm.vmid, node: vm.node }
  expect(steps.asked()).toEqual(['GET /cluster/resources', 'GET /cluster/nextid', 'POST /nodes/pve/qemu'])
  await steps.run(vmStart, reference)
  expect(steps.asked()).toEqual([`POST /nodes/pve/qemu/${vm.vmid}/status/start`])
  const detached = await steps.run(vmDetach, { ...reference, start: false })
  expect(steps.asked()).toEqual([
    `POST /nodes/pve/qemu/${vm.vmid}/status/shutdown`,
    `PUT /nodes/pve/qemu/${vm.vmid}/config`,
    `GET /nodes/pve/qemu/${vm.vmid}/pending`,
  ])
  expect(detached.output).toMatchObject({ status: 'stopped', boot: 'order=scsi0', pending: [] })
  const destroyed = await steps.run(vmDestroy, reference)
  expect(steps.asked()).toEqual([`DELETE /nodes/pve/qemu/${vm.vmid}`])
  expect(destroyed.output.volumes).toEqual([`local-lvm:vm-${vm.vmid}-disk-0`])
})

test('a VM that another run changed is looked at anew', async () => {
  await using steps = await stepsOnLab()
  const { output: vm } = await steps.run(vmCreate, description)
  const reference = { vmid: vm.vmid, node: vm.node }
  await steps.run(vmStart, reference, { alone: true })
  steps.asked()
  expect((await steps.run(vmStart, reference, { alone: true })).changed).toBe(false)
  expect(steps.asked()).toEqual([`GET /nodes/pve/qemu/${vm.vmid}/status/current`])
})

test('a step alone says which MAC addresses Proxmox made, and asks for nothing where they were given', async () => {
  await using steps = await stepsOnLab()
  const made = await steps.run(vmCreate, description)
  expect(made.output.macs).toEqual([expect.stringMatching(/^([0-9A-F]{2}:){5}[0-9A-F]{2}$/)])
  steps.asked()
  const networks = [{ mac: 'bc:24:11:00:00:01' }, { mac: 'BC:24:11:00:00:02' }]
  const given = await steps.run(vmCreate, { ...description, name: 'web2', networks })
  expect(given.output.macs).toEqual(['BC:24:11:00:00:01', 'BC:24:11:00:00:02'])
  expect(steps.asked().filter((request) => request.endsWith('/pending'))).toEqual([])
})

test('the result names the id that was taken', async () => {
  await using steps = await stepsOnLab()
  const check = await steps.run(vmCreate, description, { check: true })
  expect(check.diff[0]).toEqual({ what: 'vm', after: 'the next free id (100 now)' })
  steps.lab.faults.add({ vmidRace: true, vmid: 100 })
  const { diff, output } = await steps.run(vmCreate, description)
  expect(output.vmid).toBe(101)
  expect(diff[0]).toEqual({ what: 'vm', after: 101 })
})

test('a VM that is named by id and node is found without a list of all', async () => {
  await using steps = await stepsOnLab()
  const { output: vm } = await steps.run(vmCreate, description)
  const wrong = steps.run(vmStart, { vmid: vm.vmid, node: vm.node, name: 'web9' }, { alone: true })
  await expect(wrong).rejects.toMatchObject({
    code: 'PVE_VM_NOT_FOUND',
    message: expect.stringContaining('web9'),
  })
  const absent = steps.run(vmStart, { vmid: 999, node: vm.node }, { alone: true })
  await expect(absent).rejects.toMatchObject({
    code: 'PVE_VM_NOT_FOUND',
    message: expect.stringContaining('999 on node pve'),
  })
  const nowhere = steps.run(vmStart, { vmid: vm.vmid, node: 'pve9' }, { alone: true })
  await expect(nowhere).rejects.toMatchObject({ code: 'PVE_NODE_UNKNOWN' })
})
