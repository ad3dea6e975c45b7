import { describe, expect, it } from 'vitest'
import type { Fault, Lab, LabOptions } from '../../src/lab/lab.ts'
import { finished, runTask, send, upload } from './api-client.ts'
import { newLab } from './new-lab.ts'

const three: Partial<LabOptions> = {
  nodes: ['pve1', 'pve2', 'pve3'].map((name) => ({ name })),
  storages: [
    { id: 'local', content: ['iso', 'images'] },
    { id: 'nas', type: 'nfs', content: ['iso', 'images'], shared: true },
  ],
}

type Row = Record<string, unknown>

async function rows(lab: Lab, path: string): Promise<Row[]> {
  return (await send(lab, 'GET', path)).body.data
}

async function threeNodes(...faults: Fault[]): Promise<Lab> {
  const { lab } = await newLab(three)
  const { exitstatus } = await runTask(lab, 'POST', '/nodes/pve2/qemu', { form: { vmid: 100, name: 'web1' } })
  expect(exitstatus).toBe('OK')
  for (const fault of faults) lab.faults.add(fault)
  return lab
}

describe('a node that is down', () => {
  it.each([
    [{ nodeDown: 'pve2' } as const, 595, 'No route to host'],
    [{ nodeDown: 'pve2', how: 'refused' } as const, 595, 'Connection refused'],
    [{ nodeDown: 'pve2', how: 'timeout' } as const, 596, 'Connection timed out'],
  ])('lets whoever asks for it fail: %o', async (fault, status, reason) => {
    const lab = await threeNodes(fault)
    for (const path of ['/nodes/pve2/qemu', '/nodes/pve2/qemu/100/config', '/nodes/pve2/storage']) {
      const answer = await send(lab, 'GET', path)
      expect([answer.status, answer.reason, answer.text]).toEqual([status, reason, ''])
    }
    expect((await send(lab, 'GET', '/nodes/pve1/qemu')).status).toBe(200)
  })

  it('is offline in the lists, and what is on it unknown', async () => {
    const lab = await threeNodes({ nodeDown: 'pve2' })
    const down = (await rows(lab, '/nodes')).find(({ node }) => node === 'pve2')
    expect(down).toMatchObject({ status: 'offline', maxcpu: 64 })
    expect(down).not.toHaveProperty('mem')
    const resources = (await rows(lab, '/cluster/resources')).filter(({ node }) => node === 'pve2')
    expect(resources).toContainEqual({
      id: 'qemu/100',
      vmid: 100,
      node: 'pve2',
      type: 'qemu',
      status: 'unknown',
    })
    expect(resources).toContainEqual(
      expect.objectContaining({ id: 'storage/pve2/local', status: 'unknown', shared: 0 }),
    )
    expect(await rows(lab, '/cluster/status')).toContainEqual(
      expect.objectContaining({ name: 'pve2', online: 0, local: 0 }),
    )
  })

  it('does not keep the others from their work', async () => {
    const lab = await threeNodes({ nodeDown: 'pve2' })
    expect((await runTask(lab, 'POST', '/nodes/pve1/qemu', { form: { vmid: 101 } })).exitstatus).toBe('OK')
  })

  it('comes back', async () => {
    const lab = await threeNodes()
    const repair = lab.faults.add({ nodeDown: 'pve2' })
    expect((await send(lab, 'GET', '/nodes/pve2/qemu')).status).toBe(595)
    repair()
    expect(await rows(lab, '/nodes/pve2/qemu')).toMatchObject([{ vmid: 100, name: 'web1' }])
  })

  it('leaves the API to the next one, if it was the first', async () => {
    const lab = await threeNodes({ nodeDown: 'pve1' })
    const local = (await rows(lab, '/cluster/status')).find((row) => row.local === 1)
    expect(local).toMatchObject({ name: 'pve2', online: 1 })
  })
})

