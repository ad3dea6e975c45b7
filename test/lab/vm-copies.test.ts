import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Lab } from '../../src/lab/lab.ts'
import { runTask, send } from './api-client.ts'
import { newLab } from './new-lab.ts'

const hardware = {
  vmid: 100,
  name: 'web1',
  scsi0: 'local:0.004',
  ide2: 'none,media=cdrom',
  net0: 'virtio,bridge=vmbr0',
}

describe('a clone', () => {
  it('has the content of the disks, and identifiers of its own', async () => {
    const { lab, folder } = await newLab()
    await runTask(lab, 'POST', '/nodes/pve/qemu', { form: hardware })
    const images = path.join(folder, 'storage/local/images')
    writeFileSync(path.join(images, '100/vm-100-disk-0.raw'), 'content', { flag: 'r+' })
    const { exitstatus } = await runTask(lab, 'POST', '/nodes/pve/qemu/100/clone', { form: { newid: 101 } })
    expect(exitstatus).toBe('OK')
    expect(readFileSync(path.join(images, '101/vm-101-disk-0.raw'), 'utf8')).toMatch(/^content\0+$/)
    const [original, copy] = [await config(lab, 100), await config(lab, 101)]
    expect(copy).toMatchObject({
      name: 'Copy-of-VM-web1',
      scsi0: 'local:101/vm-101-disk-0.raw,size=4195K',
      ide2: 'none,media=cdrom',
    })
    for (const key of ['net0', 'smbios1', 'vmgenid']) expect(copy[key]).not.toBe(original[key])
  })

  it('that is aborted leaves nothing', async () => {
    const { lab, folder } = await newLab({ latency: { copyMs: 60_000 } })
    await runTask(lab, 'POST', '/nodes/pve/qemu', { form: hardware })
    const { body } = await send(lab, 'POST', '/nodes/pve/qemu/100/clone', { form: { newid: 101 } })
    expect(await config(lab, 101)).toMatchObject({ lock: 'clone' })
    await send(lab, 'DELETE', `/nodes/pve/tasks/${encodeURIComponent(body.data)}`)
    while ((await config(lab, 101)) !== undefined);
    expect(existsSync(path.join(folder, 'storage/local/images/101'))).toBe(false)
  })
})

it('a template cannot be started, and its disks are base volumes', async () => {
  const { lab } = await newLab()
  await runTask(lab, 'POST', '/nodes/pve/qemu', { form: hardware })
  await runTask(lab, 'POST', '/nodes/pve/qemu/100/template')
  expect(await config(lab, 100)).toMatchObject({
    template: 1,
    scsi0: 'local:100/base-100-disk-0.raw,size=4195K',
  })
  const { exitstatus } = await runTask(lab, 'POST', '/nodes/pve/qemu/100/status/start')
  expect(exitstatus).toBe("you can't start a vm if it's a template")
})

async function config(lab: Lab, vmid: number) {
  const { body } = await send(lab, 'GET', `/nodes/pve/qemu/${vmid}/config`)
  return body.data ?? undefined
}
