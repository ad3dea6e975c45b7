import { expect, test } from 'vitest'
import { comparing } from '../../../src/proxmox/values/option-value.ts'
import * as lists from '../../../src/proxmox/values/typed-list.ts'

const { agent, cpu, machine, memory, startup, vga } = lists
const same: [keyof typeof lists, string, string][] = [
  ['agent', '1', 'enabled=1'],
  ['agent', 'true', 'enabled=1'],
  // What people switch on besides stays.
  ['agent', '1,fstrim_cloned_disks=1', 'enabled=1'],
  ['agent', 'enabled=1,freeze-fs-on-backup=0', 'enabled=1,freeze-fs=0'],
  ['vga', 'std', 'type=std'],
  ['vga', 'memory=32,type=qxl', 'qxl'],
  ['cpu', 'host', 'cputype=host'],
  ['cpu', 'cputype=host,flags=+aes', 'host'],
  ['machine', 'q35', 'type=q35'],
  ['machine', 'type=q35,viommu=virtio', 'q35'],
  // A version was pinned on purpose.
  ['machine', 'pc-q35-9.0', 'q35'],
  ['machine', 'pc-i440fx-9.2+pve1', 'pc'],
  ['startup', '2', 'order=2'],
  ['startup', 'down=20,order=3', 'order=3,down=20'],
  ['memory', '2048', 'current=2048'],
]
const options = { agent, cpu, machine, memory, startup, vga }

test.each(same)('%s %s is what %s asks for', (name, now, wanted) => {
  expect(comparing(options[name])(now, wanted).same).toBe(true)
})

test.each<[keyof typeof lists, string, string, string]>([
  ['agent', '1,fstrim_cloned_disks=1', 'enabled=0', '0,fstrim_cloned_disks=1'],
  ['agent', '0', 'enabled=1', 'enabled=1'],
  // What belonged to another type goes with it.
  ['vga', 'std,memory=32', 'serial0', 'serial0'],
  ['vga', 'std,memory=32', 'std,memory=64', 'std,memory=64'],
  ['cpu', 'host,flags=+aes', 'x86-64-v2-AES', 'x86-64-v2-AES'],
  ['cpu', 'host,flags=+aes', 'host,hidden=1', 'host,flags=+aes,hidden=1'],
  ['machine', 'pc-q35-9.0', 'pc', 'pc'],
  ['machine', 'q35', 'pc-q35-9.0', 'pc-q35-9.0'],
  ['startup', 'order=2,up=30', 'order=3', '3,up=30'],
  ['memory', '2048', '4096', '4096'],
])('%s %s becomes, when %s is asked for, %s', (name, now, wanted, merged) => {
  expect(comparing(options[name])(now, wanted)).toEqual({ same: false, merged })
})
