import { statSync } from 'node:fs'
import { formatBytes } from '../../core/format.ts'
import { documents } from '../../generated/commands.ts'
import { listVolumes } from '../../proxmox/cluster.ts'
import { isThin } from '../../proxmox/thin.ts'
import { parseSize } from '../../proxmox/values/size.ts'
import { imageStorages } from '../../proxmox/vm-options.ts'
import { type Check, type Finding, failed, ok, warning } from './check.ts'
import type { Input, Patient } from './patient.ts'
import { spoolProblem } from './spool.ts'
import { allowing, canTake, isActive, rowOf, takes, unusable } from './storage-state.ts'
import { drivesOf, isoStorage } from './uses.ts'

/** What a storage is wanted for. */
interface Wanted {
  readonly storage: string
  readonly property: string
  readonly content: 'iso' | 'images'
}

/** An installer’s size where it is not known. */
const assumedIso = 2 * 1024 ** 3

/** A check for each storage that the host names, and each kind of content on it. */
export function storageChecks(input: Input): Check[] {
  const iso: Wanted = { storage: isoStorage(input), property: 'iso_storage', content: 'iso' }
  const drives = drivesOf(input)
  return [
    {
      id: `storage.iso.${iso.storage}`,
      title: `${iso.storage} (ISOs)`,
      needs: ['node'],
      examine: async (patient) => (await unsuitable(patient, iso)) ?? isoSpace(patient, iso.storage),
    },
    ...imageStorages({ ...input, cloud_init: true }).map(({ storage, property }): Check => {
      const wanted: Wanted = { storage, property, content: 'images' }
      const here = drives.filter((drive) => drive.storage === storage)
      if (here.length === 0) return cloudInitCheck(wanted)
      const needed = here.reduce((sum, { size = '' }) => sum + (parseSize(size) ?? 0), 0)
      return {
        id: `storage.images.${storage}`,
        title: `${storage} (disks)`,
        needs: ['node'],
        examine: async (patient) =>
          (await unsuitable(patient, wanted)) ?? diskSpace(patient, storage, needed),
      }
    }),
  ]
}

/** Of a storage that takes nothing but the cloud-init drive. */
function cloudInitCheck(wanted: Wanted): Check {
  return {
    id: `storage.cloud_init.${wanted.storage}`,
    title: `${wanted.storage} (cloud-init)`,
    needs: ['node'],
    examine: async (patient) =>
      (await unsuitable(patient, wanted)) ?? ok('It is there and takes cloud-init drives.'),
  }
}

/** What is wrong with a storage, apart from its space. */
async function unsuitable(patient: Patient, wanted: Wanted): Promise<Finding | undefined> {
  const { storage, content, property } = wanted
  const rows = await patient.storages()
  const others = rows.filter((one) => isActive(one) && takes(one, content))
  const suitable = others.map((one) => one.storage).sort()
  const choose = suitable.length === 0 ? '' : `set \`${property}\` to one that does: ${suitable.join(', ')}`
  const problem = severity(patient, wanted, suitable.length > 0)
  const details = { node: await patient.node(), suitable }
  const instead = choose === '' ? `Add one that takes \`${content}\`.` : `${capital(choose)}.`
  const missing = await unusable(patient, storage, instead, { details }, problem)
  const row = await rowOf(patient, storage)
  if (missing !== undefined || row === undefined || takes(row, content)) return missing
  const message = `It does not take \`${content}\`, only ${row.content.replaceAll(',', ', ')}.`
  if (!canTake(row, content)) {
    const hint = `A storage of type \`${row.type}\` cannot${choose === '' ? '' : `: ${choose}`}.`
    return problem(message, hint, { details })
  }
  const command = allowing(row, content)
  const hint = `Allow it with \`${command}\`${choose === '' ? '' : `, or ${choose}`}.`
  return problem(message, hint, { details, commands: [command] })
}

/** Without a host, a default that does not fit this cluster is only something to know. */
function severity(patient: Patient, { storage, property }: Wanted, isReplaceable: boolean): typeof failed {
  const standard = documents.doctor.properties.find(({ name }) => name === property)?.default
  return !patient.isHost && isReplaceable && storage === standard ? warning : failed
}

async function isoSpace(patient: Patient, storage: string): Promise<Finding> {
  const { iso, iso_path, via } = patient.input
  const node = await patient.node()
  const volumes = await listVolumes(await patient.client(), node, storage, 'iso')
  if (iso !== undefined) {
    if (volumes.some(({ volid }) => volid === iso)) return ok(`It has ${iso}.`)
    return failed(
      `It has no ${iso}.`,
      `It has ${volumes.map(({ volid }) => volid).join(', ') || 'no ISO at all'}.`,
    )
  }
  const size = via === 'engine' && iso_path !== undefined ? sizeOf(iso_path) : undefined
  const needed = size ?? assumedIso
  const available = await availableOn(patient, storage)
  const details = { available, needed, assumed: size === undefined }
  const problem = size === undefined ? warning : failed
  const isThere = size !== undefined && volumes.some((volume) => volume.size === size)
  if (available < needed) {
    if (isThere) return ok('It seems to have the ISO already: one of the same size is there.', { details })
    const message = `It has ${formatBytes(available)} left, and the ISO takes ${size === undefined ? 'about ' : ''}${formatBytes(needed)}.`
    return problem(message, 'Remove old ISOs from it, or set `iso_storage` to another storage.', { details })
  }
  const full = via === 'engine' && !isThere ? await spoolProblem(patient, storage, needed) : undefined
  if (full !== undefined) {
    return problem(full.message, full.hint, { details: { ...full.details, code: full.code } })
  }
  return ok(`It takes ISOs and has ${formatBytes(available)} left.`, { details })
}

async function diskSpace(patient: Patient, storage: string, needed: number): Promise<Finding> {
  const available = await availableOn(patient, storage)
  const details = { available, needed }
  // Disks that are there already are not allocated again.
  const isThere = (await patient.vm().catch(() => undefined)) !== undefined
  if (isThere || available >= needed) {
    return ok(`It takes disks and has ${formatBytes(available)} left.`, { details })
  }
  const message = `It has ${formatBytes(available)} left, and the disks have ${formatBytes(needed)}.`
  if (patient.isHost && isThin((await rowOf(patient, storage))?.type) === false) {
    return failed(message, 'Make the disks smaller, or put them on another storage.', { details })
  }
  return warning(
    message,
    'Thin volumes may be larger than the space there is; when they fill it, writes fail.',
    { details },
  )
}

async function availableOn(patient: Patient, storage: string): Promise<number> {
  return (await rowOf(patient, storage))?.avail ?? 0
}

/** Bytes of a file; unknown where it cannot be read, which is another check’s business. */
function sizeOf(file: string): number | undefined {
  try {
    return statSync(file).size
  } catch {
    return undefined
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
