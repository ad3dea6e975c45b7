import { NciError } from '../core/errors.ts'
import type { Asset, GitHub, Release } from './github.ts'

/** The SHA-256 that a file must have, and who says so. */
export interface Proof {
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string
  readonly by: 'checksum' | 'github-digest' | 'sha256sums'
}

/** The checksum of the input, if there is one. */
export function givenProof(checksum: string | undefined): Proof | undefined {
  return checksum === undefined
    ? undefined
    : { sha256: checksum.replace(/^sha256:/, '').toLowerCase(), by: 'checksum' }
}

/**
 * What the asset of a release is verified by: the given checksum, GitHub's digest, or the line for it in the
 * `SHA256SUMS` of the same release.
 *
 * @param known what an earlier run found, where GitHub still shows the same asset; saves reading `SHA256SUMS` again
 * @throws {NciError} `RELEASE_DIGEST_MISSING` when there is none of them, `CHECKSUM_MISMATCH` when the given
 *   checksum contradicts GitHub's digest
 */
export async function releaseProof(
  github: GitHub,
  release: Release,
  asset: Asset,
  given: Proof | undefined,
  known: Proof | undefined,
): Promise<Proof> {
  const digest = sha256Digest(asset)
  if (given !== undefined) {
    if (digest !== undefined && digest !== given.sha256) {
      throw new NciError('CHECKSUM_MISMATCH', { file: asset.name, actual: digest, expected: given.sha256 })
    }
    return given
  }
  if (digest !== undefined) return { sha256: digest, by: 'github-digest' }
  if (known !== undefined) return known
  const sums = release.assets.find(({ name, size }) => /^sha256sums(\.txt)?$/i.test(name) && size < 1024 ** 2)
  const sha256 = sums && sumOf(await github.text(sums), asset.name)
  if (sha256 === undefined) {
    throw new NciError('RELEASE_DIGEST_MISSING', { asset: asset.name, release: release.tag_name })
  }
  return { sha256, by: 'sha256sums' }
}

function sha256Digest({ digest }: Asset): string | undefined {
  return /^sha256:([0-9a-f]{64})$/i.exec(digest ?? '')?.[1]?.toLowerCase()
}

/** The hash that `sha256sum` wrote for a file: `HASH  NAME`, or `HASH *NAME` in binary mode. */
function sumOf(sums: string, file: string): string | undefined {
  for (const line of sums.split(/\r?\n/)) {
    const [, hash, name] = /^([0-9a-f]{64}) [ *](?:\.\/)?(.+)$/i.exec(line) ?? []
    if (name === file) return hash?.toLowerCase()
  }
  return undefined
}
