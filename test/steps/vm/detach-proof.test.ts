import { expect, test } from 'vitest'
import { vmCreate } from '../../../src/steps/vm/create.ts'
import { vmDetach } from '../../../src/steps/vm/detach.ts'
import { vmStart } from '../../../src/steps/vm/start.ts'
import { runTask, send } from '../../lab/api-client.ts'
import { uploadIso } from '../../support/iso-on-lab.ts'
import { type StepsOnLab, stepsOnLab } from '../../support/steps.ts'

const description = { name: 'web1', disks: [{ size: '1G' }] }
const alone = { alone: true } as const
const modes = ['hot', 'cold'] as const

/** A running VM of ours from which everything was detached. */
async function runningWithoutDrives(steps: StepsOnLab): Promise<number> {
  const { vmid } = (await steps.run(vmCreate, description, alone)).output
  await steps.run(vmDetach, { vmid, start: true }, alone)
  return vmid
}

async function settingsOf(steps: StepsOnLab, vmid: number): Promise<Record<string, unknown>> {
  return (await send(steps.lab, 'GET', `/nodes/pve/qemu/${vmid}/config`)).body.data
}

async function stop(steps: StepsOnLab, vmid: number): Promise<void> {
  await runTask(steps.lab, 'POST', `/nodes/pve/qemu/${vmid}/status/stop`)
}

/** From now on changes of configurations are answered as done, and are not: from the so many-th on. */
function ignoreChanges(steps: StepsOnLab, after = 0): void {
  const answer = { status: 200, reason: 'OK', body: '{"data":null}' }
  steps.lab.faults.add({ method: 'PUT', path: '/nodes/*/qemu/*/config', after, action: { answer } })
}

test.each(modes)(
  'drives that were added while the VM runs do not come with its next start (%s)',
  async (mode) => {
    await using steps = await stepsOnLab()
    const iso = await uploadIso(steps.lab)
    const vmid = await runningWithoutDrives(steps)
    await steps.run(vmCreate, { ...description, iso, reattach: true }, alone)
    const added = await settingsOf(steps, vmid)
    expect(added).toMatchObject({ boot: 'order=scsi0;ide2', ide2: expect.stringContaining('nixos.iso') })

    const { changed, diff, output } = await steps.run(vmDetach, { vmid, mode }, alone)
    expect(changed).toBe(true)
    expect(diff).toContainEqual({ what: 'ide2', before: expect.stringContaining('nixos.iso') })
    expect(diff).toContainEqual({ what: 'boot', before: 'order=scsi0;ide2', after: 'order=scsi0' })
    expect(output).toMatchObject({ status: 'running', pending: [] })
    expect((await steps.run(vmDetach, { vmid, mode }, alone)).changed).toBe(false)
    await stop(steps, vmid)
    const config = await settingsOf(steps, vmid)
    expect(config).toMatchObject({ boot: 'order=scsi0' })
    for (const key of ['ide0', 'ide2', 'sshkeys', 'ipconfig0']) expect(config).not.toHaveProperty(key)
  },
)

test('an ISO that waits for the next start is something to do, with nothing else left', async () => {
  await using steps = await stepsOnLab()
  const iso = await uploadIso(steps.lab)
  const vmid = await runningWithoutDrives(steps)
  const path = `/nodes/pve/qemu/${vmid}/config`
  await send(steps.lab, 'PUT', path, { form: { ide2: `${iso},media=cdrom` } })
  for (const mode of modes) {
    const { changed, output } = await steps.run(vmDetach, { vmid, mode }, { ...alone, check: true })
    expect([changed, output.removed]).toEqual([true, ['ide2']])
  }
})

