import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { StepEvent } from '../../src/core/events.ts'
import { type Result, runStep, type Success } from '../../src/core/run.ts'
import type { Inputs, Outputs } from '../../src/core/step.ts'
import { isoDownload } from '../../src/steps/iso/download.ts'
import type { GitHubServer } from './github-server.ts'

export type Input = Inputs['iso.download']
type Output = Outputs['iso.download']

/** The environment without the proxies of whoever runs the tests. */
export const noProxies = Object.fromEntries(
  ['http_proxy', 'https_proxy', 'no_proxy'].flatMap((name) => [
    [name, ''],
    [name.toUpperCase(), ''],
  ]),
)

/** A folder that is removed at the end of the test. */
export async function temporaryFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'iso-download-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/** The input for a server, with the schema's defaults. */
export function inputFor(server: GitHubServer, cacheDir: string, rest: Partial<Input> = {}): Input {
  return {
    timeout: 60,
    iso_release: 'latest',
    iso_repository: server.repository,
    github_api_url: server.url,
    architecture: 'x86_64',
    cache_dir: cacheDir,
    ...rest,
  }
}

/** Runs the step here. */
export function run(
  input: Input,
  options: { check?: boolean; signal?: AbortSignal; emit?: (event: StepEvent) => void } = {},
): Promise<Success<Output>> {
  return runStep(isoDownload, input, {
    signal: new AbortController().signal,
    emit: () => {},
    ...options,
  })
}

/** Runs the step in a process of its own. */
export function runInProcess(
  input: Input,
  env: Record<string, string> = {},
): {
  readonly result: Promise<Result<Output>>
  /** Fulfilled by the first event that it is true of. */
  event(isIt: (event: StepEvent) => boolean): Promise<void>
  /** Ends it as nothing can be prepared for. */
  kill(): Promise<void>
} {
  const script = new URL('download-child.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [script, JSON.stringify(input)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...noProxies, ...env },
  })
  const events: StepEvent[] = []
  const waiting = new Set<() => void>()
  const result = Promise.withResolvers<Result<Output>>()
  createInterface(child.stdout).on('line', (line) => {
    const value = JSON.parse(line)
    if ('ok' in value) result.resolve(value)
    else events.push(value)
    for (const look of waiting) look()
  })
  return {
    result: result.promise,
    event: (isIt) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!events.some(isIt)) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      }),
    kill: () =>
      new Promise((resolve) => {
        child.once('close', () => resolve())
        child.kill('SIGKILL')
      }),
  }
}
