import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { schemas } from '../../src/generated/schemas.ts'
import type { SandboxOptions } from '../../src/lab/sandbox.ts'
import { type Box, type End, openBox } from '../support/lab.ts'

/** One way to an error: what a user does, and the code that the command must end with. */
export interface ErrorCase {
  readonly code: string
  /** The error of the whole, where the code is only told of a host of an inventory. */
  readonly within?: string
  /** What is wrong: `the flag is unknown`. */
  readonly when: string
  /** A lab of its own, for those who need another one than the file's. */
  readonly sandbox?: SandboxOptions
  /** What must be there before; its requests do not count. */
  before?(box: Box): Promise<unknown>
  run(box: Box): Promise<End>
  /** The step rightly changed something before it failed. */
  readonly changes?: true
  /** Texts that the message or the hint must have: what a person needs to go on. */
  readonly says?: readonly (string | RegExp)[]
}

interface Entry {
  readonly exitCode: number
  readonly retryable: boolean
}

/** `schemas/errors.json`. */
export const catalogue: Readonly<Record<string, Entry>> = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'schemas', 'errors.json'), 'utf8'),
)

/** A test for each case of an area; those without a lab of their own share one. */
export function testErrors(cases: readonly ErrorCase[]): void {
  let shared: Box
  beforeAll(async () => {
    shared = await openBox()
  })
  afterAll(() => shared[Symbol.asyncDispose]())

  for (const one of cases) {
    test(`${one.code} when ${one.when}`, async () => {
      if (one.sandbox === undefined) return provoke(one, shared)
      await using own = await openBox(one.sandbox)
      await provoke(one, own)
    })
  }
}

async function provoke(one: ErrorCase, box: Box): Promise<void> {
  await one.before?.(box)
  const before = box.lab.requests.length
  const end = await one.run(box)
  box.lab.faults.clear()
  expectError(end, one.within ?? one.code)
  const { message, hint } = one.within === undefined ? end.document.error : problemOfHost(end, one.code)
  for (const text of one.says ?? []) expect(`${message}\n${hint}`).toMatch(text)
  const written = box.writes(before).map(({ method, path }) => `${method} ${path}`)
  if (one.changes !== true) expect(written).toEqual([])
}

interface Problem {
  readonly code: string
  readonly message: string
  readonly hint: string
}

/** What the error of the whole says of a host. */
function problemOfHost({ document, stdout }: End, code: string): Problem {
  const hosts = document.error.details.hosts as readonly { readonly problems: readonly Problem[] }[]
  const problem = hosts.flatMap(({ problems }) => problems).find((one) => one.code === code)
  if (problem === undefined) throw new Error(`no host has ${code}: ${stdout}`)
  return problem
}

const isResult = new Ajv2020({ strict: false }).compile(schemas.result as object)

/** What holds of every failure, whatever its code. */
export function expectError(end: End, code: string): void {
  const { document } = end
  expect(document.error?.code, end.stdout).toBe(code)
  isResult(document)
  expect(isResult.errors ?? []).toEqual([])
  expect(document.ok).toBe(false)
  expect(end.exitCode).toBe(catalogue[code]?.exitCode)
  expect(document.error.retryable).toBe(catalogue[code]?.retryable)
  for (const text of [document.error.message, document.error.hint]) {
    expect(text).toMatch(/^\S.*\S$/s)
    expect(text).not.toMatch(/\{\w+\}|undefined|\[object|NaN|\.\.$/)
  }
  // No stack trace, neither as it is nor within JSON.
  expect(end.stdout + end.stderr).not.toMatch(/(\n|\\n)\s+at\s\S.*:\d+/)
}
