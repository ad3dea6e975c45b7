import { expect, test } from 'vitest'
import { Resources } from '../../../src/core/resources.ts'
import type { Context, Inputs, Step, StepId } from '../../../src/core/step.ts'
import { validate } from '../../../src/core/validate.ts'
import { readNote, writeNote } from '../../../src/proxmox/ownership.ts'
import { vmCreate } from '../../../src/steps/vm/create.ts'
import { vmDestroy } from '../../../src/steps/vm/destroy.ts'
import { vmDetach } from '../../../src/steps/vm/detach.ts'
import { vmStart } from '../../../src/steps/vm/start.ts'
import { runTask, send } from '../../lab/api-client.ts'
import { connectionTo } from '../../support/connection.ts'
import { uploadIso } from '../../support/iso-on-lab.ts'
import { type StepsOnLab, stepsOnLab } from '../../support/steps.ts'

const description = { name: 'web1', disks: [{ size: '1G' }] }
const alone = { alone: true } as const
const planned = { alone: true, check: true } as const

async function made(steps: StepsOnLab, more: Readonly<Record<string, unknown>> = {}): Promise<number> {
  return (await steps.run(vmCreate, { ...description, ...more }, alone)).output.vmid
}

function configPath(vmid: number): string {
  return `/nodes/pve/qemu/${vmid}/config`
}

async function configOf(steps: StepsOnLab, vmid: number): Promise<Record<string, string | number>> {
  return (await send(steps.lab, 'GET', configPath(vmid))).body.data
}

/** What the VM's description says when the installation is proved. */
async function noteInstalled(steps: StepsOnLab, vmid: number): Promise<void> {
  const config = await configOf(steps, vmid)
  const note = readNote(config)
  if (note === undefined) throw new Error('the VM has no note')
  const now = new Date().toISOString()
  const text = writeNote(String(config.description), { ...note, installed: { at: now, proved: now } })
  await send(steps.lab, 'PUT', configPath(vmid), { form: { description: text } })
}

test('a VM that somebody else made is not changed, whatever it is called', async () => {
  await using steps = await stepsOnLab()
  const form = { vmid: 300, name: 'web1', memory: 512 }
  await runTask(steps.lab, 'POST', '/nodes/pve/qemu', { form })
  const before = await configOf(steps, 300)
  for (const more of [{}, { vmid: 300 }])
    await expect(steps.run(vmCreate, { ...description, ...more }, alone)).rejects.toMatchObject({
      code: 'PVE_VM_FOREIGN',
    })
  // A clone of ours has its tag and its note, and another UUID.
  const vmid = await made(steps, { name: 'web2' })
  const { description: note, tags } = await configOf(steps, vmid)
  await send(steps.lab, 'PUT', configPath(300), {
    form: { description: String(note), tags: String(tags) },
  })
  await expect(steps.run(vmCreate, description, alone)).rejects.toMatchObject({ code: 'PVE_VM_FOREIGN' })
  expect(await configOf(steps, 300)).toMatchObject({ memory: before.memory })
})

test('a VM that somebody works on is refused before anything is done to it', async () => {
  await using steps = await stepsOnLab()
  const vmid = await made(steps)
  steps.lab.faults.add({ vmLock: 'backup', vmid })
  const locked = { code: 'PVE_VM_LOCKED', details: { lock: 'backup' } }
  const changed = { ...description, memory: 4096 }
  await expect(steps.run(vmCreate, changed, planned)).rejects.toMatchObject(locked)
  await expect(steps.run(vmDetach, { vmid }, planned)).rejects.toMatchObject(locked)
  await expect(steps.run(vmDestroy, { vmid }, planned)).rejects.toMatchObject(locked)
  // Where there is nothing to do, nobody is in the way.
  expect((await steps.run(vmCreate, description, planned)).changed).toBe(false)
})

/** Plans a step; what the result does is up to the caller. */
async function planOf<Id extends StepId>(
  { lab }: StepsOnLab,
  resources: Resources,
  step: Step<Id>,
  input: Readonly<Record<string, unknown>>,
): Promise<() => Promise<unknown>> {
  const document: Record<string, unknown> = {
    ...connectionTo(lab),
    ...input,
  }
  await validate(step.id, document)
  const { signal } = new AbortController()
  const rest: Omit<Context, 'resources'> = {
    signal,
    assumed: new Set(),
    emit: () => undefined,
    redact: (text) => text,
  }
  const plan = await step.plan(document as unknown as Inputs[Id], { ...rest, resources })
  if (plan.apply === undefined) throw new Error('there is nothing to do')
  return plan.apply
}

