import { accessSync, constants, existsSync, statSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { NciError, reasonOf } from '../../core/errors.ts'
import type { Inputs, Outputs } from '../../core/step.ts'

type Report = Outputs['batch']
type Files = Pick<Inputs['batch'], 'report_file' | 'timeline_file'>

/** Hosts by how they ended. */
export function countsOf(hosts: readonly Pick<Report['hosts'][number], 'state'>[]): Report['counts'] {
  const counts = { changed: 0, unchanged: 0, planned: 0, failed: 0, interrupted: 0, not_begun: 0 }
  for (const { state } of hosts) counts[state]++
  return counts
}

/** Whether the files can be written in the end is looked at before hours are spent. @throws {NciError} `REPORT_UNWRITABLE` */
export function assertWritable(files: { [Name in keyof Files]: Files[Name] | undefined }): void {
  for (const [property, file] of Object.entries(files)) {
    if (file === undefined) continue
    try {
      accessSync(dirname(resolve(file)), constants.W_OK)
      if (existsSync(file) && statSync(file).isDirectory()) throw new Error('it is a folder')
    } catch (error) {
      throw unwritable(property, file, error)
    }
  }
}

/** Writes the files that were asked for. @returns `REPORT_UNWRITABLE` where one could not be written */
export async function writeReports(
  report: Report,
  { report_file, timeline_file, inventory }: Files & Pick<Inputs['batch'], 'inventory'>,
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

function write(property: string, file: string, text: string): NciError | undefined {
  try {
    writeFileSync(file, text, { mode: 0o600 })
    return undefined
  } catch (error) {
    return unwritable(property, file, error)
  }
}

function unwritable(property: string, file: string, error: unknown): NciError {
  return new NciError(
    'REPORT_UNWRITABLE',
    { property: `\`${property}\``, file, reason: reasonOf(error) },
    { cause: error },
  )
}
