import type { OptionValue } from './option-value.ts'

/** Public keys as the `sshkeys` option takes them: percent-encoded, beyond the encoding of the request's body. */
export function writeSshKeys(keys: readonly string[]): string {
  // Half a character, as JSON's escapes can write it in a comment, has no encoded form.
  return encodeURIComponent(keys.map((key) => key.trim().toWellFormed()).join('\n'))
}

export function parseSshKeys(value: string): string[] {
  return decoded(value)
    .split('\n')
    .map((key) => key.trim())
    .filter((key) => key !== '')
}

/** Their order means nothing. */
export const sshKeys: OptionValue<readonly string[]> = {
  parse: parseSshKeys,
  write: writeSshKeys,
  merge: (now, wanted) => (text(now) === text(wanted) ? now : wanted),
}

function text(keys: readonly string[]): string {
  return [...keys].sort().join('\n')
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
