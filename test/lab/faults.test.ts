import { describe, expect, it } from 'vitest'
import { finished, runTask, send, upload } from './api-client.ts'
import { newLab } from './new-lab.ts'

describe('a fault', () => {
  it('answers in the place of the API, as often as it is told to', async () => {
    const { lab } = await newLab()
    lab.faults.add({
      method: 'POST',
      path: '/nodes/*/qemu/*/status/start',
      times: 1,
      action: { answer: { status: 500, reason: 'got lost' } },
    })
    const first = await send(lab, 'POST', '/nodes/pve/qemu/100/status/start', { form: {} })
    expect([first.status, first.reason, first.body.message]).toEqual([500, 'got lost', 'got lost\n'])
    expect((await send(lab, 'POST', '/nodes/pve/qemu/100/status/start')).status).toBe(200)
  })

  it('can be taken back', async () => {
    const { lab } = await newLab()
    const remove = lab.faults.add({ path: '/version', action: { answer: { status: 503, reason: 'down' } } })
    expect((await send(lab, 'GET', '/version')).status).toBe(503)
    remove()
    expect((await send(lab, 'GET', '/version')).status).toBe(200)
  })

  it('breaks the connection before a request takes effect', async () => {
    const { lab } = await newLab()
    lab.faults.add({ method: 'POST', path: '/nodes/pve/qemu', times: 1, action: { drop: 'before' } })
    await expect(send(lab, 'POST', '/nodes/pve/qemu', { form: { vmid: 100 } })).rejects.toThrow()
    expect((await send(lab, 'GET', '/cluster/nextid')).body.data).toBe('100')
  })

  it('loses the answer of a request that took effect', async () => {
    const { lab } = await newLab()
    lab.faults.add({ method: 'POST', path: '/nodes/pve/qemu', times: 1, action: { drop: 'after' } })
    await expect(send(lab, 'POST', '/nodes/pve/qemu', { form: { vmid: 100 } })).rejects.toThrow()
    expect((await send(lab, 'GET', '/cluster/nextid')).body.data).toBe('101')
    expect(lab.requests.map(({ method, path, status }) => [method, path, status])).toEqual([
      ['POST', '/nodes/pve/qemu', 0],
      ['GET', '/cluster/nextid', 200],
    ])
  })

  it('breaks an upload in its middle, of which nothing stays', async () => {
    const { lab } = await newLab()
    lab.faults.add({
      path: '/nodes/*/storage/*/upload',
      times: 1,
      action: { drop: 'upload', bytes: 100_000 },
    })
    await expect(upload(lab, 'local', 'a.iso', Buffer.alloc(2_000_000))).rejects.toThrow()
    expect((await send(lab, 'GET', '/nodes/pve/storage/local/content')).body.data).toEqual([])
  })

  it('lets tasks fail, or end with warnings', async () => {
    const { lab } = await newLab()
    lab.faults.add({ task: 'qmcreate', times: 1, action: { fail: 'out of luck' } })
    const form = { vmid: 100 }
    expect((await runTask(lab, 'POST', '/nodes/pve/qemu', { form })).exitstatus).toBe('out of luck')
    lab.faults.add({ task: 'qmcreate', times: 1, action: { warnings: ['one', 'two'] } })
    const { exitstatus, lines } = await runTask(lab, 'POST', '/nodes/pve/qemu', { form })
    expect(exitstatus).toBe('WARNINGS: 2')
    expect(lines).toEqual(['WARN: one', 'WARN: two', 'TASK WARNINGS: 2'])
  })

  it('lets a task hang until it is aborted', async () => {
    const { lab } = await newLab()
    lab.faults.add({ task: 'imgcopy', action: { hang: true } })
    const upid = (await upload(lab, 'local', 'a.iso', 'x')).body.data
    const task = `/nodes/pve/tasks/${encodeURIComponent(upid)}`
    expect((await send(lab, 'GET', `${task}/status`)).body.data.status).toBe('running')
    await send(lab, 'DELETE', task)
    expect((await finished(lab, upid)).exitstatus).toBe('unexpected status')
  })

  it('lets somebody else take a VMID first', async () => {
    const { lab } = await newLab()
    lab.faults.add({ vmidRace: true, times: 1 })
    const answer = await send(lab, 'POST', '/nodes/pve/qemu', { form: { vmid: 100 } })
    expect(answer.reason).toBe("unable to create VM 100 - VM 100 already exists on node 'pve'")
    expect((await send(lab, 'GET', '/cluster/nextid')).body.data).toBe('101')
    expect((await send(lab, 'POST', '/nodes/pve/qemu', { form: { vmid: 101 } })).status).toBe(200)
  })

  it('does not keep the lab from closing', async () => {
    const { lab } = await newLab()
    lab.faults.add({ path: '/version', action: { hang: true } })
    lab.faults.add({ task: '*', action: { hang: true } })
    await send(lab, 'POST', '/nodes/pve/qemu', { form: { vmid: 100 } })
    const hanging = expect(send(lab, 'GET', '/version')).rejects.toThrow()
    await expect.poll(() => lab.requests.length).toBe(1)
    await lab.close()
    await hanging
  })
})

it('version 8.4 has the privileges and the errors of its time', async () => {
  const { lab } = await newLab({ version: '8.4' })
  expect((await send(lab, 'GET', '/version')).body.data.version).toMatch(/^8\.4\./)
  const { data } = (await send(lab, 'GET', '/access/permissions?path=/vms')).body
  expect(data['/vms']).toHaveProperty(['VM.Monitor'])
  expect(data['/vms']).not.toHaveProperty(['VM.GuestAgent.Audit'])
})
