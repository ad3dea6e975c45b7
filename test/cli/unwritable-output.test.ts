/** What becomes of a run whose stdout, or stderr, takes nothing: the disk is full that it is sent to. */
import { spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Box, openBox } from '../support/lab.ts'
import { cleanEnvironment, nciPath } from '../support/nci.ts'

interface Ended {
  readonly code: number | null
  /** What the stream got that can be written. */
  readonly text: string
}

/** Runs the command with a stream that is full. */
async function withFull(
  stream: 'stdout' | 'stderr',
  words: readonly string[],
  { environment = cleanEnvironment(), input = '' }: { environment?: Box['environment']; input?: string } = {},
): Promise<Ended> {
  const full = openSync('/dev/full', 'w')
  const child = spawn(nciPath, words, {
    env: environment,
    stdio: ['pipe', stream === 'stdout' ? full : 'pipe', stream === 'stderr' ? full : 'pipe'],
  })
  closeSync(full)
  child.stdin?.on('error', () => undefined).end(input)
  let text = ''
  const other = stream === 'stdout' ? child.stderr : child.stdout
  other?.setEncoding('utf8').on('data', (part: string) => {
    text += part
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  return { code, text }
}

const told = 'STDOUT_UNWRITABLE: Standard output cannot be written: the disk is full'
const timesIn = (text: string, part: string): number => text.split(part).length - 1

describe.skipIf(!existsSync('/dev/full'))('a stdout that is full (/dev/full)', () => {
  let box: Box
  beforeAll(async () => {
    box = await openBox()
  })
  afterAll(() => box[Symbol.asyncDispose]())

  test.each([
    [['schema', 'vm.create']],
    [['schema']],
    [['version', '--json']],
    [['--version']],
    [['--help']],
    [['vm', '--help']],
    [['vm', 'create', '--help']],
    [['completion', 'bash']],
  ])('is told once, with a code, by %j', async (words) => {
    const { code, text } = await withFull('stdout', words)
    expect(code).toBe(4)
    expect(text).toMatch(
      /^STDOUT_UNWRITABLE: Standard output cannot be written: the disk is full\.\n {2}\S.*\n$/,
    )
  })

  test.each([
    [['inventory'], 3, '`inventory` itself failed with INPUT_INVALID: '],
    [['bogus'], 2, '`nci` itself failed with USAGE: There is no command `nci bogus`.'],
    [['schema', 'bogus'], 2, '`schema` itself failed with USAGE: There is no schema `bogus`.'],
    [['lab', 'run'], 2, '`lab.run` itself failed with USAGE: No command was given.'],
  ])('leaves the exit code of what fails, and its error: %j', async (words, exitCode, error) => {
    const { code, text } = await withFull('stdout', words)
    expect(code).toBe(exitCode)
    expect(text).toContain(`${told}; ${error}`)
    expect(timesIn(text, 'STDOUT_UNWRITABLE')).toBe(1)
  })

  test('ends a lab, whose folder goes', async () => {
    const before = readdirSync(box.temporary)
    const { code, text } = await withFull('stdout', ['lab', 'start'], { environment: box.environment })
    expect(code).toBe(4)
    expect(text).toContain(told)
    expect(readdirSync(box.temporary)).toEqual(before)
  })

  test('does not hide what a long run did, or that the next one did nothing', async () => {
    const { environment } = box
    const input = JSON.stringify({ ...box.host, name: 'full1' })
    const words = ['provision', '--input', '-', '--progress', 'none']
    const first = await withFull('stdout', words, { environment, input })
    expect(first).toMatchObject({ code: 4, text: expect.stringContaining(told) })
    expect(first.text).toContain('`provision` itself succeeded, with changes.')
    expect(box.vmids()).toHaveLength(1)
    const second = await withFull('stdout', words, { environment, input })
    expect(second.text).toContain('`provision` itself succeeded, and changed nothing.')
    const third = await withFull('stdout', [...words, '--check'], { environment, input })
    expect(third.text).toContain('`provision` itself succeeded: it was a check.')
  })

  test('a stderr that is full does not disturb a run', async () => {
    const { environment } = box
    const input = JSON.stringify({ ...box.host, name: 'full2', networks: [{ ip: '192.0.2.22/24' }] })
    for (const progress of ['lines', 'ndjson']) {
      const words = ['provision', '--input', '-', '--progress', progress]
      const { code, text } = await withFull('stderr', words, { environment, input })
      expect([code, JSON.parse(text).ok]).toEqual([0, true])
    }
    const failed = await withFull('stderr', ['vm', 'info', '--name', 'absent'], {
      environment: { ...environment, NCI_DEBUG: '1' },
    })
    expect(JSON.parse(failed.text)).toMatchObject({ ok: false, error: { code: 'PVE_VM_NOT_FOUND' } })
  })
})
