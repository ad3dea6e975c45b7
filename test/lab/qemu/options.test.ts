import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readLabConfig } from '../../../src/commands/lab/lab-config.ts'
import { temporaryFolder } from '../../support/folder.ts'

/** What becomes of a configuration of the lab that says this of real guests. */
function read(qemu: unknown): unknown {
  using folder = temporaryFolder()
  const file = join(folder.path, 'lab.json')
  writeFileSync(file, JSON.stringify({ qemu }))
  return readLabConfig(file).qemu
}

test('all that real guests may be told stands in the configuration of the lab', () => {
  const qemu = {
    programs: '/opt/qemu/bin',
    maxMemoryMiB: 3072,
    maxCpus: 2,
    acceleration: 'tcg',
    emulatedCpu: 'qemu64',
    internet: true,
  }
  expect(read(qemu)).toEqual(qemu)
})

test.each([
  [{ emulatedCPU: 'qemu64' }, '`qemu.emulatedCPU` is not known; did you mean `qemu.emulatedCpu`?'],
  [{ internet: 'yes' }, '`qemu.internet` must be a boolean'],
  ['tcg', '`qemu` must be an object'],
])('%j is not passed over', (qemu, mistake) => {
  expect(() => read(qemu)).toThrow(mistake)
})
