import { appendFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { openBox, writeIso } from '../../support/lab.ts'
import { contentOf, isUpload, limited, uploadLab } from './upload-lab.ts'

const path = '/nodes/*/storage/*/upload'
const mebibyte = 1024 * 1024

describe('an upload whose connection', () => {
  it('is cut in the middle is sent again, whole', async () => {
    const { lab, iso, upload, asked, stored, spooled, pathOf } = await uploadLab()
    lab.faults.add({ path, times: 1, action: { drop: 'upload', bytes: 3 * mebibyte } })
    const file = iso('nixos.iso', 'installer', 8 * mebibyte)
    const { output, warnings } = await upload({ path: file })
    expect(output.uploaded).toBe(true)
    expect(warnings).toEqual([expect.stringMatching(/broke after .* of 8\.0 MiB .* sent again/)])
    expect(asked().filter(isUpload)).toHaveLength(2)
    expect(stored()).toEqual([output.name])
    expect(spooled()).toEqual([])
    expect(contentOf(pathOf(output.name)).equals(contentOf(file))).toBe(true)
  })

  it('ends at an overloaded proxy is sent again too', async () => {
    const { lab, iso, upload, asked } = await uploadLab()
    const answer = { status: 503, reason: 'Service Unavailable', body: '' }
    lab.faults.add({ path, times: 1, action: { answer } })
    expect((await upload({ path: iso('nixos.iso') })).output.uploaded).toBe(true)
    expect(asked().filter(isUpload)).toHaveLength(2)
  })

  it('is cut again and again is given up after three times, and leaves nothing', async () => {
    const { lab, iso, failure, asked, stored, spooled } = await uploadLab()
    lab.faults.add({ path, action: { drop: 'upload', bytes: mebibyte } })
    const error = await failure({ path: iso('nixos.iso', 'installer', 4 * mebibyte) })
    expect(error).toMatchObject({ code: 'PVE_UPLOAD_BROKEN', details: { attempts: 3 } })
    expect(asked().filter(isUpload)).toHaveLength(3)
    expect([stored(), spooled()]).toEqual([[], []])
  })

  it('is cut before the answer is not sent again: Proxmox has it, and its task is waited for', async () => {
    const { lab, iso, upload, asked, stored } = await uploadLab({ latency: { copyMs: 300 } })
    lab.faults.add({ path, times: 1, action: { drop: 'after' } })
    const { output } = await upload({ path: iso('nixos.iso') })
    expect(asked().filter(isUpload)).toHaveLength(1)
    expect(stored()).toEqual([output.name])
  })

  it('is cut when the task has already failed, fails with the reason of the task', async () => {
    const { lab, iso, failure, asked, stored } = await uploadLab()
    lab.faults.add({ path, times: 1, action: { drop: 'after' } })
    const error = await failure({ path: iso('nixos.iso'), checksum: 'b'.repeat(64) })
    expect(error.code).toBe('CHECKSUM_MISMATCH')
    expect(asked().filter(isUpload)).toHaveLength(2)
    expect(stored()).toEqual([])
  })
})

describe('an upload that Proxmox', () => {
  it('would refuse is not begun: what breaks the connection there is no bad network', async () => {
    const { sandbox, connection } = limited({ '/storage': 'PVEDatastoreUser' })
    const { iso, failure, asked } = await uploadLab(sandbox)
    const error = await failure({ ...connection, path: iso('nixos.iso', 'installer', 4 * mebibyte) })
    expect(error).toMatchObject({
      code: 'PVE_FORBIDDEN',
      details: { path: '/storage/local', privilege: 'Datastore.AllocateTemplate' },
    })
    expect(asked().some(isUpload)).toBe(false)
  })

  it('cannot put in place ends with the error of its task', async () => {
    const { lab, iso, failure, stored } = await uploadLab()
    lab.faults.add({ task: 'imgcopy', action: { fail: 'import failed: cp: Input/output error' } })
    const error = await failure({ path: iso('nixos.iso') })
    expect(error).toMatchObject({ code: 'PVE_TASK_FAILED' })
    expect(error.message).toContain('Input/output error')
    expect(stored()).toEqual([])
  })
})

describe('the room that an upload needs on its way', () => {
  const rootfs = (avail: number, total = 100 * mebibyte) => ({
    answer: { status: 200, reason: 'OK', body: JSON.stringify({ data: { rootfs: { avail, total } } }) },
  })

  it('is looked for on the node', async () => {
    const { lab, iso, failure, asked } = await uploadLab()
    lab.faults.add({ path: '/nodes/pve/status', action: rootfs(mebibyte) })
    const error = await failure({ path: iso('nixos.iso', 'installer', 2 * mebibyte) })
    expect(error).toMatchObject({
      code: 'PVE_TEMP_FULL',
      details: { available: '1.0 MiB', needed: '2.0 MiB' },
    })
    expect(asked().some(isUpload)).toBe(false)
  })

  it('is twice the size where the storage is in the same file system', async () => {
    const storages = [{ id: 'local', content: ['iso'], totalBytes: 50 * mebibyte }]
    const { lab, iso, failure } = await uploadLab({ storages })
    lab.faults.add({ path: '/nodes/pve/status', action: rootfs(3 * mebibyte, 50 * mebibyte) })
    const error = await failure({ path: iso('nixos.iso', 'installer', 2 * mebibyte) })
    expect(error).toMatchObject({ code: 'PVE_TEMP_FULL', details: { needed: '4.0 MiB' } })
  })

  it('is that of the node that answers, which is not always the one that has the storage', async () => {
    const nodes = [{ name: 'pve1' }, { name: 'pve2' }]
    const { lab, iso, failure } = await uploadLab({ nodes })
    lab.faults.add({ path: '/nodes/pve1/status', action: rootfs(mebibyte) })
    const error = await failure({ path: iso('nixos.iso', 'installer', 2 * mebibyte), node: 'pve2' })
    expect(error).toMatchObject({ code: 'PVE_TEMP_FULL', details: { node: 'pve1' } })
  })

  it('does not matter where the user may not know it', async () => {
    const { sandbox, connection } = limited({ '/storage': 'PVEDatastoreAdmin' })
    const { iso, upload } = await uploadLab({ ...sandbox, nodes: [{ name: 'pve1' }, { name: 'pve2' }] })
    const { output } = await upload({ ...connection, path: iso('nixos.iso'), node: 'pve1' })
    expect(output.uploaded).toBe(true)
  })
})

it('a file that is changed while it is sent is told from a broken connection, and is not kept', async () => {
  await using box = await openBox({ latency: { uploadBytesPerSecond: 16 * mebibyte } })
  const file = writeIso(`${box.folder}/growing.iso`, 'installer', 32 * mebibyte)
  const run = box.start(['iso', 'upload'], { input: { path: file } })
  await run.until((line) => line.phase?.startsWith('uploading') === true)
  await run.until((line) => line.type === 'progress' && (line.done ?? 0) < 31 * mebibyte)
  appendFileSync(file, 'more')
  const { document } = await run.ended
  expect(document.error).toMatchObject({ code: 'ISO_FILE_CHANGED', retryable: true })
  expect(box.isos()).toEqual([])
})

it('progress has bytes, the rate and the time left, for machines and for people', async () => {
  await using box = await openBox({ latency: { uploadBytesPerSecond: 24 * mebibyte } })
  const file = writeIso(`${box.folder}/large.iso`, 'installer', 32 * mebibyte)
  const checksum = '0'.repeat(64)
  const run = box.start(['iso', 'upload'], { input: { path: file, checksum } })
  await run.ended
  const events = run.progress.filter(({ type }) => type === 'progress')
  expect(events.at(-1)).toMatchObject({ done: 32 * mebibyte, total: 32 * mebibyte, unit: 'bytes' })
  expect(events.some((event) => 'rate' in event && 'secondsLeft' in event)).toBe(true)
  const { stderr } = await box.run(['iso', 'upload'], { input: { path: file }, progress: 'lines' })
  expect(stderr).toMatch(/iso\.upload: \d+\.\d MiB of 32\.0 MiB \(\d+ %\), \d+\.\d MiB\/s(, .* left)?\n/)
})
