import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

export interface Command {
  readonly file: string
  readonly arguments: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  /** How it is to end, if not with 0. */
  readonly exitCode?: number
}

/** Runs a process and gives its seconds. What ends otherwise than it should has not done what was to be measured: throws. */
export function run({ file, arguments: parameters, environment, exitCode = 0 }: Command): number {
  const began = performance.now()
  const { status, error } = spawnSync(file, [...parameters], {
    stdio: ['ignore', 'ignore', 'ignore'],
    env: environmentOf(environment),
  })
  if (error !== undefined) throw error
  if (status !== exitCode)
    throw new Error(`${file} ${parameters.slice(0, 2).join(' ')} ended with ${status}, not with ${exitCode}`)
  return (performance.now() - began) / 1000
}

function environmentOf(environment: Command['environment']): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: process.env.HOME, ...environment }
}

/** What a process takes, with all that it starts, and prints. */
export interface Cost {
  readonly output: string
  readonly seconds: number
  readonly cpuSeconds: number
}

/** Runs a process, which has to succeed; the CPU is counted as the shell's `times` does. */
export async function cost({ file, arguments: parameters, environment }: Command): Promise<Cost> {
  const began = performance.now()
  const script = '"$@" 2>/dev/null || exit; times'
  const options = { env: environmentOf(environment) }
  const { stdout } = await promisify(execFile)('bash', ['-c', script, 'bash', file, ...parameters], options)
  const seconds = (performance.now() - began) / 1000
  // The last two lines are of the shell itself, and of what it started.
  const lines = stdout.trimEnd().split('\n')
  const children = lines.at(-1) ?? ''
  const cpuSeconds = [...children.matchAll(/(\d+)m([\d.]+)s/g)]
    .map(([, minutes, rest]) => Number(minutes) * 60 + Number(rest))
    .reduce((sum, one) => sum + one, 0)
  return { output: lines.slice(0, -2).join('\n'), seconds, cpuSeconds }
}

/**
 * Runs two commands in turn, so that both meet the same moods of the machine, and gives the medians of their times and
 * of the pairwise ratio.
 */
export function compare(
  ours: Command,
  theirs: Command,
  pairs: number,
): { ours: number; theirs: number; ratio: number } {
  // The first run fills caches: the compile cache among them.
  run(ours)
  run(theirs)
  const times = Array.from({ length: pairs }, () => ({
    ours: run(ours),
    theirs: run(theirs),
  }))
  return {
    ours: median(times.map((pair) => pair.ours)),
    theirs: median(times.map((pair) => pair.theirs)),
    ratio: median(times.map((pair) => pair.ours / pair.theirs)),
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? 0)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

/** What a process of ours says at its end: its peak memory, and the modules that it loaded. Throws as {@link run} does. */
export function inspect(command: Command): { readonly peakMiB: number; readonly modules: readonly string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'nci-bench-'))
  try {
    const hook = join(folder, 'hook.cjs')
    const report = join(folder, 'report.json')
    writeFileSync(
      hook,
      `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(report)}, JSON.stringify({
        peakMiB: process.resourceUsage().maxRSS / 1024,
        modules: Object.keys(require('node:module')._cache).map((file) => require('node:path').basename(file)),
      })))`,
    )
    run({ ...command, environment: { ...command.environment, NODE_OPTIONS: `--require ${hook}` } })
    return JSON.parse(readFileSync(report, 'utf8'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
