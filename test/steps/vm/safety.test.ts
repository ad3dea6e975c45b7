import { expect, test } from 'vitest'
import { vmCreate } from '../../../src/steps/vm/create.ts'
import { vmDestroy } from '../../../src/steps/vm/destroy.ts'
import { vmDetach } from '../../../src/steps/vm/detach.ts'
import { vmStart } from '../../../src/steps/vm/start.ts'
import { runTask, send } from '../../lab/api-client.ts'
import { uploadIso } from '../../support/iso-on-lab.ts'
import { type StepsOnLab, stepsOnLab } from '../../support/steps.ts'

const description = { name: 'web1', disks: [{ size: '1G' }] }
const alone = { alone: true } as const

async function made(steps: StepsOnLab, more: Readonly<Record<string, unknown>> = {}): Promise<number> {
  return (await steps.run(vmCreate, { ...description, ...more })).output.vmid
}

async function configOf(steps: StepsOnLab, vmid: number): Promise<Record<string, unknown>> {
  return (await send(steps.lab, 'GET', `/nodes/pve/qemu/${vmid}/config`)).body.data
}

/** From now on the cluster's list is what it is now: names in it lag behind. */
async function freezeList(steps: StepsOnLab): Promise<void> {
  const { text } = await send(steps.lab, 'GET', '/cluster/resources')
  steps.lab.faults.add({
    path: '/cluster/resources',
    action: { answer: { status: 200, reason: 'OK', body: text } },
  })
}

test('a VM that was renamed a moment ago is not taken for the one that is meant', async () => {
  await using steps = await stepsOnLab()
  const vmid = await made(steps)
  await freezeList(steps)
  await send(steps.lab, 'PUT', `/nodes/pve/qemu/${vmid}/config`, { form: { name: 'precious' } })
  await expect(steps.run(vmStart, { name: 'web1' }, alone)).rejects.toMatchObject({
    code: 'PVE_VM_NOT_FOUND',
  })
  expect((await steps.run(vmDestroy, { name: 'web1' }, alone)).output).toMatchObject({ existed: false })
  const other = await steps.run(vmCreate, description, { ...alone, check: true })
  expect(other.diff[0]).toMatchObject({ what: 'vm' })
  await expect(steps.run(vmCreate, { ...description, vmid }, alone)).rejects.toMatchObject({
    code: 'PVE_VMID_TAKEN',
    message: expect.stringContaining('precious'),
  })
  expect(await configOf(steps, vmid)).toMatchObject({ name: 'precious' })
})

test('a VM with another UUID is not destroyed', async () => {
  await using steps = await stepsOnLab()
  const vmid = await made(steps)
  const expected_uuid = '00000000-0000-4000-8000-000000000000'
  await expect(steps.run(vmDestroy, { vmid, expected_uuid })).rejects.toMatchObject({
    code: 'PVE_VM_CHANGED',
  })
  expect(await configOf(steps, vmid)).toMatchObject({ name: 'web1' })
})

test('only the VM’s own volumes are said to go with it', async () => {
  await using steps = await stepsOnLab()
  const other = await made(steps, { name: 'other' })
  const vmid = await made(steps)
  const form = { scsi5: `local-lvm:vm-${other}-disk-0` }
  await send(steps.lab, 'PUT', `/nodes/pve/qemu/${vmid}/config`, { form })
  const { output } = await steps.run(vmDestroy, { vmid }, { ...alone, check: true })
  expect(output.volumes).not.toContain(form.scsi5)
  expect(output.volumes).toContain(`local-lvm:vm-${vmid}-disk-0`)
})

