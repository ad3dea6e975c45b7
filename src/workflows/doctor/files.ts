import { accessSync, constants } from 'node:fs'
import { reasonOf } from '../../core/errors.ts'
import { type Check, failed, ok } from './check.ts'
import type { Input } from './patient.ts'

/** A check for each file of this machine that the host names. */
export function fileChecks({
  iso,
  iso_path,
  ca_path,
  extra_files,
  host_key_file,
  disk_encryption_keys = [],
}: Input): Check[] {
  const files: [string, string | undefined][] = [
    ['iso_path', iso === undefined ? iso_path : undefined],
    ['ca_path', ca_path],
    ['extra_files', extra_files],
    ['host_key_file', host_key_file],
    ...disk_encryption_keys.map(({ local }, index): [string, string] => [
      `disk_encryption_keys.${index}`,
      local,
    ]),
  ]
  return files.flatMap(([property, file]): Check[] =>
    file === undefined
      ? []
      : [{ id: `file.${property}`, title: property, examine: () => examineFile(property, file) }],
  )
}

function examineFile(property: string, file: string): ReturnType<typeof ok> {
  try {
    accessSync(file, constants.R_OK)
    return ok(`${file} can be read.`)
  } catch (error) {
    return failed(
      `It cannot be read: ${reasonOf(error)}.`,
      `Set \`${property}\` to the path of something readable.`,
    )
  }
}
