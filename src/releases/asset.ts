import { NciError } from '../core/errors.ts'
import type { Asset, Release } from './github.ts'

export type Architecture = 'x86_64' | 'aarch64'

const mentions: Record<Architecture, RegExp> = {
  x86_64: /(?<![a-z0-9])(x86[_-]64|amd64)(?![a-z0-9])/i,
  aarch64: /(?<![a-z0-9])(aarch64|arm64)(?![a-z0-9])/i,
}

/**
 * The ISO of a release for an architecture: by its usual name, otherwise the only one that mentions the architecture.
 *
 * @throws {NciError} `RELEASE_ASSET_MISSING`, which lists what the release has
 */
export function isoAsset(release: Release, architecture: Architecture, repository: string): Asset {
  const uploaded = release.assets.filter(({ state }) => state === undefined || state === 'uploaded')
  const usual = `nixos-cloud-init-installer-${release.tag_name}-${architecture}.iso`
  const candidates = uploaded.filter(
    // The name becomes one of a file here.
    ({ name }) => /^[^/\\]+\.iso$/i.test(name) && mentions[architecture].test(name),
  )
  const found = candidates.find(({ name }) => name === usual)
  const [only, ...others] = found === undefined ? candidates : [found]
  if (only !== undefined && others.length === 0) return only
  throw new NciError(
    'RELEASE_ASSET_MISSING',
    {
      release: release.tag_name,
      repository,
      architecture,
      assets: uploaded.map(({ name }) => name).join(', ') || 'no files',
    },
    only && { hint: `Several files mention ${architecture}: give the URL of one of them with \`iso_url\`.` },
  )
}
