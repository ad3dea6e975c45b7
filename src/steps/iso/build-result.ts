import { constants } from 'node:fs'
import { chmod, copyFile, lstat, readdir, readlink, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { NciError, reasonOf } from '../../core/errors.ts'
import { makeFolder } from '../../core/make-folder.ts'
import type { Context, Inputs } from '../../core/step.ts'
import { inspectIso } from '../../releases/local.ts'

/** An ISO on this machine. */
export interface LocalIso {
  readonly path: string
  readonly name: string
  /** Bytes. */
  readonly size: number
  readonly sha256: string
}

/**
 * Where the link and the copy go; absolute. A copy to a folder ends with a slash.
 *
 * @throws {NciError} `ISO_DESTINATION_UNUSABLE` where something else is in the link's place
 */
export async function destinations({
  out_link,
  path,
  architecture,
}: Inputs['iso.build']): Promise<{ readonly outLink: string; readonly copy: string | undefined }> {
  const outLink = resolve(out_link ?? `result-${architecture}`)
  const there = await lstat(outLink).catch(() => undefined)
  if (there !== undefined && !there.isSymbolicLink()) {
    const reason = 'what is there is no link'
    throw new NciError('ISO_DESTINATION_UNUSABLE', { property: 'out_link', path: outLink, reason })
  }
  if (path === undefined) return { outLink, copy: undefined }
  const copy = resolve(path)
  const isFolder = path.endsWith('/') || (await stat(copy).catch(() => undefined))?.isDirectory()
  return { outLink, copy: isFolder ? `${copy}/` : copy }
}

/** What a link points to; `undefined` where there is none. */
export async function linkedTo(link: string): Promise<string | undefined> {
  return readlink(link).catch(() => undefined)
}

/**
 * The ISO of a build, which lies in its folder `iso`, where nixpkgs puts it, or at its top.
 *
 * @throws {NciError} `ISO_NOT_IN_BUILD`, `ISO_NOT_AN_ISO`
 */
export async function isoIn(storePath: string, installable: string, context: Context): Promise<LocalIso> {
  const isFile = (await stat(storePath)).isFile()
  const files = isFile
    ? [storePath]
    : [...(await filesIn(join(storePath, 'iso'))), ...(await filesIn(storePath))]
  const isos = files.filter((file) => file.endsWith('.iso'))
  const [path] = isos
  if (path === undefined || isos.length > 1) {
    const found = (isos.length > 0 ? isos : files).map((file) => basename(file)).join(', ') || 'nothing'
    throw new NciError('ISO_NOT_IN_BUILD', { installable, store_path: storePath, found })
  }
  context.emit({ type: 'phase', phase: `reading ${basename(path)}` })
  return { path, name: basename(path), ...(await inspectIso(path, undefined, context)) }
}

async function filesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  return names.map((name) => join(folder, name))
}

/** The copy of an ISO, where it is there and the same. */
export async function copyOf(iso: LocalIso, copy: string, context: Context): Promise<LocalIso | undefined> {
  const path = copyPath(iso, copy)
  const there = await stat(path).catch(() => undefined)
  if (!there?.isFile() || there.size !== iso.size) return undefined
  const { sha256 } = await inspectIso(path, undefined, context)
  return sha256 === iso.sha256 ? { ...iso, path, name: basename(path) } : undefined
}

/**
 * Copies an ISO; what was there is replaced once the copy is complete.
 *
 * @throws {NciError} `ISO_DESTINATION_UNUSABLE`
 */
export async function copyIso(iso: LocalIso, copy: string): Promise<LocalIso> {
  const path = copyPath(iso, copy)
  const part = `${path}.${process.pid}.part`
  makeFolderOf(path, 'path')
  try {
    // Where the file system can, the two share their blocks.
    await copyFile(iso.path, part, constants.COPYFILE_FICLONE)
    // What is in the store is for reading only.
    await chmod(part, 0o644)
    await rename(part, path)
  } catch (error) {
    await rm(part, { force: true })
    throw new NciError(
      'ISO_DESTINATION_UNUSABLE',
      { property: 'path', path, reason: reasonOf(error) },
      { cause: error },
    )
  }
  return { ...iso, path, name: basename(path) }
}

function copyPath({ name }: LocalIso, copy: string): string {
  return copy.endsWith('/') ? join(copy, name) : copy
}

/** @throws {NciError} `ISO_DESTINATION_UNUSABLE` */
export function makeFolderOf(path: string, property: 'out_link' | 'path'): void {
  try {
    makeFolder(dirname(path))
  } catch (error) {
    throw new NciError(
      'ISO_DESTINATION_UNUSABLE',
      { property, path, reason: reasonOf(error) },
      { cause: error },
    )
  }
}