test('what somebody changes between the look and the change is not overwritten', async () => {
  await using steps = await stepsOnLab()
  const iso = await uploadIso(steps.lab)
  const vmid = await made(steps, { iso })
  const running = await made(steps, { iso, name: 'web2' })
  await steps.run(vmStart, { vmid: running }, alone)
  await using resources = new Resources()
  const applies = [
    await planOf(steps, resources, vmCreate, { ...description, iso, memory: 4096 }),
    await planOf(steps, resources, vmDetach, { vmid }),
    await planOf(steps, resources, vmDetach, { vmid: running, mode: 'hot' }),
  ]
  for (const id of [vmid, running]) await send(steps.lab, 'PUT', configPath(id), { form: { onboot: 1 } })
  const before = [await configOf(steps, vmid), await configOf(steps, running)]
  for (const apply of applies) await expect(apply()).rejects.toMatchObject({ code: 'PVE_VM_CHANGED' })
  expect([await configOf(steps, vmid), await configOf(steps, running)]).toEqual(before)
})

test('drives and boot order that an interrupted run left out are put back', async () => {
  await using steps = await stepsOnLab()
  const iso = await uploadIso(steps.lab)
  const vmid = await made(steps, { iso })
  const form = { delete: 'ide0,ide2', boot: 'order=scsi0' }
  await send(steps.lab, 'PUT', configPath(vmid), { form })
  const isoFirst = { ...description, iso, boot_iso_first: true }
  await steps.run(vmCreate, isoFirst, alone)
  expect(await configOf(steps, vmid)).toMatchObject({
    ide0: expect.stringContaining('cloudinit'),
    ide2: expect.stringContaining('nixos.iso'),
    boot: 'order=ide2;scsi0',
  })
  expect((await steps.run(vmCreate, isoFirst, alone)).changed).toBe(false)
  await steps.run(vmCreate, { ...description, iso }, alone)
  expect(await configOf(steps, vmid)).toMatchObject({ boot: 'order=scsi0;ide2' })
})

test('a description that changes keeps the note that marks the VM', async () => {
  await using steps = await stepsOnLab()
  const vmid = await made(steps, { description: 'first' })
  const { diff } = await steps.run(vmCreate, { ...description, description: 'second' }, alone)
  expect(diff).toEqual([{ what: 'description', before: 'first', after: 'second' }])
  const config = await configOf(steps, vmid)
  expect(config.description).toMatch(/^second\n\n/)
  expect(readNote(config)).toBeDefined()
  // Where nothing is said of it, it stays.
  expect((await steps.run(vmCreate, description, alone)).changed).toBe(false)
})

test('a VM is moved to the wanted pool, out of the one that it is in', async () => {
  await using steps = await stepsOnLab({ pools: ['first', 'second'] })
  const vmid = await made(steps, { pool: 'first' })
  const { diff } = await steps.run(vmCreate, { ...description, pool: 'second' }, alone)
  expect(diff).toEqual([{ what: 'pool', before: 'first', after: 'second' }])
  const { body } = await send(steps.lab, 'GET', '/pools?poolid=second&type=qemu')
  expect(body.data[0].members.map((member: { vmid: number }) => member.vmid)).toEqual([vmid])
  expect((await steps.run(vmCreate, { ...description, pool: 'second' }, alone)).changed).toBe(false)
  expect((await steps.run(vmCreate, description, alone)).changed).toBe(false)
})

test('an installed VM gets its hardware, and no cloud-init settings any more', async () => {
  await using steps = await stepsOnLab()
  const vmid = await made(steps)
  await steps.run(vmDetach, { vmid }, alone)
  await noteInstalled(steps, vmid)
  const cloudInit = { ci_user: 'admin', ci_password: 'correct horse', nameservers: ['192.0.2.1'] }
  const { diff } = await steps.run(
    vmCreate,
    { ...description, ...cloudInit, memory: 4096, reattach: true },
    alone,
  )
  expect(diff.map(({ what }) => what)).toEqual(['memory'])
  const left = Object.keys(await configOf(steps, vmid)).filter((key) =>
    /^(ci|ipconfig|nameserver|ide)/.test(key),
  )
  expect(left).toEqual([])
})

test('a VM that is on another node than the wanted one stays there, and that is told', async () => {
  await using steps = await stepsOnLab({ nodes: [{ name: 'pve' }, { name: 'pve2' }] })
  await made(steps, { node: 'pve' })
  const wanted = { ...description, node: 'pve2' }
  expect(await steps.run(vmCreate, wanted, alone)).toMatchObject({
    changed: false,
    output: { node: 'pve' },
    warnings: ['web1 is on node pve, and not on pve2: it stays there.'],
  })
  for (const rest of [{}, { node: 'pve' }])
    expect((await steps.run(vmCreate, { ...description, ...rest }, alone)).warnings).toEqual([])
})
