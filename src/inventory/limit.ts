import { readFileSync } from 'node:fs'
import { NciError, reasonOf } from '../core/errors.ts'
import { isAddress } from './address.ts'

/**
 * The patterns that a limit is made of, those in files (`@retry.txt`) among them. To Ansible a limit that says nothing means
 * all hosts. Here hosts are destroyed by it: where nothing is left of a variable of the shell, or of a list of hosts that a
 * program wrote, that is refused.
 *
 * @throws {NciError} `LIMIT_INVALID`
 */
export function limitPatterns(limit: string): string[] {
  const invalid = (reason: string): NciError => new NciError('LIMIT_INVALID', { limit, reason })
  const patterns = wordsOf(limit).flatMap((word) =>
    word.startsWith('@') ? linesOf(word.slice(1), invalid) : [word],
  )
  const names = patterns.filter((pattern) => !/^[!&]/.test(pattern))
  if (patterns.length === 0) throw invalid('it names nothing; for all hosts, say `all` or leave it out')
  if (names.length === 0 && /^\s*[:,]/.test(limit))
    throw invalid('it says what to leave out, and nothing stands before that; for all hosts, say `all`')
  return patterns
}

/** With commas between them, or with colons where it is not one address with colons of its own. */
function wordsOf(limit: string): string[] {
  const words = limit.includes(',')
    ? limit.split(',')
    : isAddress(limit)
      ? [limit]
      : (limit.match(/(?:[^\s:[\]]|\[[^\]]*\])+/g) ?? [])
  return words.map((word) => word.trim()).filter((word) => word !== '')
}

function linesOf(file: string, invalid: (reason: string) => NciError): string[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw invalid(`the file ${file} cannot be read: ${reasonOf(error)}`)
  }
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  if (lines.length === 0) throw invalid(`the file ${file} is empty`)
  return lines
}
