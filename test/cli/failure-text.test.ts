import { stripVTControlCharacters } from 'node:util'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { printFailure } from '../../src/cli/failure-text.ts'
import { NciError } from '../../src/core/errors.ts'
import { failure } from '../../src/core/run.ts'

const usage = failure('nci', new NciError('USAGE', { reason: 'There is no flag', help: 'nci --help' }))
const task = new NciError('PVE_TASK_FAILED', { task: 'qmstart 100', reason: 'no', upid: 'UPID:x:' })

/** What is printed where stdout is a terminal, or is none. */
async function printed(document: typeof usage, isTerminal: boolean, argv: string[] = []): Promise<string> {
  const texts: string[] = []
  Object.defineProperty(process.stdout, 'isTTY', { value: isTerminal, configurable: true })
  vi.spyOn(process.stdout, 'write').mockImplementation(((text: string, done: () => void) => {
    texts.push(text)
    done()
    return true
  }) as typeof process.stdout.write)
  await printFailure(document, argv)
  restore()
  return stripVTControlCharacters(texts.join(''))
}

const own = Object.getOwnPropertyDescriptor(process.stdout, 'isTTY')
function restore(): void {
  vi.restoreAllMocks()
  if (own === undefined) Reflect.deleteProperty(process.stdout, 'isTTY')
  else Object.defineProperty(process.stdout, 'isTTY', own)
}
afterEach(restore)

describe('a failure of what is no step', () => {
  test('is what is wrong and what to do, for a person', async () => {
    expect(await printed(usage, true)).toBe('USAGE: There is no flag.\n  See `nci --help`.\n')
  })

  test('is the document where there is no terminal, or it was asked for', async () => {
    expect(JSON.parse(await printed(usage, false))).toEqual(usage)
    expect(JSON.parse(await printed(usage, true, ['--json']))).toEqual(usage)
  })

  test('has no advice to look into a document that is not shown', async () => {
    expect(await printed(failure('nci', task), true)).toBe(
      'PVE_TASK_FAILED: The Proxmox task `qmstart 100` failed: no.\n  The whole log is in the web interface under the UPID UPID:x:.\n',
    )
  })
})
