import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { emulation, findAcceleration, switchesOff } from '../../../src/lab/qemu/acceleration.ts'
import { qemuFolder } from '../../support/qemu.ts'

const emulator = join(qemuFolder ?? '', 'qemu-system-x86_64')

describe.skipIf(qemuFolder === undefined)('the processor of a guest', () => {
  it('is taken where a machine comes up on it', async () => {
    expect(await switchesOff('x86_64', emulator, emulation)).toBe(true)
    expect(await switchesOff('x86_64', emulator, { ...emulation, cpu: 'no-such-processor' })).toBe(false)
  })

  it('is emulated where that is asked for, and for guests of another architecture', async () => {
    expect(await findAcceleration('x86_64', emulator, 'tcg')).toBe(emulation)
    const other = process.arch === 'arm64' ? 'x86_64' : 'aarch64'
    expect(await findAcceleration(other, emulator)).toBe(emulation)
  })
})
