import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'

const root = join(import.meta.dirname, '..', '..')
/** The launcher that users start; it runs what `npm run build` made. */
export const nciPath = join(root, 'bin', 'nci')

const home = mkdtempSync(join(tmpdir(), 'nci-test-home-'))
process.on('exit', () => rmSync(home, { recursive: true, force: true }))

export interface NciOptions {
  /** Standard input: a text, or a value that is sent as JSON. */
  readonly input?: unknown
  /** Variables on top of a clean environment; `undefined` takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly cwd?: string
}

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The one JSON document of a run. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into it
export type Document = any

/** The environment of a user who has configured nothing. */
export function cleanEnvironment(env: NciOptions['env'] = {}): Record<string, string> {
  const { PATH = '', LANG = 'C.UTF-8' } = process.env
  const all = { PATH, LANG, HOME: home, TERM: 'dumb', NODE_NO_WARNINGS: '1', ...env }
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}

/** Starts `nci`. */
export function startNci(
  words: readonly string[],
  { input, env, cwd }: NciOptions = {},
): { readonly child: ChildProcessWithoutNullStreams; readonly ended: Promise<Ended> } {
  if (!existsSync(join(root, 'dist', 'nci.cjs'))) throw new Error('nci is not built: run `npm run build`')
  const child = spawn(nciPath, [...words], {
    env: cleanEnvironment(env),
    ...(cwd === undefined ? {} : { cwd }),
  })
  const [stdout, stderr]: Buffer[][] = [[], []]
  child.stdout.on('data', (chunk: Buffer) => stdout?.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => stderr?.push(chunk))
  // It may end without having read it all.
  child.stdin.on('error', () => undefined)
  child.stdin.end(input === undefined || typeof input === 'string' ? (input ?? '') : JSON.stringify(input))
  const text = (chunks: Buffer[] = []): string => Buffer.concat(chunks).toString()
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, stdout: text(stdout), stderr: text(stderr) }))
  })
  return { child, ended }
}

/** Runs `nci` to its end, whatever it prints. */
export function runText(words: readonly string[], options?: NciOptions): Promise<Ended> {
  return startNci(words, options).ended
}

/** Runs `nci` to its end; what it prints must be exactly one JSON object. */
export async function runNci(
  words: readonly string[],
  options?: NciOptions,
): Promise<Ended & { readonly document: Document }> {
  return withDocument(await runText(words, options))
}

export function withDocument(ended: Ended): Ended & { readonly document: Document } {
  // Off a terminal it is one line, and nothing else is.
  expect(ended.stdout).toMatch(/^\{[^\n]*\}\n$/)
  return { ...ended, document: JSON.parse(ended.stdout) }
}
