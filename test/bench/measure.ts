import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A run of a whole process. */
export interface Run {
  readonly seconds: number
  readonly exitCode: number | null
}

export interface Command {
  readonly file: string
  readonly arguments: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
}

export function run({ file, arguments: parameters, environment }: Command): Run {
  const began = performance.now()
  const { status, error } = spawnSync(file, [...parameters], {
    stdio: ['ignore', 'ignore', 'ignore'],
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
  })
  if (error !== undefined) throw error
  return { seconds: (performance.now() - began) / 1000, exitCode: status }
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
    ours: run(ours).seconds,
    theirs: run(theirs).seconds,
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

/** What a process of ours says at its end: its peak memory, and the modules that it loaded. */
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
