import { expect, it } from 'vitest'
import type { Lab } from '../../src/lab/lab.ts'
import { runTask, send } from './api-client.ts'
import { newLab } from './new-lab.ts'

/** A lab, and what it tells whoever runs it. */
async function noticingLab(): Promise<{ lab: Lab; notices: string[] }> {
  const notices: string[] = []
  const { lab } = await newLab({ log: (line, isNotice) => isNotice && notices.push(line) })
  return { lab, notices }
}

it('what the lab does not emulate is answered as an unknown path, and told to whoever runs it', async () => {
  const { lab, notices } = await noticingLab()
  const known = await send(lab, 'GET', '/version')
  const replication = await send(lab, 'GET', '/cluster/replication')
  expect([known.status, replication.status, replication.reason]).toEqual([
    200,
    501,
    "Method 'GET /cluster/replication' not implemented",
  ])
  expect(replication.body).toEqual({ data: null, message: replication.reason })
  expect(notices).toEqual(['not emulated by the lab: GET /cluster/replication'])
})

it('a linked clone of a template is not emulated; of another VM it is refused, as by a real server', async () => {
  const { lab, notices } = await noticingLab()
  await runTask(lab, 'POST', '/nodes/pve/qemu', {
    form: { vmid: 100, ide0: 'local:cloudinit', scsi0: 'local:0.004' },
  })
  const clone = (form: Record<string, string | number>) =>
    send(lab, 'POST', '/nodes/pve/qemu/100/clone', { form })
  const refused = await clone({ newid: 101, full: 0 })
  expect([refused.status, refused.reason]).toEqual([
    500,
    "Linked clone feature is not supported for drive 'scsi0'",
  ])
  expect(notices).toEqual([])
  await runTask(lab, 'POST', '/nodes/pve/qemu/100/template')
  // Of a template a clone is a linked one, if not told otherwise.
  const linked = await clone({ newid: 101 })
  expect([linked.status, linked.reason]).toEqual([
    501,
    "Method 'POST /nodes/pve/qemu/100/clone (linked clones)' not implemented",
  ])
  expect(notices).toEqual(['not emulated by the lab: POST /nodes/pve/qemu/100/clone (linked clones)'])
  expect((await send(lab, 'GET', '/nodes/pve/qemu/101/config')).status).toBe(500)
})

it('a VM is not suspended to disk: that is not emulated, and it goes on running', async () => {
  const { lab, notices } = await noticingLab()
  await runTask(lab, 'POST', '/nodes/pve/qemu', { form: { vmid: 100 } })
  const suspend = () => send(lab, 'POST', '/nodes/pve/qemu/100/status/suspend', { form: { todisk: 1 } })
  expect(await suspend()).toMatchObject({ status: 500, reason: 'VM 100 not running' })
  await runTask(lab, 'POST', '/nodes/pve/qemu/100/status/start')
  expect(await suspend()).toMatchObject({
    status: 501,
    reason: "Method 'POST /nodes/pve/qemu/100/status/suspend (todisk=1)' not implemented",
  })
  const { body } = await send(lab, 'GET', '/nodes/pve/qemu/100/status/current')
  expect(body.data).toMatchObject({ status: 'running', qmpstatus: 'running' })
  expect(notices).toEqual(['not emulated by the lab: POST /nodes/pve/qemu/100/status/suspend (todisk=1)'])
})

it('of a storage only its content and its being enabled can be changed; the rest is not emulated', async () => {
  const { lab, notices } = await noticingLab()
  const change = (form: Record<string, string>) => send(lab, 'PUT', '/storage/local', { form })
  expect((await change({ content: 'iso,import' })).status).toBe(200)
  expect(await change({ bwlimit: 'default=1' })).toMatchObject({ status: 501 })
  expect(notices).toEqual(['not emulated by the lab: PUT /storage/local (bwlimit)'])
})
