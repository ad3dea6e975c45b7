import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Box, openBox, writeIso } from '../../support/lab.ts'
import { isUpload } from './upload-lab.ts'

const uploads = ({ lab }: Box): number =>
  lab.requests.filter(({ method, path }) => isUpload(`${method} ${path}`)).length
const isUploading = (line: { readonly phase?: string }): boolean =>
  line.phase?.startsWith('uploading') === true
const isWaiting = (line: { readonly phase?: string }): boolean =>
  line.phase?.startsWith('waiting for another run that uploads') === true
const hangingUpload = { path: '/nodes/*/storage/*/upload', times: 1, action: { hang: true } } as const

test('of two processes that need the same ISO on the same storage one uploads it, and both have it', async () => {
  await using box = await openBox({ latency: { uploadBytesPerSecond: 16 * 1024 * 1024 } })
  const input = { path: writeIso(join(box.folder, 'shared.iso'), 'shared', 16 * 1024 * 1024) }
  const first = box.start(['iso', 'upload'], { input })
  await first.until(isUploading)
  const second = box.start(['iso', 'upload'], { input })
  await second.until(isWaiting)
  const [one, other] = await Promise.all([first.ended, second.ended])
  expect(one.document.output).toMatchObject({ uploaded: true })
  expect(other.document.output).toEqual({ ...one.document.output, uploaded: false })
  expect(second.progress.some(isUploading)).toBe(false)
  expect(uploads(box)).toBe(1)
})

test('who waits uploads it when the other one is killed, and another file is not waited for', async () => {
  await using box = await openBox()
  box.lab.faults.add(hangingUpload)
  const input = { path: box.host.iso_path as string }
  const first = box.start(['iso', 'upload'], { input })
  await first.until(isUploading)
  const second = box.start(['iso', 'upload'], { input })
  await second.until(isWaiting)
  const unconcerned = await box.run(['iso', 'upload'], {
    input: { path: writeIso(join(box.folder, 'other.iso'), 'other') },
  })
  expect(unconcerned.document.output.uploaded).toBe(true)
  first.signal('SIGKILL')
  expect((await second.ended).document.output.uploaded).toBe(true)
})

test('who waits can be interrupted', async () => {
  await using box = await openBox()
  box.lab.faults.add(hangingUpload)
  const input = { path: box.host.iso_path as string }
  const first = box.start(['iso', 'upload'], { input })
  await first.until(isUploading)
  const second = box.start(['iso', 'upload'], { input })
  await second.until(isWaiting)
  second.signal('SIGINT')
  const { exitCode, document } = await second.ended
  expect(exitCode).toBe(130)
  expect(document.error.code).toBe('INTERRUPTED')
  expect(second.progress.some(isUploading)).toBe(false)
})

test('where no lock can be had the file is uploaded without', async () => {
  await using box = await openBox()
  const environment = { XDG_CACHE_HOME: '/dev/null' }
  const { document } = await box.run(['iso', 'upload'], { input: { path: box.host.iso_path }, environment })
  expect(document).toMatchObject({ ok: true, warnings: [], output: { uploaded: true } })
})
