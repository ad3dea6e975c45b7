import { abortable } from '../core/deadline.ts'
import { type Details, isNciError, NciError } from '../core/errors.ts'
import type { Companions, Run } from './run.ts'

/** The VM has its ISO, or was given one: nothing to get. */
export function keepIso(run: Run): undefined {
  run.note('iso.download', 'unchanged')
  run.note('iso.upload', 'unchanged')
  return undefined
}

/** The volume id of the ISO, on the storage for sure. */
export async function provideIso(run: Run, node: string | undefined): Promise<string> {
  const { input } = run
  if (input.iso !== undefined) {
    keepIso(run)
    return input.iso
  }
  if (run.companions !== undefined) {
    const volid = await commonIso(run, node)
    if (volid === undefined) throw new Error('the ISO of the batch has no name')
    return volid
  }
  const file = await run.step(async () => (await import('../steps/iso/download.ts')).isoDownload, {})
  const uploaded = await withIsoProperty(
    run.step(async () => (await import('../steps/iso/upload.ts')).isoUpload, {
      path: file.path,
      checksum: file.sha256,
      via: 'engine',
      storage: input.iso_storage,
      // An existing VM has it on its own node, wherever that is by now.
      ...(node === undefined ? {} : { node }),
      replace: false,
    }),
  )
  return uploaded.volid
}

/** That of the batch; in check mode it may yet have to be brought there. */
async function commonIso(run: Run, node: string | undefined): Promise<string | undefined> {
  const { companions, context } = run
  const volid = await run.row('iso.upload', async (emit, waited) => {
    emit({ type: 'phase', phase: 'waiting for the ISO' })
    const began = performance.now()
    const output = await abortable((companions as Companions).iso(node), context.signal)
    waited(performance.now() - began)
    return { status: 'unchanged', output }
  })
  if (run.check && volid !== undefined) run.assumed.add(volid)
  return volid
}

/** The volume id, where the ISO is on the storage already. */
export async function planIso(run: Run, node: string | undefined): Promise<string | undefined> {
  const { input } = run
  if (input.iso !== undefined) {
    keepIso(run)
    return input.iso
  }
  if (run.companions !== undefined) return commonIso(run, node)
  const { existsSync } = await import('node:fs')
  const file = await run.step(async () => (await import('../steps/iso/download.ts')).isoDownload, {})
  if (file.path === undefined || !existsSync(file.path)) {
    run.note('iso.upload', 'planned', [
      { what: `${input.iso_storage}:iso/${file.name ?? 'installer.iso'}`, after: 'uploaded' },
    ])
    return undefined
  }
  const planned = await withIsoProperty(
    run.step(async () => (await import('../steps/iso/upload.ts')).isoUpload, {
      path: file.path,
      // That of a file yet to be downloaded is not the one of the file that is there.
      ...(file.downloaded === false && file.sha256 !== undefined ? { checksum: file.sha256 } : {}),
      via: 'engine',
      storage: input.iso_storage,
      ...(node === undefined ? {} : { node }),
      replace: false,
    }),
  )
  run.assumed.add(planned.volid)
  return planned.volid
}

/** What the step calls `storage` is the host's `iso_storage`. */
export async function withIsoProperty<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work
  } catch (error) {
    if (!isNciError(error, 'PVE_STORAGE_UNKNOWN', 'PVE_STORAGE_CONTENT', 'PVE_STORAGE_FULL')) throw error
    const details = { ...error.details, property: 'iso_storage' } as Details<typeof error.code>
    throw new NciError(error.code, details, { cause: error })
  }
}
