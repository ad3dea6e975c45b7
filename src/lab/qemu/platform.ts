import { type Acceleration, findAcceleration } from './acceleration.ts'
import type { QemuOptions } from './options.ts'
import { type Architecture, findPrograms, type Programs } from './programs.ts'

/** What all guests of a lab have in common. */
export interface Platform {
  /** Has a folder for each VM. */
  readonly folder: string
  readonly programs: Programs
  readonly limits: Pick<QemuOptions, 'maxCpus' | 'maxMemoryMiB'>
  readonly internet: boolean
  /** What is tried out for the first guest of an architecture, and then known. */
  acceleration(architecture: Architecture): Promise<Acceleration>
}

/**
 * Looks at what this machine has for guests.
 *
 * @throws {NciError} `LAB_QEMU_UNSUITABLE`
 */
export async function findPlatform(folder: string, options: QemuOptions): Promise<Platform> {
  const programs = await findPrograms(options.programs ?? process.env.NCI_QEMU_PROGRAMS)
  const known: Partial<Record<Architecture, Promise<Acceleration>>> = {}
  return {
    folder,
    programs,
    limits: options,
    internet: options.internet ?? false,
    acceleration(architecture) {
      const program = programs.emulators[architecture]?.program ?? ''
      known[architecture] ??= findAcceleration(architecture, program, options.acceleration).then((found) =>
        found.name === 'tcg' ? { ...found, cpu: options.emulatedCpu ?? found.cpu } : found,
      )
      return known[architecture]
    },
  }
}
