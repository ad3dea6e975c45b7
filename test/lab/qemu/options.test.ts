import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readLabConfig } from '../../../src/commands/lab/lab-config.ts'
import { temporaryFolder } from '../../support/folder.ts'

/** What becomes of a configuration of the lab that says this of real guests. */
async function read(qemu: unknown): Promise<unknown> {
  using folder = temporaryFolder()
  const file = join(folder.path, 'lab.json')
  writeFileSync(file, JSON.stringify({ qemu }))
  return (await readLabConfig(file)).qemu
}

test('all that real guests may be told stands in the configuration of the lab', async () => {
  const qemu = {
    programs: '/opt/qemu/bin',
    maxMemoryMiB: 3072,
    maxCpus: 2,
    acceleration: 'tcg',
    emulatedCpu: 'qemu64',
    internet: true,
  }
  expect(await read(qemu)).toEqual(qemu)
})

test.each([
  [{ emulatedCPU: 'qemu64' }, '`/qemu/emulatedCPU` is not known here (did you mean `emulatedCpu`?)'],
  [{ internet: 'yes' }, '`/qemu/internet` must be of type boolean'],
  ['tcg', '`/qemu` must be of type object'],
])('%j is not passed over', async (qemu, mistake) => {
  await expect(read(qemu)).rejects.toThrow(mistake)
})
