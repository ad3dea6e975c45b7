import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Lab } from '../../../src/lab/lab.ts'
import { finished, send } from '../../lab/api-client.ts'
import { limited, type UploadLab, uploadLab } from './upload-lab.ts'

const answered = (data: unknown) => ({
  answer: { status: 200, reason: 'OK', body: JSON.stringify({ data }) },
})
const old = (version: string, digest: string): string => `nixos-v${version}-x86_64-${digest.repeat(12)}.iso`
const [oldest, older, recent] = [old('2.8.0', 'a'), old('2.9.0', 'b'), old('2.10.0-rc.1', 'c')]
const volid = (name: string): string => `local:iso/${name}`

async function threeVersions(options: Parameters<typeof uploadLab>[0] = {}): Promise<UploadLab> {
  const box = await uploadLab(options)
  box.place(oldest, 30)
  box.place(older, 20)
  box.place(recent, 10)
  return box
}

async function vmWith(lab: Lab, vmid: number, settings: Readonly<Record<string, string>>): Promise<void> {
  const form = { vmid, name: `vm${vmid}`, memory: 512, ...settings }
  const { body, reason } = await send(lab, 'POST', '/nodes/pve/qemu', { form })
  expect((await finished(lab, body?.data ?? reason)).exitstatus).toBe('OK')
}

const input = (box: UploadLab, more: Readonly<Record<string, unknown>> = {}) => ({
  path: box.iso('nixos-v2.10.0-x86_64.iso'),
  prune: true,
  ...more,
})

describe('pruning', () => {
  it('removes older versions once the new one is there, and nothing else', async () => {
    const box = await threeVersions()
    const others = [
      'nixos-v2.9.0-aarch64-dddddddddddd.iso',
      'nixos-v2.9.0-x86_64.iso',
      'nixos-minimal-v2.9.0-x86_64-dddddddddddd.iso',
      'debian-12.iso',
    ]
    for (const name of others) box.place(name, 40)
    const check = await box.upload(input(box), { check: true })
    expect(box.stored()).toHaveLength(7)
    const done = await box.upload(input(box))
    expect(done.output.pruned).toEqual([recent, older, oldest].map(volid))
    expect(done.output.kept).toEqual([])
    expect(box.stored()).toEqual([...others, done.output.name].sort())
    expect(check.output).toMatchObject({ pruned: done.output.pruned, kept: [] })
    expect(check.diff).toEqual(done.diff)
    expect(done.diff.map(({ what, after }) => [what, after === undefined])).toEqual([
      [done.output.volid, false],
      [volid(recent), true],
      [volid(older), true],
      [volid(oldest), true],
    ])
  })

  it('also comes after an upload that was not needed, and then has nothing to do', async () => {
    const box = await uploadLab()
    const { output } = await box.upload({ path: box.iso('nixos-v2.10.0-x86_64.iso') })
    box.place(oldest, 30)
    box.place(old('2.11.0', 'd'), -1)
    const pruned = await box.upload(input(box))
    expect(pruned).toMatchObject({ changed: true, output: { uploaded: false, pruned: [volid(oldest)] } })
    expect(pruned.output.kept).toEqual([{ volid: volid(old('2.11.0', 'd')), reason: 'it is not older' }])
    expect(box.stored()).toEqual([output.name, old('2.11.0', 'd')].sort())
    expect(await box.upload(input(box))).toMatchObject({ changed: false, diff: [], output: { pruned: [] } })
  })

  it('keeps as many of the newest as it is told', async () => {
    const box = await threeVersions()
    const { output } = await box.upload(input(box, { prune_keep: 2 }))
    expect(output.pruned).toEqual([volid(oldest)])
    expect(output.kept?.map((one) => one.volid)).toEqual([recent, older].map(volid))
  })

  it('is not done unless it is asked for', async () => {
    const box = await threeVersions()
    const { output } = await box.upload(input(box, { prune: false }))
    expect(box.stored()).toHaveLength(4)
    expect(output).not.toHaveProperty('pruned')
  })
})

