import { createHash } from 'node:crypto'
import { renameSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Lab } from '../../../src/lab/lab.ts'
import { send } from '../../lab/api-client.ts'
import { until } from '../../support/lab.ts'
import { contentOf, isUpload, isVerification, limited, uploadLab } from './upload-lab.ts'

const answered = (data: unknown) => ({
  answer: { status: 200, reason: 'OK', body: JSON.stringify({ data }) },
})
const uploader = { '/storage': 'PVEDatastoreAdmin', '/nodes': 'PVEAuditor' }

/** Whether a task has begun to write an ISO to its place. */
async function isCopying(lab: Lab): Promise<boolean> {
  const { body } = await send(lab, 'GET', '/cluster/tasks')
  const task = body.data.find(({ type }: { type: string }) => type === 'imgcopy')
  if (task === undefined) return false
  const log = await send(lab, 'GET', `/nodes/${task.node}/tasks/${encodeURIComponent(task.upid)}/log`)
  return log.text.includes('file size is')
}

describe('an ISO that somebody renamed', () => {
  it('is verified by Proxmox and used under its new name', async () => {
    const { iso, upload, asked, pathOf, stored } = await uploadLab()
    const path = iso('nixos.iso')
    const { output: first } = await upload({ path })
    renameSync(pathOf(first.name), pathOf('renamed.iso'))
    asked()
    const again = await upload({ path })
    expect(again).toMatchObject({ changed: false, warnings: [] })
    expect(again.output).toEqual({
      ...first,
      name: 'renamed.iso',
      volid: 'local:iso/renamed.iso',
      uploaded: false,
    })
    expect(asked().filter((request) => !request.startsWith('GET'))).toEqual([
      'POST /nodes/pve/storage/local/download-url',
    ])
    expect(stored()).toEqual(['renamed.iso'])
  })

  it('is known by the digest where the new name has kept it', async () => {
    const { iso, upload, asked, pathOf } = await uploadLab()
    const path = iso('nixos.iso')
    const { output } = await upload({ path })
    const name = `old-${output.name}`
    renameSync(pathOf(output.name), pathOf(name))
    asked()
    expect((await upload({ path })).output).toMatchObject({ name, uploaded: false })
    expect(asked().every((request) => request.startsWith('GET'))).toBe(true)
  })

  it('is uploaded again for a user who may not have URLs fetched, which is how Proxmox verifies', async () => {
    const { sandbox, connection } = limited(uploader)
    const { iso, upload, asked, pathOf, stored } = await uploadLab(sandbox)
    const path = iso('nixos.iso')
    const { output } = await upload({ ...connection, path })
    renameSync(pathOf(output.name), pathOf('renamed.iso'))
    const again = await upload({ ...connection, path })
    expect(again).toMatchObject({
      changed: true,
      warnings: [],
      output: { name: output.name, uploaded: true },
    })
    expect(stored()).toEqual([output.name, 'renamed.iso'])
    expect(asked().filter(isVerification)).toHaveLength(1)
  })

  it('is not looked for where the user chose a name', async () => {
    const { iso, upload, pathOf, stored } = await uploadLab()
    const path = iso('nixos.iso')
    const { output } = await upload({ path })
    renameSync(pathOf(output.name), pathOf('renamed.iso'))
    expect((await upload({ path, filename: 'chosen.iso' })).output.uploaded).toBe(true)
    expect(stored()).toEqual(['chosen.iso', 'renamed.iso'])
  })
})

describe('check mode', () => {
  it('asks Proxmox for nothing that would leave a task, and says what it does not know', async () => {
    const { iso, upload, asked, pathOf } = await uploadLab()
    const path = iso('nixos.iso')
    const { output } = await upload({ path })
    renameSync(pathOf(output.name), pathOf('renamed.iso'))
    asked()
    const renamed = await upload({ path }, { check: true })
    expect(renamed).toMatchObject({ changed: true, output: { uploaded: true } })
    expect(renamed.warnings).toEqual([expect.stringMatching(/renamed\.iso .* may be it .* check mode/)])
    for (const replace of [false, true]) {
      const chosen = await upload({ path, filename: 'renamed.iso', replace }, { check: true })
      expect(chosen.changed).toBe(false)
      expect(chosen.warnings).toEqual([expect.stringMatching(/not compared .* check mode/)])
    }
    expect(asked().filter((request) => !request.startsWith('GET'))).toEqual([])
    expect(await upload({ path })).toMatchObject({ changed: false, output: { name: 'renamed.iso' } })
  })
})

describe('a part of the ISO under its name', () => {
  it.each([
    ['of the scheme', {}],
    ['that was chosen', { filename: 'c.iso' }],
    ['that was chosen, although it might be replaced', { filename: 'c.iso', replace: true }],
  ])('%s is waited for while somebody copies it', async (_, more) => {
    const { lab, iso, upload, asked, place, stored } = await uploadLab({ latency: { copyMs: 1500 } })
    const input = { path: iso('nixos.iso'), ...more }
    const sent = upload(input)
    const { name } = (await upload(input, { check: true })).output
    await until(() => isCopying(lab))
    place(name, 0, 'its beginning')
    expect(await upload(input)).toMatchObject({ changed: false, output: { name, uploaded: false } })
    expect((await sent).output.uploaded).toBe(true)
    expect(asked().filter(isUpload)).toHaveLength(1)
    expect(stored()).toEqual([name])
  })

  it('that nobody writes to is an interrupted copy, and is overwritten only when told to', async () => {
    const { iso, upload, failure, place, pathOf } = await uploadLab()
    const path = iso('nixos.iso')
    const { name } = (await upload({ path }, { check: true })).output
    place(name, 0, 'its beginning')
    const error = await failure({ path })
    expect(error).toMatchObject({ code: 'PVE_FILE_DIFFERS', hint: expect.stringContaining('interrupted') })
    expect((await upload({ path, replace: true })).output).toMatchObject({ name, uploaded: true })
    expect(contentOf(pathOf(name)).equals(contentOf(path))).toBe(true)
  })
})

