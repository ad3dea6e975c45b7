import type { OptionValue } from './option-value.ts'

/** The tags of a text: lower case, once each, in order. PVE 8 keeps what a create was sent, PVE 9 writes them so. */
export function parseTags(text: string): string[] {
  return unique(text.split(/[;,\s]+/))
}

export function writeTags(tags: readonly string[]): string {
  return unique(tags).join(';')
}

/** Tags that others gave a VM stay. */
export const tags: OptionValue<readonly string[]> = {
  parse: parseTags,
  write: writeTags,
  merge: (now, wanted) => unique([...now, ...wanted]),
}

function unique(items: readonly string[]): string[] {
  return [...new Set(items.map((tag) => tag.toLowerCase()).filter((tag) => tag !== ''))].sort()
}
