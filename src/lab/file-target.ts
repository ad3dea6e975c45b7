import { failed, parameterErrors } from './api-error.ts'
import type { Parameters } from './parameters.ts'
import type { Storage } from './storage.ts'

/** What a file has to be called, by what it is. */
const extensions: Record<string, RegExp> = {
  iso: /.\.(?:iso|img)$/i,
  vztmpl: /.\.tar\.(?:gz|xz|zst|bz2)$/,
  import: /.\.(?:raw|qcow2|vmdk|ova)$/,
}

/** The name that a file gets: the last part of its path, with anything unusual replaced. */
function sanitizeFileName(name: string): string {
  const base = name.replace(/^.*[/\\]/s, '')
  return base.replaceAll(/[^-a-zA-Z0-9_.]/gu, '_')
}

/** The volume's name for an uploaded or downloaded file; throws where it cannot be there. */
export function targetOf(
  storage: Storage,
  content: string,
  filename: string,
  unsupported: (content: string) => string,
): string {
  const name = sanitizeFileName(filename)
  if (extensions[content]?.test(name) !== true) throw parameterErrors({ filename: 'wrong file extension' })
  storage.requireEnabled()
  if (!storage.supports(content)) throw failed(unsupported(content))
  return `${content}/${name}`
}

/** What a file has to look like when it has arrived. */
export type Checksum = { readonly algorithm: string; readonly value: string }

/** The checksum that was given. */
export function checksumOf(parameters: Parameters): Checksum | undefined {
  const value = parameters.get('checksum')
  return value === undefined ? undefined : { algorithm: parameters.text('checksum-algorithm'), value }
}
