import { readFileSync } from 'node:fs'
import { NciError, reasonOf } from '../core/errors.ts'
import type { DocumentId } from '../generated/types.ts'
import { flaggedProperties, flagName } from './flags.ts'

/**
 * Flags as properties of a document: numbers converted, secrets read from their files.
 *
 * @throws {NciError} `SECRET_UNREADABLE`
 */
export function flagValues(
  id: DocumentId,
  flags: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    flaggedProperties(id).flatMap((property) => {
      const value = flags[flagName(property)]
      if (value === undefined) return []
      if (property.secret) return [[property.name, readSecret(property.name, String(value))]]
      const isNumber = property.type === 'integer' || property.type === 'number'
      const number = Number(value)
      return [[property.name, isNumber && !Number.isNaN(number) ? number : value]]
    }),
  )
}

function readSecret(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '')
  } catch (error) {
    throw new NciError('SECRET_UNREADABLE', { file, name, reason: reasonOf(error) }, { cause: error })
  }
}