describe('a cluster without quorum', () => {
  it.each([
    ['because the nodes do not hear each other', [{ noQuorum: true } as const]],
    ['because most nodes are down', [{ nodeDown: 'pve1' } as const, { nodeDown: 'pve3' } as const]],
  ])('neither makes nor starts VMs, %s', async (_, faults) => {
    const lab = await threeNodes(...faults)
    for (const path of ['/nodes/pve2/qemu', '/nodes/pve2/qemu/100/status/start']) {
      const form = path.endsWith('qemu') ? { vmid: 101 } : {}
      const answer = await send(lab, 'POST', path, { form })
      expect([answer.status, answer.reason]).toEqual([500, 'cluster not ready - no quorum?'])
      expect(answer.body.message).toBe('cluster not ready - no quorum?\n')
    }
    expect(await rows(lab, '/cluster/status')).toContainEqual(
      expect.objectContaining({ type: 'cluster', nodes: 3, quorate: 0 }),
    )
  })

  it('can be read, but its files cannot be written', async () => {
    const lab = await threeNodes({ noQuorum: true })
    const vm = '/nodes/pve2/qemu/100'
    expect((await send(lab, 'GET', `${vm}/config`)).body.data.name).toBe('web1')
    const denied =
      /^unable to open file '\/etc\/pve\/nodes\/pve2\/qemu-server\/100\.conf\.tmp\.\d+' - Permission denied$/
    const answer = await send(lab, 'PUT', `${vm}/config`, { form: { name: 'web2' } })
    expect([answer.status, answer.reason]).toEqual([500, expect.stringMatching(denied)])
    const task = await runTask(lab, 'POST', `${vm}/config`, { form: { name: 'web2' } })
    expect(task.exitstatus).toMatch(denied)
    expect((await runTask(lab, 'DELETE', vm)).exitstatus).toMatch(denied)
    expect((await send(lab, 'GET', `${vm}/config`)).body.data.name).toBe('web1')
  })

  it('knows no new users, but lets the known ones in', async () => {
    const lab = await threeNodes({ noQuorum: true })
    const created = await send(lab, 'POST', '/access/users', { form: { userid: 'new@pve' } })
    expect(created.reason).toBe("create user failed: cfs-lock 'file-user_cfg' error: no quorum!")
    const form = { username: lab.user, password: lab.password }
    expect((await send(lab, 'POST', '/access/ticket', { headers: {}, form })).status).toBe(200)
  })

  it('checks parameters and privileges first', async () => {
    const lab = await threeNodes({ noQuorum: true })
    expect((await send(lab, 'POST', '/nodes/pve2/qemu', { form: { vmid: 5 } })).status).toBe(400)
  })
})

describe('storages of a cluster', () => {
  it('show the same volumes on all nodes only where they are shared', async () => {
    const { lab } = await newLab({ ...three, nodes: [{ name: 'pve' }, { name: 'pve2' }] })
    for (const storage of ['local', 'nas']) {
      await finished(lab, (await upload(lab, storage, 'a.iso', 'x')).body.data)
    }
    const volumes = async (node: string, storage: string) =>
      (await rows(lab, `/nodes/${node}/storage/${storage}/content`)).map(({ volid }) => volid)
    expect(await volumes('pve2', 'nas')).toEqual(['nas:iso/a.iso'])
    expect(await volumes('pve2', 'local')).toEqual([])
    const resources = await rows(lab, '/cluster/resources?type=storage')
    expect(resources.map(({ id, shared }) => [id, shared])).toEqual([
      ['storage/pve/local', 0],
      ['storage/pve/nas', 1],
      ['storage/pve2/local', 0],
      ['storage/pve2/nas', 1],
    ])
  })

  it('say which nodes have them', async () => {
    const { lab } = await newLab({
      ...three,
      storages: [
        { id: 'local', content: ['iso'] },
        { id: 'only2', content: ['iso'], nodes: ['pve2'], path: '/mnt/only2' },
      ],
    })
    expect(await rows(lab, '/storage')).toContainEqual(
      expect.objectContaining({ storage: 'only2', nodes: 'pve2', path: '/mnt/only2', content: 'iso' }),
    )
    expect(await rows(lab, '/nodes/pve1/storage')).toMatchObject([{ storage: 'local' }])
    const elsewhere = await send(lab, 'GET', '/nodes/pve1/storage/only2/content')
    expect(elsewhere.reason).toBe("storage 'only2' is not available on node 'pve1'")
  })

  it('can be full, on one node or on all', async () => {
    const { lab } = await newLab({ nodes: [{ name: 'pve' }, { name: 'pve2' }] })
    const empty = lab.faults.add({ storageFull: 'local', node: 'pve' })
    const avail = async (node: string) =>
      (await send(lab, 'GET', `/nodes/${node}/storage/local/status`)).body.data.avail
    expect(await avail('pve')).toBe(0)
    expect(await avail('pve2')).toBeGreaterThan(0)
    const { exitstatus } = await finished(lab, (await upload(lab, 'local', 'a.iso', 'x')).body.data)
    expect(exitstatus).toMatch(/^import failed: cp: error writing '.*a\.iso': No space left on device$/)
    empty()
    expect(await avail('pve')).toBeGreaterThan(0)
  })
})

it('somebody else can keep VMs locked, until he is done', async () => {
  const { lab } = await newLab()
  await runTask(lab, 'POST', '/nodes/pve/qemu', { form: { vmid: 100 } })
  const unlock = lab.faults.add({ vmLock: 'backup', vmid: 100 })
  const change = () => send(lab, 'PUT', '/nodes/pve/qemu/100/config', { form: { name: 'web1' } })
  expect((await change()).reason).toBe('VM is locked (backup)')
  const start = await runTask(lab, 'POST', '/nodes/pve/qemu/100/status/start')
  expect(start.exitstatus).toBe('VM is locked (backup)')
  unlock()
  expect((await change()).status).toBe(200)
  expect((await send(lab, 'GET', '/nodes/pve/qemu/100/config')).body.data).not.toHaveProperty('lock')
})

it('a task that is killed leaves a log without an end', async () => {
  const { lab } = await newLab()
  lab.faults.add({ task: 'qmcreate', action: { kill: true } })
  const { exitstatus, lines } = await runTask(lab, 'POST', '/nodes/pve/qemu', { form: { vmid: 100 } })
  expect([exitstatus, lines]).toEqual(['unexpected status', ['no content']])
})
