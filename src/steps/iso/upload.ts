import { NciError } from '../../core/errors.ts'
import { type Inputs, type Outputs, type Plan, step } from '../../core/step.ts'
import type { Volume } from '../../proxmox/cluster.ts'
import { credentialsOf } from '../../proxmox/credentials.ts'
import { lockUpload } from './upload-lock.ts'
import { listIsos, lookFor, type Namesake, nameOf, type WantedName } from './upload-present.ts'
import { type Pruning, planPruning, prune } from './upload-prune.ts'
import { requireUnused } from './upload-replace.ts'
import { fileSource, type Source, urlSource } from './upload-source.ts'
import { findTarget, type Target } from './upload-target.ts'

type Input = Inputs['iso.upload']
type Output = Outputs['iso.upload']

/** Puts the ISO on a storage: sends the file, or has Proxmox fetch a URL itself; and removes older ones on request. */
export const isoUpload = step('iso.upload', async (input, context): Promise<Plan<Output>> => {
  const source = input.via === 'proxmox' ? urlSource(input) : await fileSource(input, context)
  const target = await findTarget(input, context)
  const wanted = {
    name: input.filename ?? source.ownName,
    isChosen: input.filename !== undefined,
    replace: input.replace,
  }
  const volid = volidOf(target, wanted)
  const { same, namesake, volumes } = await lookFor(target, source, wanted)
  const replaced = await replaceable(target, namesake, wanted)
  if (same === undefined) await source.prepare(target, replaced)
  const pruning = input.prune
    ? await planPruning(target, volumes, {
        ownName: source.ownName,
        stays: same ?? { volid },
        keep: input.prune_keep,
        user: credentialsOf(input).user,
      })
    : undefined
  const removals = pruning?.remove ?? []
  const size = same?.size ?? (await source.size(target))
  const planned = outputOf(target, source, { volid: same?.volid ?? volid, size: size ?? 0 })
  const { size: _, ...sizeless } = planned
  if (same !== undefined && removals.length === 0) {
    const kept = pruning === undefined ? {} : { pruned: [], kept: [...pruning.kept] }
    return { changed: false, output: { ...planned, uploaded: false, ...kept } }
  }
  return {
    changed: true,
    diff: [
      ...(same === undefined ? [sending(volid, source, replaced)] : []),
      ...removals.map((volume) => ({ what: volume.volid, before: `${volume.size} bytes` })),
    ],
    expected: {
      ...(size === undefined ? sizeless : planned),
      uploaded: same === undefined,
      ...plannedPruning(pruning),
    },
    async apply() {
      const uploaded = same === undefined && (await put(input, target, source, wanted, replaced))
      const placed = same ?? (await find(target, volid))
      const output = placed === undefined ? planned : outputOf(target, source, placed)
      const pruned = pruning === undefined ? {} : await prune(target, pruning)
      return { ...output, uploaded, ...pruned }
    },
  }
})

/**
 * Puts the file in place, unless another run has done so since it was looked for.
 *
 * @param planned the file that had the name then
 * @returns whether it did
 */
async function put(
  input: Input,
  target: Target,
  source: Source,
  wanted: WantedName,
  planned: Volume | undefined,
): Promise<boolean> {
  using _ = await lockUpload(target, input, wanted.name)
  let replaced = await find(target, volidOf(target, wanted))
  if (replaced?.size !== planned?.size || replaced?.ctime !== planned?.ctime) {
    // Another name than this one was looked for already.
    const { same, namesake } = await lookFor(target, source, { ...wanted, isChosen: true })
    if (same !== undefined) return false
    replaced = await replaceable(target, namesake, wanted)
  } else if (replaced !== undefined) await requireUnused(target, replaced)
  await source.send(target, wanted.name, replaced)
  return true
}

/**
 * The file that is to be replaced.
 *
 * @throws {NciError} `PVE_FILE_DIFFERS`, `PVE_ISO_IN_USE`
 */
async function replaceable(
  target: Target,
  namesake: Namesake | undefined,
  wanted: WantedName,
): Promise<Volume | undefined> {
  if (namesake === undefined) return undefined
  const { volume, difference, isPart, isNamed } = namesake
  if (!wanted.replace) {
    const hint =
      'By its name it is the same ISO, and no task is seen that writes to it: its copy was interrupted, or somebody else’s goes on. If it does not grow, remove it or overwrite it with `replace: true`.'
    throw new NciError(
      'PVE_FILE_DIFFERS',
      { volid: volume.volid, difference },
      isPart && isNamed ? { hint } : undefined,
    )
  }
  await requireUnused(target, volume)
  return volume
}

async function find(target: Target, volid: string): Promise<Volume | undefined> {
  return (await listIsos(target)).find((volume) => volume.volid === volid)
}

function volidOf({ storage }: Target, { name }: WantedName): string {
  return `${storage.storage}:iso/${name}`
}

function outputOf({ storage }: Target, { sha256 }: Source, volume: Volume): Omit<Output, 'uploaded'> {
  const { volid, size } = volume
  return { volid, node: storage.node, storage: storage.storage, name: nameOf(volume), size, sha256 }
}

function sending(volid: string, { sha256 }: Source, replaced: Volume | undefined) {
  const before = replaced === undefined ? {} : { before: `${replaced.size} bytes` }
  return { what: volid, ...before, after: `sha256:${sha256}` }
}

function plannedPruning(pruning: Pruning | undefined): Partial<Output> {
  if (pruning === undefined) return {}
  return { pruned: pruning.remove.map(({ volid }) => volid), kept: [...pruning.kept] }
}