describe('in a cluster of several nodes', () => {
  const nodes = [{ name: 'pve1' }, { name: 'pve2' }, { name: 'pve3' }]

  it('the node need not be named for a shared storage: the one that answers is taken', async () => {
    const storages = [{ id: 'local', content: ['iso' as const], shared: true }]
    const { lab, iso, upload, asked } = await uploadLab({ nodes, storages })
    expect((await upload({ path: iso('nixos.iso') })).output).toMatchObject({ node: 'pve1', uploaded: true })
    lab.faults.add({ nodeDown: 'pve1' })
    expect((await upload({ path: iso('nixos.iso') })).output).toMatchObject({ node: 'pve2', uploaded: false })
    expect(asked().filter(isUpload)).toEqual(['POST /nodes/pve1/storage/local/upload'])
  })

  it('it must be named for one of each node’s own', async () => {
    const { iso, failure } = await uploadLab({ nodes })
    expect(await failure({ path: iso('nixos.iso') })).toMatchObject({ code: 'PVE_NODE_REQUIRED' })
  })
})

describe('another file of the same size', () => {
  it('is not taken for the ISO, nor touched', async () => {
    const { iso, upload, pathOf, stored } = await uploadLab()
    const other = iso('other.iso', 'other')
    await upload({ path: other, filename: 'other.iso' })
    const { output } = await upload({ path: iso('nixos.iso') })
    expect(output.uploaded).toBe(true)
    expect(stored()).toEqual([output.name, 'other.iso'])
    expect(contentOf(pathOf('other.iso')).equals(contentOf(other))).toBe(true)
  })

  it('is not even verified where its name says that it has another digest', async () => {
    const { iso, upload, asked } = await uploadLab()
    await upload({ path: iso('a.iso', 'a') })
    await upload({ path: iso('b.iso', 'b') })
    expect(asked().filter(isVerification)).toEqual([])
  })

  it('that vanishes before Proxmox looks at it leaves nothing behind', async () => {
    const { lab, iso, upload, asked, stored } = await uploadLab()
    const path = iso('nixos.iso')
    const ghost = [{ volid: 'local:iso/ghost.iso', size: contentOf(path).length, content: 'iso' }]
    lab.faults.add({ path: '/nodes/*/storage/*/content', times: 1, action: answered(ghost) })
    const { output } = await upload({ path })
    expect(asked().filter(isVerification)).toHaveLength(1)
    expect(stored()).toEqual([output.name])
  })
})

describe('a name that the user chose', () => {
  it('is no reason to send the file again, nor to doubt it: Proxmox verifies it', async () => {
    const { iso, upload, asked } = await uploadLab()
    const input = { path: iso('nixos.iso'), filename: 'chosen.iso' }
    await upload(input)
    asked()
    for (const replace of [false, true]) {
      const { changed, warnings, output } = await upload({ ...input, replace })
      expect({ changed, warnings, uploaded: output.uploaded }).toEqual({
        changed: false,
        warnings: [],
        uploaded: false,
      })
    }
    expect(asked().some(isUpload)).toBe(false)
  })

  it('belongs to another file of the same size: that is an error, unless it is to be replaced', async () => {
    const { iso, upload, failure, pathOf } = await uploadLab()
    await upload({ path: iso('other.iso', 'other'), filename: 'chosen.iso' })
    const input = { path: iso('nixos.iso'), filename: 'chosen.iso' }
    expect(await failure(input)).toMatchObject({ code: 'PVE_FILE_DIFFERS' })
    const { output, diff } = await upload({ ...input, replace: true })
    expect(output.uploaded).toBe(true)
    expect(diff).toMatchObject([{ what: 'local:iso/chosen.iso', before: '131072 bytes' }])
    expect(contentOf(pathOf('chosen.iso')).equals(contentOf(input.path))).toBe(true)
  })

  it('is believed, with a warning, where Proxmox does not verify it for this user', async () => {
    const { sandbox, connection } = limited(uploader)
    const { iso, upload } = await uploadLab(sandbox)
    const input = { ...connection, path: iso('nixos.iso'), filename: 'chosen.iso' }
    await upload(input)
    const { changed, warnings } = await upload(input)
    expect(changed).toBe(false)
    expect(warnings).toEqual([expect.stringContaining('content was not compared')])
  })
})

describe('a checksum that is given', () => {
  it('names the file, which is not read for it', async () => {
    const { iso, upload } = await uploadLab()
    const path = iso('nixos.iso')
    const checksum = createHash('sha256').update(contentOf(path)).digest('hex')
    const { output } = await upload({ path, checksum: `sha256:${checksum.toUpperCase()}` })
    expect(output).toMatchObject({ sha256: checksum, name: `nixos-${checksum.slice(0, 12)}.iso` })
  })

  it('and that the file does not have leaves nothing on the storage', async () => {
    const { iso, failure, stored, spooled } = await uploadLab()
    const error = await failure({ path: iso('nixos.iso'), checksum: 'a'.repeat(64) })
    expect(error).toMatchObject({ code: 'CHECKSUM_MISMATCH' })
    expect([stored(), spooled()]).toEqual([[], []])
  })
})
