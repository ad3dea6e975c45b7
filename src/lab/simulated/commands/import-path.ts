/**
 * `nix-store --import [--store 'local?root=/mnt']`: receives one store path from the lab's stand-in for
 * nixos-anywhere. Instead of Nix's archive format: one line of JSON, then as many bytes of content as it says.
 */
import type { Machine } from '../machine.ts'
import { pause } from '../pause.ts'
import type { Answer, GuestCommand } from '../shell.ts'
import { spaceOn } from './mounts.ts'
import { bytesOf } from './stdin.ts'
import { failure, parseWords } from './words.ts'

/** What comes first on the wire. */
export interface SentPath {
  readonly path: string
  /** The size that the path would have unpacked: what it takes of the disk. */
  readonly narSize: number
  /** Files by their path below the store path; `''` is the store path itself. */
  readonly files: Readonly<Record<string, { readonly content: string; readonly mode: number }>>
  /** How many bytes of filling follow, so that a transfer can be watched. */
  readonly payload: number
}

export const importPath: GuestCommand = async (args, context, machine) => {
  const { options } = parseWords(args, ['store'])
  const root = /root=([^&]+)/.exec(decodeURIComponent(options.get('store') ?? ''))?.[1] ?? ''
  const bytes = await bytesOf(context.stdin)
  const end = bytes.indexOf('\n')
  if (end < 0) return failure('error: input is not a lab export')
  const sent = JSON.parse(bytes.toString('utf8', 0, end)) as SentPath
  if (bytes.length - end - 1 < sent.payload) return failure('error: unexpected end-of-file')
  await pause(machine.latency().copy, context.signal)
  const target = `${root}${sent.path}`
  if (await context.fs.exists(target)) return `${sent.path}\n`
  const full = await take(machine, target, sent, root)
  if (full) return full
  for (const [name, file] of Object.entries(sent.files)) {
    const path = name === '' ? target : `${target}/${name}`
    await context.fs.mkdir(path.slice(0, path.lastIndexOf('/')), { recursive: true })
    await context.fs.writeFile(path, file.content)
    await context.fs.chmod(path, file.mode)
  }
  if (!('' in sent.files)) await context.fs.mkdir(target, { recursive: true })
  return `${sent.path}\n`
}

async function take(
  machine: Machine,
  target: string,
  sent: SentPath,
  root: string,
): Promise<Answer | undefined> {
  const { noSpace, diesDuring } = machine.faults()
  if (root !== '' && diesDuring === 'copy') {
    machine.power.die('copy')
    return failure('killed', 137)
  }
  const mount = machine.mountOf(target)
  if (!mount) return undefined
  const { total, used } = spaceOn(machine, mount)
  if ((root !== '' && noSpace) || used + sent.narSize > total) {
    return failure('error: writing to file: No space left on device')
  }
  machine.used.set(mount.target, used + sent.narSize)
  return undefined
}
