/** File commands: options that just-bash's own lack, and an unpacker that keeps modes and links. */
import type { ResolvedCommandContext } from 'just-bash'
import type { GuestCommand } from '../shell.ts'
import { bytesOf } from './stdin.ts'
import { readTar } from './tar-reader.ts'
import { failure, parseWords } from './words.ts'

/** `mkdir -m MODE` */
const makeDirectory: GuestCommand = async (args, context) => {
  const { options, operands } = parseWords(args, ['m', 'mode'])
  const mode = options.get('m') ?? options.get('mode')
  const made = await context.origCommand?.([
    ...(options.has('p') || options.has('parents') ? ['-p'] : []),
    '--',
    ...operands,
  ])
  if (made?.exitCode === 0 && mode !== undefined) {
    for (const folder of operands) await context.fs.chmod(absolute(context, folder), Number.parseInt(mode, 8))
  }
  return made ?? { exitCode: 1 }
}

/** `cp -a` and the like: the options that keep attributes are dropped, the mode is copied. */
const copy: GuestCommand = async (args, context) => {
  const { options, operands } = parseWords(args)
  const recursive = ['a', 'r', 'R', 'recursive', 'archive'].some((one) => options.has(one))
  const copied = await context.origCommand?.([...(recursive ? ['-r'] : []), ...operands])
  const target = operands.at(-1)
  if (copied?.exitCode === 0 && target && ['a', 'p', 'archive'].some((one) => options.has(one))) {
    const into = (await context.fs.stat(absolute(context, target))).isDirectory
    for (const source of operands.slice(0, -1)) {
      const name = source.slice(source.lastIndexOf('/') + 1)
      const { mode, isFile } = await context.fs.stat(absolute(context, source))
      if (isFile) await context.fs.chmod(absolute(context, into ? `${target}/${name}` : target), mode)
    }
  }
  return copied ?? { exitCode: 1 }
}

/** Unpacking from standard input or a file; everything else is just-bash's. */
const tar: GuestCommand = async (args, context) => {
  const words = args[0] && !args[0].startsWith('-') ? [`-${args[0]}`, ...args.slice(1)] : args
  const { options } = parseWords(words, ['C', 'f', 'directory', 'file'])
  if (!options.has('x') && !options.has('extract')) {
    return (await context.origCommand?.(args)) ?? { exitCode: 2 }
  }
  const folder = absolute(context, options.get('C') ?? options.get('directory') ?? '.')
  const archive = options.get('f') ?? options.get('file') ?? '-'
  try {
    const bytes =
      archive === '-'
        ? await bytesOf(context.stdin)
        : await context.fs.readFileBuffer(absolute(context, archive))
    const names = await unpack(context, folder, Buffer.from(bytes))
    return options.has('v') ? names.map((name) => `${name}\n`).join('') : ''
  } catch (error) {
    return failure(
      `tar: ${error instanceof Error ? error.message : error}\ntar: Error is not recoverable: exiting now`,
      2,
    )
  }
}

async function unpack(context: ResolvedCommandContext, folder: string, archive: Buffer): Promise<string[]> {
  const { fs } = context
  const names: string[] = []
  if (!(await fs.exists(folder))) throw new Error(`${folder}: Cannot open: No such file or directory`)
  for (const entry of readTar(archive)) {
    const path = fs.resolvePath(folder, entry.name)
    names.push(entry.name)
    await fs.mkdir(path.slice(0, path.lastIndexOf('/')) || '/', { recursive: true })
    if (entry.type === 'directory') await fs.mkdir(path, { recursive: true })
    else if (entry.type === 'symlink') {
      await fs.rm(path, { force: true })
      await fs.symlink(entry.link, path)
    } else await fs.writeFile(path, entry.content)
    if (entry.type !== 'symlink') await fs.chmod(path, entry.mode).catch(() => undefined)
  }
  return names
}

/** GNU grep's `-z`, which just-bash does not know: lines end with a NUL. */
const grep: GuestCommand = async (args, context) => {
  const { options, operands } = parseWords(args, ['e', 'm', 'A', 'B', 'C'])
  if (!options.has('z') && !options.has('null-data')) {
    return (await context.origCommand?.(args)) ?? { exitCode: 2 }
  }
  const [pattern = '', ...files] = options.has('e') ? [options.get('e') ?? '', ...operands] : operands
  const matcher = new RegExp(options.has('x') ? `^(?:${pattern})$` : pattern)
  const found: string[] = []
  const missing: string[] = []
  let lines = ''
  for (const file of files) {
    const text = await context.fs.readFile(absolute(context, file)).catch(() => undefined)
    if (text === undefined) continue
    const hits = text.split('\0').filter((line) => line !== '' && matcher.test(line))
    ;(hits.length > 0 ? found : missing).push(file)
    lines += hits.map((hit) => `${hit}\0`).join('')
  }
  const exitCode = found.length > 0 ? 0 : 1
  if (options.has('q')) return { exitCode }
  if (options.has('L'))
    return { stdout: missing.map((one) => `${one}\n`).join(''), exitCode: missing.length > 0 ? 0 : 1 }
  if (options.has('l')) return { stdout: found.map((one) => `${one}\n`).join(''), exitCode }
  return { stdout: lines, exitCode }
}

const makeTemporary: GuestCommand = async (args, context) => {
  const { options } = parseWords(args, ['p', 't', 'tmpdir'])
  const path = `/tmp/tmp.${Math.random().toString(36).slice(2, 12)}`
  if (options.has('d') || options.has('directory')) await context.fs.mkdir(path, { recursive: true })
  else await context.fs.writeFile(path, '')
  return `${path}\n`
}

function absolute(context: ResolvedCommandContext, path: string): string {
  return context.fs.resolvePath(context.cwd, path)
}

/** Everything in the guest belongs to root. */
const keepOwner: GuestCommand = async (args, context) => {
  const { operands } = parseWords(args)
  for (const file of operands.slice(1)) {
    if (!(await context.fs.exists(absolute(context, file)))) {
      return failure(`chown: cannot access '${file}': No such file or directory`)
    }
  }
  return ''
}

const realPath: GuestCommand = async (args, context) => {
  const lines: string[] = []
  for (const name of args.filter((arg) => !arg.startsWith('-'))) {
    const real = await context.fs.realpath(absolute(context, name)).catch(() => undefined)
    if (real === undefined) return failure(`realpath: ${name}: No such file or directory`)
    lines.push(`${real}\n`)
  }
  return lines.join('')
}

export const fileCommands: Record<string, GuestCommand> = {
  mkdir: makeDirectory,
  cp: copy,
  tar,
  grep,
  mktemp: makeTemporary,
  realpath: realPath,
  chown: keepOwner,
  chgrp: keepOwner,
  cpio: () => ({ stderr: '0 blocks\n', exitCode: 0 }),
  sync: () => '',
}
