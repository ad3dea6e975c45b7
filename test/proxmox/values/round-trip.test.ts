import '../../support/seed.ts'
import fc, { type Arbitrary } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addresses } from '../../../src/proxmox/values/address.ts'
import { bootOrderValue } from '../../../src/proxmox/values/boot.ts'
import { drive } from '../../../src/proxmox/values/drive.ts'
import { ipConfig } from '../../../src/proxmox/values/ip-config.ts'
import { networkCard } from '../../../src/proxmox/values/network-card.ts'
import { comparing, type OptionValue } from '../../../src/proxmox/values/option-value.ts'
import { gibibytes, parseSize } from '../../../src/proxmox/values/size.ts'
import { sshKeys } from '../../../src/proxmox/values/ssh-keys.ts'
import { tags } from '../../../src/proxmox/values/tags.ts'
import { agent, cpu, machine, memory, startup, vga } from '../../../src/proxmox/values/typed-list.ts'
import * as arbitrary from './arbitrary.ts'

/** A kind with values of it. */
function kind<Value>(name: string, option: OptionValue<Value>, values: Arbitrary<Value>) {
  return { name, option, values } as {
    name: string
    option: OptionValue<unknown>
    values: Arbitrary<unknown>
  }
}

const kinds = [
  kind('scsi0', drive, arbitrary.driveValue),
  kind('net0', networkCard, arbitrary.cardValue),
  kind('ipconfig0', ipConfig, arbitrary.ipConfigValue),
  kind('boot', bootOrderValue, arbitrary.bootOrder),
  kind('agent', agent, arbitrary.agentValue),
  kind('sshkeys', sshKeys, arbitrary.publicKeys),
  kind('tags', tags, arbitrary.tagList),
  kind('vga', vga, arbitrary.vgaValue),
  kind('startup', startup, arbitrary.startupValue),
  kind('cpu', cpu, arbitrary.cpuValue),
  kind('machine', machine, arbitrary.machineValue),
  kind('memory', memory, arbitrary.memoryValue),
  kind('nameserver', addresses, fc.array(fc.ipV4(), { maxLength: 3 })),
]

describe.each(kinds)('$name', ({ option, values }) => {
  const compare = comparing(option)

  test('is read as it was written', () => {
    const check = fc.property(values, (value) => {
      expect(option.parse(option.write(value))).toEqual(value)
    })
    fc.assert(check)
  })

  test('does not differ from itself', () => {
    const check = fc.property(values, (value) => {
      expect(compare(option.write(value), option.write(value)).same).toBe(true)
    })
    fc.assert(check)
  })

  test('once it is brought to a value does not differ from that value any more', () => {
    const check = fc.property(values, values, (now, wanted) => {
      const { merged } = compare(option.write(now), option.write(wanted))
      expect(compare(merged, option.write(wanted)).same).toBe(true)
    })
    fc.assert(check)
  })
})

test('a size in whole KiB is asked for exactly', () => {
  const check = fc.property(fc.nat(2 ** 30), (kib) => {
    expect(parseSize(`${gibibytes(kib * 1024)}G`)).toBe(kib * 1024)
  })
  fc.assert(check)
})
