import { listVolumes, type Volume } from '../../proxmox/cluster.ts'
import { type Verdict, verifyOnNode } from '../../proxmox/download-url.ts'
import { awaitCopies } from '../../proxmox/upload-task.ts'
import { carriesDigest, isOurName } from './upload-name.ts'
import type { Source } from './upload-source.ts'
import type { Target } from './upload-target.ts'

/** What the storage has of the wanted file. */
export interface Present {
  /** The file is there, perhaps under another name. */
  readonly same?: Volume
  /** Another file has the name. */
  readonly namesake?: Namesake
}

export interface Namesake {
  readonly volume: Volume
  readonly difference: string
  /** It is smaller than the wanted file, and may be a part of it: a copy that goes on, or was interrupted. */
  readonly isPart: boolean
  /** Its name says that it is the wanted file. */
  readonly isNamed: boolean
}

/** The name that was asked for, or the one that the scheme gives. */
export interface WantedName {
  readonly name: string
  /** The user asked for this very name. */
  readonly isChosen: boolean
  /** Another file of the name may be overwritten. */
  readonly replace: boolean
}

/** The ISOs of the storage. */
export function listIsos({ client, storage }: Target): Promise<Volume[]> {
  return listVolumes(client, storage.node, storage.storage, 'iso')
}

/**
 * Looks for the file on the storage. Where somebody is just putting it there, waits for that: Proxmox copies an upload
 * under its final name, which has a part of it meanwhile.
 */
export async function lookFor(
  target: Target,
  source: Source,
  wanted: WantedName,
): Promise<Present & { readonly volumes: readonly Volume[] }> {
  const { client, context } = target
  const waiting = (): void =>
    context.emit({ type: 'phase', phase: `waiting for another upload of ${wanted.name}` })
  let settled: number | undefined
  for (;;) {
    const volumes = await listIsos(target)
    const present = await findPresent(target, volumes, source, wanted)
    const { namesake } = present
    if (namesake?.isPart !== true || namesake.volume.size === settled) return { ...present, volumes }
    // The copy may have ended between the two looks: a part is one if it is still the same when nobody writes to it.
    settled = (await awaitCopies(client, context, wanted.name, waiting)) ? undefined : namesake.volume.size
  }
}

/**
 * A name that carries the digest says with the size that it is the file; of others of the same size, and where the size
 * of a URL's file is not known, Proxmox is asked for the checksum, so that a file is also found that somebody renamed.
 * Where the user chose the name the file is to have it, and is not looked for under others.
 */
async function findPresent(
  target: Target,
  volumes: readonly Volume[],
  source: Source,
  wanted: WantedName,
): Promise<Present> {
  const namesake = volumes.find((volume) => nameOf(volume) === wanted.name)
  if (namesake !== undefined) {
    const difference = await differenceOf(target, namesake, source, wanted)
    return difference === undefined ? { same: namesake } : { namesake: { volume: namesake, ...difference } }
  }
  const renamed = wanted.isChosen ? undefined : await findRenamed(target, volumes, source)
  return renamed === undefined ? {} : { same: renamed }
}

/** File name of a volume: `nixos.iso` of `local:iso/nixos.iso`. */
export function nameOf({ volid }: Volume): string {
  return volid.slice(volid.indexOf('/') + 1)
}

/** In what a file of the wanted name is another one; `undefined` where it is taken for the wanted one. */
async function differenceOf(
  target: Target,
  volume: Volume,
  source: Source,
  { name, replace }: WantedName,
): Promise<Omit<Namesake, 'volume'> | undefined> {
  const isNamed = carriesDigest(name, source.sha256)
  const size = await source.size(target)
  if (size !== undefined && volume.size !== size) {
    const isPart = volume.size < size
    return { difference: `it has ${volume.size} bytes, not ${size}`, isPart, isNamed }
  }
  if (isNamed && size !== undefined) return undefined
  const verdict = await verify(target, volume, source)
  if (verdict === 'same') return undefined
  if (verdict === 'other') return { difference: 'its SHA-256 is another', isPart: false, isNamed }
  if (verdict === 'unknown' && replace && !isNamed) {
    return { difference: 'its content cannot be compared', isPart: false, isNamed }
  }
  const doubt = isNamed ? 'nobody tells the size that it is to have' : 'its name does not carry the digest'
  const obstacle =
    verdict === 'unknown'
      ? 'Proxmox does not verify it for this user (Sys.AccessNetwork on the node would allow it)'
      : 'in check mode Proxmox is not asked to verify it'
  const message = `${volume.volid} was there already; its content was not compared with the checksum, as ${doubt}, and ${obstacle}.`
  target.context.emit({ type: 'warning', message })
  return undefined
}

async function findRenamed(
  target: Target,
  volumes: readonly Volume[],
  source: Source,
): Promise<Volume | undefined> {
  const size = await source.size(target)
  const alike = volumes.filter((volume) => volume.size === size)
  const named = alike.find((volume) => carriesDigest(nameOf(volume), source.sha256))
  if (named !== undefined) return named
  // A name that carries another digest says that it is another file.
  for (const volume of alike.filter((one) => !isOurName(nameOf(one)))) {
    const verdict = await verify(target, volume, source)
    if (verdict === 'same') return volume
    if (verdict !== 'unasked') continue
    const message = `${volume.volid} has the size of the ISO and may be it under another name: in check mode Proxmox is not asked to verify it.`
    target.context.emit({ type: 'warning', message })
  }
  return undefined
}

/** In check mode Proxmox is not asked: its answer is a task, which stays in its list. */
async function verify(
  { client, context, storage }: Target,
  volume: Volume,
  { sha256 }: Source,
): Promise<Verdict | 'unasked'> {
  if (context.check === true) return 'unasked'
  context.emit({ type: 'phase', phase: `Proxmox verifies ${volume.volid}` })
  const place = { node: storage.node, storage: storage.storage, name: nameOf(volume) }
  return verifyOnNode(client, context, place, sha256)
}