describe('an older version that a VM uses is kept', () => {
  it('in its configuration, whatever the bus, or in a change that waits for the next start', async () => {
    const box = await threeVersions()
    await vmWith(box.lab, 101, { sata3: `${volid(oldest)},media=cdrom` })
    await vmWith(box.lab, 102, { ide2: 'none,media=cdrom' })
    const pending = [{ key: 'ide2', value: 'none,media=cdrom', pending: `${volid(older)},media=cdrom` }]
    box.lab.faults.add({ path: '/nodes/pve/qemu/102/pending', action: answered(pending) })
    const { output } = await box.upload(input(box))
    expect(output.pruned).toEqual([volid(recent)])
    expect(output.kept).toEqual([
      { volid: volid(older), reason: 'it is in use by VM 102 (vm102)' },
      { volid: volid(oldest), reason: 'it is in use by VM 101 (vm101)' },
    ])
  })

  it('in a snapshot', async () => {
    const box = await uploadLab()
    box.place(oldest, 30)
    await vmWith(box.lab, 101, {})
    const snapshots = [{ name: 'before' }, { name: 'current' }]
    box.lab.faults.add({ path: '/nodes/pve/qemu/101/snapshot', action: answered(snapshots) })
    const config = { ide2: `${volid(oldest)},media=cdrom` }
    box.lab.faults.add({ path: '/nodes/pve/qemu/101/snapshot/before/config', action: answered(config) })
    const { output } = await box.upload(input(box))
    expect(output).toMatchObject({ pruned: [], kept: [{ reason: 'it is in use by VM 101 (vm101)' }] })
  })

  it('since after the upload began', async () => {
    const box = await threeVersions()
    const shown = box.lab.faults.add({ path: '/nodes/pve/qemu/*/pending', times: 1, action: answered([]) })
    await vmWith(box.lab, 101, { ide2: `${volid(older)},media=cdrom` })
    const { output } = await box.upload(input(box))
    shown()
    expect(output.pruned).toEqual([recent, oldest].map(volid))
    expect(output.kept).toMatchObject([{ volid: volid(older) }])
  })

  it('perhaps: a VM that cannot be read may use any', async () => {
    const box = await threeVersions()
    await vmWith(box.lab, 101, {})
    const answer = { status: 595, reason: 'No route to host', body: '' }
    box.lab.faults.add({ path: '/nodes/pve/qemu/101/pending', action: { answer } })
    const { output } = await box.upload(input(box))
    expect(output.pruned).toEqual([])
    expect(output.kept?.map(({ reason }) => reason)).toEqual(
      [1, 2, 3].map(() => expect.stringContaining('VM 101 (vm101), which cannot be read')),
    )
  })

  it('on another node, whether the storage is marked as shared or not', async () => {
    for (const shared of [true, false]) {
      const nodes = [{ name: 'pve' }, { name: 'pve2' }]
      const storages = [{ id: 'local', content: ['iso', 'images'], shared }]
      const box = await threeVersions({ nodes, storages })
      const form = { vmid: 105, name: 'far', ide2: `${volid(older)},media=cdrom` }
      if (!shared) {
        const folder = join(box.pathOf(''), '..', '..', '..', 'local@pve2', 'template', 'iso')
        writeFileSync(join(folder, older), readFileSync(box.pathOf(older)))
      }
      const { body, reason } = await send(box.lab, 'POST', '/nodes/pve2/qemu', { form })
      expect((await finished(box.lab, body?.data ?? reason)).exitstatus).toBe('OK')
      const { output } = await box.upload(input(box, { node: 'pve' }))
      expect(output.kept?.map((one) => one.volid)).toEqual([volid(older)])
    }
  })

  it('perhaps: a VM whose node is down may use any, and is not asked', async () => {
    const box = await threeVersions({ nodes: [{ name: 'pve' }, { name: 'pve2' }, { name: 'pve3' }] })
    const { body } = await send(box.lab, 'POST', '/nodes/pve2/qemu', { form: { vmid: 105, memory: 512 } })
    await finished(box.lab, body.data)
    box.lab.faults.add({ nodeDown: 'pve2' })
    box.asked()
    const { output } = await box.upload(input(box, { node: 'pve' }))
    expect(output.pruned).toEqual([])
    expect(output.kept?.map(({ reason }) => reason)).toEqual(
      [1, 2, 3].map(() => expect.stringMatching(/VM 105 .*cannot be read now/)),
    )
    expect(box.asked().filter((request) => request.includes('/pve2/'))).toEqual([])
  })
})

describe('a user without the privileges that pruning needs removes nothing, and is told the command', () => {
  const storageAdmin = { '/storage': 'PVEDatastoreAdmin' }

  it('who does not see all VMs', async () => {
    for (const acl of [storageAdmin, { ...storageAdmin, '/vms/101': 'PVEAuditor' }]) {
      const { sandbox, connection } = limited(acl)
      const box = await threeVersions(sandbox)
      const { output, warnings } = await box.upload(input(box, connection))
      expect(output).toMatchObject({ uploaded: true, pruned: [] })
      expect(output.kept).toHaveLength(3)
      expect(warnings).toEqual([
        expect.stringMatching(/VM\.Audit.*pveum acl modify \/vms --tokens 'u@pve!t' --roles PVEAuditor/),
      ])
    }
  })

  it('who may not remove ISOs', async () => {
    const { sandbox, connection } = limited(
      { '/storage': 'Uploader', '/vms': 'PVEAuditor' },
      { Uploader: ['Datastore.AllocateTemplate', 'Datastore.Audit'] },
    )
    const box = await threeVersions(sandbox)
    const { output, warnings } = await box.upload(input(box, connection))
    expect(output).toMatchObject({ uploaded: true, pruned: [] })
    expect(warnings).toEqual([expect.stringContaining('Datastore.Allocate on /storage/local')])
  })
})

it('an ISO that cannot be removed is reported, and is no reason to fail', async () => {
  const box = await threeVersions()
  box.lab.faults.add({ task: 'imgdel', times: 1, action: { fail: 'unlink failed - Read-only file system' } })
  const { output, warnings } = await box.upload(input(box))
  expect(output.pruned).toEqual([older, oldest].map(volid))
  expect(output.kept).toMatchObject([{ volid: volid(recent), reason: expect.stringContaining('Read-only') }])
  expect(warnings).toHaveLength(1)
})
