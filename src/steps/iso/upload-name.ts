/** `nixos.iso` and a digest give `nixos-0123456789ab.iso`; a name that carries the digest already is kept. */
export function nameWithDigest(name: string, sha256: string): string {
  const stem = name.replace(/\.(iso|img)$/i, '').replace(/[^A-Za-z0-9_.-]/g, '_')
  return carriesDigest(stem, sha256) ? `${stem}.iso` : `${stem}-${shortDigest(sha256)}.iso`
}

/** Whether a name says that its content has this digest. */
export function carriesDigest(name: string, sha256: string): boolean {
  return name.includes(shortDigest(sha256))
}

/** Whether a name is one of {@link nameWithDigest}, whatever the digest. */
export function isOurName(name: string): boolean {
  return ourName.test(name)
}

/**
 * What the names of all versions of an installer have in common: `nixos-installer-x86_64` of
 * `nixos-installer-v2.10.0-x86_64-0123456789ab.iso`. That is the name up to the digest without those of its parts,
 * between hyphens, that are a version: `v2`, `25.11`, `v2.10.0`, `25.11.20260101.abcdef0`, `rc.1`.
 *
 * @returns `undefined` for a name that is not made by {@link nameWithDigest}, or that has nothing besides versions
 */
export function familyOf(name: string): string | undefined {
  const stem = ourName.exec(name)?.[1]
  const parts = stem?.split('-').filter((part) => part !== '' && !isVersion(part)) ?? []
  return parts.length === 0 ? undefined : parts.join('-')
}

const ourName = /^(.+)-[0-9a-f]{12}\.iso$/

function isVersion(part: string): boolean {
  return /^v?\d+(\.\w+)+$|^v\d+$|^(alpha|beta|pre|rc)[.\d]*$/i.test(part)
}

function shortDigest(sha256: string): string {
  return sha256.slice(0, 12)
}
