import { isNciError } from '../../core/errors.ts'
import { formatBytes } from '../../core/format.ts'
import { listVolumes } from '../../proxmox/cluster.ts'
import { type Check, type Finding, failed, ok, skipped, unseen } from './check.ts'
import type { Input, Patient } from './patient.ts'
import { allowing, canTake, rowOf, takes, unusable } from './storage-state.ts'

/** A check for each image that a disk is filled with. Proxmox itself finds out only while it creates the VM. */
export function imageChecks({ disks }: Input): Check[] {
  const images = new Set(disks.flatMap(({ import_from }) => import_from ?? []))
  return [...images].map((image) => ({
    id: `image.${image}`,
    title: image,
    needs: ['node'],
    examine: (patient) => examineImage(patient, image),
  }))
}

async function examineImage(patient: Patient, image: string): Promise<Finding> {
  const isCreated = (await patient.vm().catch(() => undefined)) !== undefined
  if (isCreated) return skipped('It is not needed any more: the VM is there already.')
  const [storage = '', name = ''] = image.split(/:(.*)/s)
  const choose = 'Set `import_from` of the disk to an image that is there.'
  const missing = await unusable(patient, storage, choose, { details: { storage } })
  if (missing !== undefined) return missing
  const wrong = /^(iso|vztmpl|snippets|backup|rootdir)\//.exec(name)?.[1]
  if (wrong !== undefined) {
    return failed(`It is of type \`${wrong}\`: disks are filled from \`import\` and \`images\` only.`, choose)
  }
  // Of a disk in an appliance only the appliance can be looked at.
  const file = image.replace(/(\.ova)\/.*$/i, '$1')
  const size = await sizeOf(patient, storage, file)
  if (size === 'hidden') return unseen('whether it is there', privilegesFor(storage, name))
  return size === undefined ? absent(patient, storage, name) : ok(`It is there: ${formatBytes(size)}.`)
}

/** Bytes of a volume, also of one of a type that its storage does not list. */
async function sizeOf(
  patient: Patient,
  storage: string,
  image: string,
): Promise<number | 'hidden' | undefined> {
  const node = await patient.node()
  const path = `/nodes/${node}/storage/${storage}/content/${encodeURIComponent(image)}`
  try {
    const client = await patient.client()
    return (await client.get<{ size: number }>(path, `look at the image ${image}`)).size
  } catch (error) {
    if (isNciError(error, 'PVE_FORBIDDEN')) return 'hidden'
    if (isNciError(error, 'PVE_REQUEST_FAILED')) return undefined
    throw error
  }
}

/** Whose disk it is says who may look at it. */
function privilegesFor(storage: string, name: string): string {
  const owner = /(?:^|\/)(?:vm|base)-(\d+)-/.exec(name)?.[1]
  const onVm = owner === undefined ? '' : ` and VM.Config.Disk on /vms/${owner}`
  return `Datastore.Audit on /storage/${storage}${onVm}`
}

async function absent(patient: Patient, storage: string, name: string): Promise<Finding> {
  const content = name.startsWith('import/') ? 'import' : 'images'
  const row = await rowOf(patient, storage)
  if (row !== undefined && !takes(row, content)) {
    const only = row.content.replaceAll(',', ', ')
    if (!canTake(row, content)) {
      const message = `It is not there: a storage of type \`${row.type}\` takes only ${only}.`
      return failed(message, 'Set `import_from` of the disk to an image on another storage.', {
        details: { storage },
      })
    }
    const command = allowing(row, content)
    return failed(
      `It is not there, and its storage does not take \`${content}\`, only ${only}.`,
      `Allow it with \`${command}\` and put the image there, or set \`import_from\` to one on another storage.`,
      { details: { storage }, commands: [command] },
    )
  }
  const volumes = await listVolumes(await patient.client(), await patient.node(), storage, content)
  const images = volumes.map(({ volid }) => volid)
  return failed(
    'It is not there.',
    `Put it there, or set \`import_from\` of the disk to another: the storage has ${images.join(', ') || 'none'}.`,
    { details: { storage, images } },
  )
}
