import { readFileSync } from 'node:fs'
import { NciError, reasonOf } from '../../core/errors.ts'
import { findMistakes } from '../../core/validate.ts'
import type { LabDocument } from '../../generated/types.ts'
import { contradictionsIn } from './lab-references.ts'

/**
 * Reads the file of `--config`.
 *
 * @param isNew whether the lab has nothing from an earlier run, and so no users but those of the file
 * @throws {NciError} `LAB_FAILED` where it is no JSON, or says what no lab knows
 */
export async function readLabConfig(file: string, isNew = true): Promise<LabDocument> {
  const config = readObject(file)
  const mistakes =
    (await findMistakes('lab', config))?.problems ??
    (await contradictionsIn(config as LabDocument, isNew)).join('; ')
  if (mistakes === '') return config as LabDocument
  throw new NciError('LAB_FAILED', {
    reason: `its configuration ${file} is not valid: ${mistakes}`,
    way: '`nci schema lab` describes it, and `nci lab start --help` has examples.',
  })
}

function readObject(file: string): Readonly<Record<string, unknown>> {
  const unreadable = (reason: string): NciError =>
    new NciError('LAB_FAILED', {
      reason: `its configuration ${file} cannot be read: ${reason}`,
      way: 'Give `--config` a JSON file.',
    })
  let config: unknown
  try {
    config = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw unreadable(reasonOf(error, file))
  }
  if (typeof config === 'object' && config !== null && !Array.isArray(config)) return { ...config }
  throw unreadable('it is no JSON object')
}
