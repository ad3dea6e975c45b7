import { expect, test } from 'vitest'
import { vmCreate } from '../../../src/steps/vm/create.ts'
import { vmDestroy } from '../../../src/steps/vm/destroy.ts'
import { vmStart } from '../../../src/steps/vm/start.ts'
import { runTask, send } from '../../lab/api-client.ts'
import { stepsOnLab } from '../../support/steps.ts'

const description = { name: 'web1', disks: [{ size: '1G' }] }

test('volumes that the configuration does not name are listed and left alone', async () => {
  await using steps = await stepsOnLab()
  const { output: vm } = await steps.run(vmCreate, description)
  const stray = await strayVolume(steps.lab, vm.vmid)
  const { output, diff } = await steps.run(vmDestroy, { vmid: vm.vmid })
  expect(output.unreferenced).toEqual([stray])
  expect(output.volumes).not.toContain(stray)
  expect(diff.map(({ before }) => before)).not.toContain(stray)
  expect(await volumes(steps.lab)).toEqual([stray])
})

test('they are destroyed as well where that is asked for', async () => {
  await using steps = await stepsOnLab()
  const { output: vm } = await steps.run(vmCreate, description)
  const stray = await strayVolume(steps.lab, vm.vmid)
  const { output, diff } = await steps.run(vmDestroy, { vmid: vm.vmid, unreferenced: true })
  expect(output).toMatchObject({ unreferenced: [], volumes: expect.arrayContaining([stray]) })
  expect(diff.map(({ before }) => before)).toContain(stray)
  expect(await volumes(steps.lab)).toEqual([])
})

test('a disk that was detached from the VM goes with it', async () => {
  await using steps = await stepsOnLab()
  const { output: vm } = await steps.run(vmCreate, description)
  await send(steps.lab, 'PUT', `/nodes/pve/qemu/${vm.vmid}/config`, { form: { delete: 'scsi0' } })
  const { output } = await steps.run(vmDestroy, { name: 'web1' })
  expect(output.volumes).toContain(`local-lvm:vm-${vm.vmid}-disk-0`)
  expect(await volumes(steps.lab)).toEqual([])
})

test('that a VM is switched off for it is among the changes', async () => {
  await using steps = await stepsOnLab()
  const { output: vm } = await steps.run(vmCreate, description)
  await steps.run(vmStart, { vmid: vm.vmid })
  const { diff } = await steps.run(vmDestroy, { vmid: vm.vmid, stop: true }, { check: true })
  expect(diff.slice(0, 2)).toEqual([
    { what: 'vm', before: `${vm.vmid} (web1)` },
    { what: 'status', before: 'running', after: 'stopped' },
  ])
})

test('a VM that is not there is no error, by id or by name', async () => {
  await using steps = await stepsOnLab()
  for (const reference of [{ vmid: 999 }, { name: 'nobody' }, { vmid: 999, node: 'pve' }]) {
    const { changed, output } = await steps.run(vmDestroy, reference)
    expect(changed).toBe(false)
    expect(output).toMatchObject({ existed: false, volumes: [] })
  }
})

test('a drive that is about to be added goes with the VM, and is not called unreferenced', async () => {
  await using steps = await stepsOnLab()
  const { output: vm } = await steps.run(vmCreate, { ...description, cloud_init: false })
  await steps.run(vmStart, { vmid: vm.vmid })
  const form = { ide0: 'local-lvm:cloudinit' }
  await send(steps.lab, 'PUT', `/nodes/pve/qemu/${vm.vmid}/config`, { form })
  const { output } = await steps.run(vmDestroy, { vmid: vm.vmid, stop: true }, { alone: true })
  expect(output.volumes).toEqual([`local-lvm:vm-${vm.vmid}-disk-0`, `local-lvm:vm-${vm.vmid}-cloudinit`])
  expect(output.unreferenced).toEqual([])
})

test('a VM that somebody else made goes where that is asked for', async () => {
  await using steps = await stepsOnLab()
  const form = { vmid: 300, name: 'theirs', scsi0: 'local-lvm:1' }
  await runTask(steps.lab, 'POST', '/nodes/pve/qemu', { form })
  await expect(steps.run(vmDestroy, { vmid: 300 })).rejects.toMatchObject({ code: 'PVE_VM_FOREIGN' })
  const { output } = await steps.run(vmDestroy, { vmid: 300, force: true })
  expect(output).toMatchObject({ existed: true, volumes: ['local-lvm:vm-300-disk-0'] })
  expect(await volumes(steps.lab)).toEqual([])
})

test('a protected VM is refused before it is switched off, whatever is asked for', async () => {
  await using steps = await stepsOnLab()
  const { output: vm } = await steps.run(vmCreate, description)
  await steps.run(vmStart, { vmid: vm.vmid })
  await send(steps.lab, 'PUT', `/nodes/pve/qemu/${vm.vmid}/config`, { form: { protection: 1 } })
  const since = steps.lab.requests.length
  const asked = { vmid: vm.vmid, force: true, stop: true, unreferenced: true }
  await expect(steps.run(vmDestroy, asked, { alone: true })).rejects.toMatchObject({
    code: 'PVE_VM_PROTECTED',
  })
  expect(steps.lab.requests.slice(since).filter(({ method }) => method !== 'GET')).toEqual([])
})

test('the VM is purged from backups and the like, and its volumes that nobody names only on request', async () => {
  await using steps = await stepsOnLab()
  const sent: string[] = []
  for (const unreferenced of [false, true]) {
    const { output: vm } = await steps.run(vmCreate, description)
    await steps.run(vmDestroy, { vmid: vm.vmid, unreferenced })
    const request = steps.lab.requests.findLast(({ method }) => method === 'DELETE')
    sent.push(request?.query ?? '')
  }
  expect(sent.map((query) => Object.fromEntries(new URLSearchParams(query)))).toEqual([
    { purge: '1', 'destroy-unreferenced-disks': '0' },
    { purge: '1', 'destroy-unreferenced-disks': '1' },
  ])
})

/** A volume with the VM's id that its configuration does not name. */
async function strayVolume(lab: Parameters<typeof send>[0], vmid: number): Promise<string> {
  const filename = `vm-${vmid}-disk-7`
  const { body } = await send(lab, 'POST', '/nodes/pve/storage/local-lvm/content', {
    form: { vmid, filename, size: '1G' },
  })
  return body.data
}

async function volumes(lab: Parameters<typeof send>[0]): Promise<string[]> {
  const { body } = await send(lab, 'GET', '/nodes/pve/storage/local-lvm/content')
  return body.data.map(({ volid }: { volid: string }) => volid).sort()
}