test('a running system whose drives cannot be removed is started again, and the error says so', async () => {
  await using steps = await stepsOnLab()
  const form = { vmid: 300, name: 'theirs', scsi0: 'local-lvm:1', ide2: 'none,media=cdrom' }
  await runTask(steps.lab, 'POST', '/nodes/pve/qemu', { form })
  await steps.run(vmStart, { vmid: 300, node: 'pve' })
  steps.lab.faults.add({
    method: 'PUT',
    path: '/nodes/*/qemu/*/config',
    action: { answer: { status: 403, reason: 'Permission check failed (/vms/300, VM.Config.CDROM)' } },
  })
  await expect(steps.run(vmDetach, { vmid: 300, force: true }, alone)).rejects.toMatchObject({
    code: 'PVE_FORBIDDEN',
    details: { status_now: 'running' },
  })
  const { body } = await send(steps.lab, 'GET', '/nodes/pve/qemu/300/status/current')
  expect(body.data.status).toBe('running')
})

test('firmware and controller of a VM that is there are kept, with a warning', async () => {
  await using steps = await stepsOnLab()
  const vmid = await made(steps, { bios: 'ovmf', machine: 'q35' })
  const again = await steps.run(vmCreate, { ...description, scsi_controller: 'lsi' }, alone)
  expect(again).toMatchObject({ changed: false, warnings: [expect.stringContaining('bios, scsihw')] })
  expect(await configOf(steps, vmid)).toMatchObject({ bios: 'ovmf', scsihw: 'virtio-scsi-single' })
})

test('a value that a running VM does not have yet is told, also by the next run', async () => {
  await using steps = await stepsOnLab()
  const vmid = await made(steps, { cores: 2 })
  await steps.run(vmStart, { vmid })
  const told = [expect.stringContaining('cores (2 → 4) when it is stopped and started')]
  expect(await steps.run(vmCreate, { ...description, cores: 4 }, alone)).toMatchObject({
    changed: true,
    warnings: told,
  })
  expect(await steps.run(vmCreate, { ...description, cores: 4 }, alone)).toMatchObject({
    changed: false,
    warnings: told,
  })
})

test('the medium that a running installer lives from stays in its drive', async () => {
  await using steps = await stepsOnLab()
  const [first, second] = [await uploadIso(steps.lab, 'first.iso'), await uploadIso(steps.lab, 'second.iso')]
  const vmid = await made(steps, { iso: first })
  await steps.run(vmStart, { vmid })
  const again = await steps.run(vmCreate, { ...description, iso: second }, alone)
  expect(again).toMatchObject({ changed: false, warnings: [expect.stringContaining('second.iso')] })
  expect(await configOf(steps, vmid)).toMatchObject({ ide2: expect.stringContaining('first.iso') })
})

test('drives that were detached are not put back by the next run, unless asked for', async () => {
  await using steps = await stepsOnLab()
  const iso = await uploadIso(steps.lab)
  const vmid = await made(steps, { iso })
  await steps.run(vmDetach, { vmid }, alone)
  expect((await steps.run(vmCreate, { ...description, iso }, alone)).changed).toBe(false)
  expect((await steps.run(vmDetach, { vmid }, alone)).changed).toBe(false)

  const back = await steps.run(vmCreate, { ...description, iso, reattach: true }, alone)
  expect(back.changed).toBe(true)
  expect(await configOf(steps, vmid)).toMatchObject({ ide2: expect.stringContaining('nixos.iso') })
  expect((await steps.run(vmCreate, { ...description, iso }, alone)).changed).toBe(false)
})

test('an id whose lock somebody else’s create holds counts as taken', async () => {
  await using steps = await stepsOnLab()
  const reason = "can't lock file '/var/lock/qemu-server/lock-100.conf' - got timeout"
  steps.lab.faults.add({
    method: 'POST',
    path: '/nodes/*/qemu',
    times: 1,
    action: { answer: { status: 500, reason } },
  })
  expect(await made(steps)).toBe(101)
})

test('a creation that fails when the VM is there names it', async () => {
  await using steps = await stepsOnLab()
  steps.lab.faults.add({
    path: '/nodes/*/qemu/*/pending',
    action: { answer: { status: 403, reason: 'Permission check failed (/vms/100, VM.Audit)' } },
  })
  await expect(steps.run(vmCreate, description)).rejects.toMatchObject({
    code: 'PVE_FORBIDDEN',
    details: { created: { vmid: 100, node: 'pve', uuid: expect.stringMatching(/^[0-9a-f-]{36}$/) } },
  })
})