test('a drive that is still about to be added is no success', async () => {
  await using steps = await stepsOnLab()
  const iso = await uploadIso(steps.lab)
  const vmid = await runningWithoutDrives(steps)
  const path = `/nodes/pve/qemu/${vmid}/config`
  await send(steps.lab, 'PUT', path, { form: { ide2: `${iso},media=cdrom`, boot: 'order=scsi0' } })
  ignoreChanges(steps)
  await expect(steps.run(vmDetach, { vmid, mode: 'hot' }, alone)).rejects.toMatchObject({
    code: 'PVE_DETACH_INCOMPLETE',
    details: { settings: 'ide2' },
  })
})

test('a running VM whose drives stay as they are is no success', async () => {
  await using steps = await stepsOnLab()
  const iso = await uploadIso(steps.lab)
  const { vmid } = (await steps.run(vmCreate, { ...description, iso }, alone)).output
  await steps.run(vmStart, { vmid }, alone)
  ignoreChanges(steps)
  await expect(steps.run(vmDetach, { vmid, mode: 'hot' }, alone)).rejects.toMatchObject({
    code: 'PVE_DETACH_INCOMPLETE',
    details: { settings: 'ide2, ide0, ciupgrade, ipconfig0, boot' },
  })
})

test('emptied drives that are not removed with the rest are no success either', async () => {
  await using steps = await stepsOnLab()
  const iso = await uploadIso(steps.lab)
  const { vmid } = (await steps.run(vmCreate, { ...description, iso }, alone)).output
  await steps.run(vmStart, { vmid }, alone)
  ignoreChanges(steps, 1)
  await expect(steps.run(vmDetach, { vmid, mode: 'hot' }, alone)).rejects.toMatchObject({
    code: 'PVE_DETACH_INCOMPLETE',
    details: { settings: 'ciupgrade, ipconfig0, boot' },
  })
})

test.each(modes)('a boot order that does not change is no success (%s)', async (mode) => {
  await using steps = await stepsOnLab()
  const form = { vmid: 300, name: 'theirs', scsi0: 'local-lvm:1', net0: 'virtio,bridge=vmbr0' }
  await runTask(steps.lab, 'POST', '/nodes/pve/qemu', { form: { ...form, boot: 'order=net0' } })
  if (mode === 'hot') await steps.run(vmStart, { vmid: 300 }, alone)
  const remove = steps.lab.faults.add({
    method: 'PUT',
    path: '/nodes/*/qemu/*/config',
    action: { answer: { status: 200, reason: 'OK', body: '{"data":null}' } },
  })
  const detach = { vmid: 300, mode, force: true }
  await expect(steps.run(vmDetach, detach, alone)).rejects.toMatchObject({
    code: 'PVE_DETACH_INCOMPLETE',
    details: { settings: 'boot' },
  })
  remove()
  expect((await steps.run(vmDetach, detach, alone)).changed).toBe(true)
  expect(await settingsOf(steps, 300)).toMatchObject({ boot: 'order=scsi0;net0' })
})

test('a disk whose place a drive is about to take is not emptied', async () => {
  await using steps = await stepsOnLab()
  const iso = await uploadIso(steps.lab)
  const vmid = await runningWithoutDrives(steps)
  const path = `/nodes/pve/qemu/${vmid}/config`
  await send(steps.lab, 'PUT', path, { form: { ide1: 'local-lvm:1' } })
  await stop(steps, vmid)
  await steps.run(vmStart, { vmid }, alone)
  const { ide1: disk } = await settingsOf(steps, vmid)
  await send(steps.lab, 'PUT', path, { form: { ide1: `${iso},media=cdrom` } })
  steps.asked()
  await steps.run(vmDetach, { vmid, mode: 'hot' }, alone)
  expect(steps.asked().filter((request) => request.startsWith('PUT'))).toEqual([`PUT ${path}`])
  const current = (await send(steps.lab, 'GET', `${path}?current=1`)).body.data
  expect(current.ide1).toBe(disk)
  await stop(steps, vmid)
  const config = await settingsOf(steps, vmid)
  expect(JSON.stringify(config)).not.toContain('nixos.iso')
  expect(JSON.stringify(config)).toContain(String(disk).split(',')[0])
})
