import { basename, resolve } from 'node:path'
import { isNciError, NciError, reasonOf } from '../../core/errors.ts'
import { type Context, type Inputs, type Outputs, type Plan, step } from '../../core/step.ts'
import { isoAsset } from '../../releases/asset.ts'
import {
  type CacheRecord,
  cacheFolder,
  lookUp,
  newestVerified,
  releaseFile,
  repositoryFolder,
  urlFile,
} from '../../releases/cache.ts'
import { download, type Wanted } from '../../releases/download.ts'
import { type Asset, GitHub, type Release } from '../../releases/github.ts'
import { Http, type HttpOptions, withoutCredentials } from '../../releases/http.ts'
import { inspectIso } from '../../releases/local.ts'
import { givenProof, type Proof, releaseProof } from '../../releases/proof.ts'
import { isUnchanged } from '../../releases/unchanged.ts'

type Input = Inputs['iso.download']
type Output = Outputs['iso.download']

/** Gets the installer ISO as a verified local file: one that is there, one of a URL, or one of a GitHub release. */
export const isoDownload = step('iso.download', async (input, context) => {
  for (const property of ['iso_url', 'github_api_url'] as const) {
    const url = input[property]
    if (url !== undefined && !URL.canParse(url)) {
      const problems = `${property}: \`${url}\` is not a URL`
      throw new NciError('INPUT_INVALID', { problems, step: 'iso.download' })
    }
  }
  if (input.iso_path !== undefined) return planPath(resolve(input.iso_path), input, context)
  if (input.iso_url !== undefined) return planUrl(input.iso_url, input, context)
  return planRelease(input, context)
})

async function planPath(path: string, input: Input, context: Context): Promise<Plan<Output>> {
  const proof = givenProof(input.iso_checksum)
  context.emit({ type: 'phase', phase: `reading ${basename(path)}` })
  const { size, sha256 } = await inspectIso(path, proof, context)
  const verified_by = proof?.by ?? 'nothing'
  return {
    changed: false,
    output: { path, name: basename(path), size, sha256, source: 'path', verified_by, downloaded: false },
  }
}

async function planUrl(from: string, input: Input, context: Context): Promise<Plan<Output>> {
  const url = withoutCredentials(from)
  const file = urlFile(cacheFolder(input.cache_dir), url)
  const proof = givenProof(input.iso_checksum)
  const present = await lookUp(file, context.signal)
  const fits =
    present !== undefined &&
    (proof === undefined ? await isStillServed(from, present, context) : proof.sha256 === present.sha256)
  if (proof === undefined && (!fits || present.verifiedBy === 'nothing')) {
    const message = `Nothing verifies the ISO from ${url}: give its SHA-256 with \`iso_checksum\`.`
    context.emit({ type: 'warning', message })
  }
  return fits
    ? { changed: false, output: outputOf(file, present, proof, false) }
    : planDownload({ file, from, proof }, present, {}, context)
}

/** The server decides; where it cannot be asked, what is in the cache is better than nothing. */
async function isStillServed(from: string, present: CacheRecord, context: Context): Promise<boolean> {
  try {
    await using http = await Http.open(context)
    return await isUnchanged(from, present, { http, signal: context.signal })
  } catch (thrown) {
    if (!isNciError(thrown, 'DOWNLOAD_FAILED')) throw thrown
    const message = `Using the ISO from the cache without knowing whether it is up to date. ${reasonOf(thrown)}`
    context.emit({ type: 'warning', message })
    return true
  }
}

