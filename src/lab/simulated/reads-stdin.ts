/**
 * Whether a command line reads its standard input.
 *
 * The shell behind a guest takes standard input as a whole. Waiting for its end would block commands whose
 * client leaves the input open (`ssh host true` from a program), so only those that read it wait.
 */
import type { parse } from 'just-bash'

type Script = ReturnType<typeof parse>
type Statement = Script['statements'][number]
type Command = Statement['pipelines'][number]['commands'][number]
type Word = NonNullable<Extract<Command, { type: 'SimpleCommand' }>['name']>

export function readsStdin(command: string, parser: typeof parse): boolean {
  try {
    return parser(command).statements.some((one) => statementReads(one, parser))
  } catch {
    return false
  }
}

function statementReads(statement: Statement, parser: typeof parse): boolean {
  // Only the first command of a pipeline has the input of the whole.
  return statement.pipelines.some(
    ({ commands }) => commands[0] !== undefined && commandReads(commands[0], parser),
  )
}

function commandReads(command: Command, parser: typeof parse): boolean {
  const redirected = 'redirections' in command && command.redirections.some(isInput)
  if (redirected) return false
  switch (command.type) {
    case 'SimpleCommand':
      return command.name !== null && wordsRead([command.name, ...command.args].map(textOf), parser)
    case 'If':
      return command.clauses.some((clause) =>
        [...clause.condition, ...clause.body].some((one) => statementReads(one, parser)),
      )
    case 'While':
    case 'Until':
      return [...command.condition, ...command.body].some((one) => statementReads(one, parser))
    case 'For':
    case 'Subshell':
    case 'Group':
      return command.body.some((one) => statementReads(one, parser))
    default:
      return false
  }
}

function isInput(redirection: { operator: string; fd?: number | null }): boolean {
  return redirection.operator.startsWith('<') && (redirection.fd ?? 0) === 0
}

/** The text of a word without its quotes; expansions count as one unknown character. */
function textOf(word: Word): string {
  const text = (part: { type: string; value?: unknown; parts?: unknown }): string => {
    if (Array.isArray(part.parts)) return part.parts.map(text).join('')
    return typeof part.value === 'string' ? part.value : '?'
  }
  return (word.parts as Parameters<typeof text>[0][]).map(text).join('')
}

const wrappers = new Set([
  'sudo',
  'doas',
  'exec',
  'env',
  'nohup',
  'setsid',
  'nice',
  'time',
  'timeout',
  'command',
])
const always = new Set(['read', 'tee', 'xargs', 'tr', 'dd', 'mapfile', 'readarray', 'sfdisk'])
/** Filters read when no file is named; those of the second set take a pattern or program first. */
const filters = new Set([
  'cat',
  'sort',
  'uniq',
  'wc',
  'head',
  'tail',
  'base64',
  'gunzip',
  'gzip',
  'zcat',
  'sha256sum',
  'md5sum',
  'tac',
  'rev',
  'nl',
  'od',
  'strings',
])
const programs = new Set(['grep', 'egrep', 'fgrep', 'sed', 'awk', 'cut', 'jq'])

function wordsRead(words: readonly string[], parser: typeof parse): boolean {
  const [name = '', ...args] = words
  const base = name.slice(name.lastIndexOf('/') + 1)
  const operands = args.filter((arg) => !arg.startsWith('-') || arg === '-')
  if (wrappers.has(base)) {
    const start = args.findIndex((arg) => !arg.startsWith('-') && !/^\w+=|^\d+\w?$/.test(arg))
    return start >= 0 && wordsRead(args.slice(start), parser)
  }
  if (base === 'sh' || base === 'bash') {
    const command = args.findIndex((arg) => /^-\w*c$/.test(arg))
    if (command >= 0) return readsStdin(args[command + 1] ?? '', parser)
    return operands.length === 0 || args.some((arg) => /^-\w*s$/.test(arg))
  }
  if (base === 'tar')
    return args.some((arg) => /x/.test(arg.split('/')[0] ?? '')) && !args.some(isArchiveFile)
  if (base === 'nix-store') return args.includes('--import') || args.includes('--serve')
  if (base === 'cpio') return true
  if (always.has(base)) return true
  if (args.includes('-')) return true
  if (filters.has(base)) return operands.filter((one) => !/^\d+$/.test(one)).length === 0
  if (programs.has(base)) return operands.length <= 1
  return false
}

function isArchiveFile(arg: string): boolean {
  return /\.(tar|tgz|tar\.\w+)$/.test(arg)
}
