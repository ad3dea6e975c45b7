import prerelease from 'semver/functions/prerelease.js'
import rcompare from 'semver/functions/rcompare.js'
import valid from 'semver/functions/valid.js'

/**
 * Sorts releases by the semantic version in their tags, newest first. Dates and list order say nothing: an old
 * series may get a fix after a new one began. Prerelease versions come after all others, and tags that are no
 * version last, by date.
 */
export function newestFirst<
  Release extends { readonly tag_name: string; readonly published_at: string | null },
>(releases: readonly Release[]): Release[] {
  return releases.toSorted((a, b) => {
    const order = rank(a.tag_name) - rank(b.tag_name)
    if (order !== 0) return order
    if (rank(a.tag_name) === unversioned) return (b.published_at ?? '').localeCompare(a.published_at ?? '')
    return rcompare(a.tag_name, b.tag_name)
  })
}

const unversioned = 2

function rank(tag: string): number {
  if (valid(tag) === null) return unversioned
  return prerelease(tag) === null ? 0 : 1
}