async function planRelease(input: Input, context: Context): Promise<Plan<Output>> {
  const { iso_repository: repository, github_api_url: apiUrl, github_token: token, architecture } = input
  const folder = repositoryFolder(cacheFolder(input.cache_dir), apiUrl, repository)
  const access = { signal: context.signal, token, apiUrl }
  context.emit({ type: 'phase', phase: `looking for the release of ${repository}` })
  try {
    await using http = await Http.open(access)
    const github = new GitHub({ ...access, http, repository, hasToken: token !== undefined })
    const release = await (input.iso_release === 'latest'
      ? github.latest()
      : github.tagged(input.iso_release))
    const asset = isoAsset(release, architecture, repository)
    const file = releaseFile(folder, release.tag_name, asset.name)
    const present = await lookUp(file, context.signal)
    const known = present && proofOf(present, asset)
    const proof = await releaseProof(github, release, asset, givenProof(input.iso_checksum), known)
    if (present?.sha256 === proof.sha256) {
      return { changed: false, output: outputOf(file, present, proof, false) }
    }
    const wanted = {
      file,
      from: github.assetUrl(asset),
      url: asset.browser_download_url,
      size: asset.size,
      proof,
      release: recordOf(release, asset, input),
    }
    return planDownload(wanted, present, access, context)
  } catch (thrown) {
    if (!isNciError(thrown, 'DOWNLOAD_FAILED', 'RELEASE_RATE_LIMITED')) throw thrown
    const cached = await fromCache(folder, input, context)
    if (cached === undefined) throw thrown
    if (input.iso_release === 'latest') {
      const message = `Using the newest release in the cache, ${cached.release}. ${reasonOf(thrown)}`
      context.emit({ type: 'warning', message })
    }
    return { changed: false, output: cached }
  }
}

/** A verified ISO of the wanted release that is in the cache, for when GitHub does not answer. */
async function fromCache(folder: string, input: Input, context: Context): Promise<Output | undefined> {
  const given = givenProof(input.iso_checksum)
  const found = await newestVerified(
    folder,
    (release, { sha256 }) =>
      release.architecture === input.architecture &&
      (input.iso_release === 'latest' ? !release.prerelease : release.tag_name === input.iso_release) &&
      (given === undefined || given.sha256 === sha256),
    context.signal,
  )
  return found && outputOf(found.file, found.record, given, false)
}

function planDownload(
  wanted: Wanted,
  present: CacheRecord | undefined,
  access: Omit<HttpOptions, 'signal'>,
  context: Context,
): Plan<Output> {
  const { file, proof, size, release } = wanted
  const url = withoutCredentials(wanted.url ?? wanted.from)
  return {
    changed: true,
    diff: [
      {
        what: file,
        ...(present && { before: `sha256:${present.sha256}` }),
        after: proof ? `sha256:${proof.sha256}` : url,
      },
    ],
    expected: {
      path: file,
      name: basename(file),
      ...(size === undefined ? {} : { size }),
      ...(proof && { sha256: proof.sha256 }),
      ...(release === undefined ? { source: 'url' } : { source: 'release', ...labels(release) }),
      url,
      verified_by: proof?.by ?? 'nothing',
      downloaded: true,
    },
    apply: async () => {
      await using http = await Http.open({ ...access, signal: context.signal })
      const { signal, emit } = context
      const isIt = (record: CacheRecord): boolean =>
        proof === undefined ? record.mtimeMs !== present?.mtimeMs : record.sha256 === proof.sha256
      const { record, downloaded } = await download(wanted, { http, signal, emit }, isIt)
      return outputOf(file, record, proof, downloaded)
    },
  }
}

function outputOf(file: string, record: CacheRecord, proof: Proof | undefined, downloaded: boolean): Output {
  const { size, sha256, url, release } = record
  return {
    path: file,
    name: basename(file),
    size,
    sha256,
    ...(release === undefined ? { source: 'url' } : { source: 'release', ...labels(release) }),
    url,
    verified_by: proof?.by ?? record.verifiedBy,
    downloaded,
  }
}

function labels({ tag_name, architecture }: NonNullable<CacheRecord['release']>) {
  return { release: tag_name, architecture }
}

function recordOf(release: Release, asset: Asset, input: Input): NonNullable<CacheRecord['release']> {
  const { tag_name, published_at, prerelease } = release
  const { id, updated_at } = asset
  return { tag_name, published_at, prerelease, architecture: input.architecture, asset: { id, updated_at } }
}

/** What a file in the cache was verified by, if it is this very asset: a replaced one has another id or time. */
function proofOf({ release, verifiedBy: by, sha256 }: CacheRecord, asset: Asset): Proof | undefined {
  const same = release?.asset.id === asset.id && release.asset.updated_at === asset.updated_at
  return same && by !== 'nothing' ? { by, sha256 } : undefined
}
