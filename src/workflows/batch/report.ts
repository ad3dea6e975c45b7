import {
  accessSync,
  constants,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, resolve } from 'node:path'
import { NciError, reasonOf } from '../../core/errors.ts'
import type { Inputs, Outputs } from '../../core/step.ts'
import { isPartOf, realPath } from '../../inventory/sources.ts'
import { isTimeline } from './timeline/mark.ts'

type Report = Outputs['batch']
type Files = Pick<Inputs['batch'], 'report_file' | 'timeline_file'>
type FilesOfBatch = Files & Pick<Inputs['batch'], 'inventory'>

/** Hosts by how they ended. */
export function countsOf(hosts: readonly Pick<Report['hosts'][number], 'state'>[]): Report['counts'] {
  const counts = { changed: 0, unchanged: 0, planned: 0, failed: 0, interrupted: 0, not_begun: 0 }
  for (const { state } of hosts) counts[state]++
  return counts
}

/**
 * Whether the files can be written in the end is looked at before hours are spent; and that nothing is lost by it: of what
 * is there already only reports of earlier batches are written over.
 *
 * @throws {NciError} `REPORT_UNWRITABLE`, `INVENTORY_NOT_FOUND`
 */
export function assertWritable({ report_file, timeline_file, inventory }: FilesOfBatch): void {
  const files: Files = {
    ...(report_file === undefined ? {} : { report_file }),
    ...(timeline_file === undefined ? {} : { timeline_file }),
  }
  for (const [property, file] of Object.entries(files) as [keyof Files, string][]) {
    const reason = isPartOf(inventory, file)
      ? `it ${existsSync(file) ? 'is' : 'would be'} a part of the inventory`
      : refusal(property, file)
    if (reason !== undefined) throw unwritable(property, file, reason)
  }
  if (report_file === undefined || timeline_file === undefined) return
  if (isRegular(report_file) && realPath(report_file) === realPath(timeline_file))
    throw unwritable('timeline_file', timeline_file, 'it is the one for `report_file` as well')
}

/** Why the file had better not be written. */
function refusal(property: keyof Files, file: string): string | undefined {
  try {
    const found = statSync(file, { throwIfNoEntry: false })
    if (found?.isDirectory()) return 'it is a folder'
    accessSync(found === undefined ? dirname(resolve(file)) : file, constants.W_OK)
    if (found === undefined || !found.isFile() || found.size === 0) return undefined
    const isEarlier = property === 'report_file' ? isReport : isTimeline
    return isEarlier(readFileSync(file, 'utf8'))
      ? undefined
      : `it is there already, and no ${kinds[property]} of an earlier batch`
  } catch (error) {
    return reasonOf(error)
  }
}

const kinds = {
  report_file: 'report',
  timeline_file: 'timeline',
} as const

/** Of devices and pipes any number may be written to. */
function isRegular(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() !== false
}

/** Whether a text is what {@link writeReports} writes. */
function isReport(text: string): boolean {
  try {
    const { hosts, counts, began, seconds } = JSON.parse(text) as Partial<Report>
    const types = [typeof counts, typeof began, typeof seconds].join(' ')
    return Array.isArray(hosts) && types === 'object string number'
  } catch {
    return false
  }
}

/** Writes the files that were asked for. @returns `REPORT_UNWRITABLE` where one could not be written */
export async function writeReports(
  report: Report,
  { report_file, timeline_file, inventory }: FilesOfBatch,
): Promise<NciError | undefined> {
  const unwritten =
    report_file === undefined
      ? undefined
      : write('report_file', report_file, `${JSON.stringify(report, null, 2)}\n`)
  if (timeline_file === undefined) return unwritten
  const { timelinePage } = await import('./timeline.ts')
  const another = write('timeline_file', timeline_file, timelinePage(report, `Provisioning of ${inventory}`))
  return unwritten ?? another
}

function write(property: keyof Files, file: string, text: string): NciError | undefined {
  try {
    if (isRegular(file)) replaceFile(file, text)
    else writeFileSync(file, text)
    return undefined
  } catch (error) {
    return unwritable(property, file, reasonOf(error))
  }
}

/** An earlier report stays as it was where the disk is full. */
function replaceFile(file: string, text: string): void {
  const place = realPath(file)
  const temporary = `${place}.${process.pid}`
  try {
    writeFileSync(temporary, text, { mode: 0o600 })
    renameSync(temporary, place)
  } finally {
    rmSync(temporary, { force: true })
  }
}

function unwritable(property: keyof Files, file: string, reason: string): NciError {
  return new NciError('REPORT_UNWRITABLE', { property: `\`${property}\``, file, reason })
}
