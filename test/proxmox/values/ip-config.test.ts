import { expect, test } from 'vitest'
import { canonicalAddress } from '../../../src/proxmox/values/address.ts'
import { ipConfig } from '../../../src/proxmox/values/ip-config.ts'
import { comparing } from '../../../src/proxmox/values/option-value.ts'

const compare = comparing(ipConfig)

test('one address in two spellings is one address', () => {
  expect(canonicalAddress('2001:DB8:0:0::0021')).toBe('2001:db8::21')
  expect(canonicalAddress('fe80::1%eth0')).toBe('fe80::1%eth0')
  expect(compare('ip6=2001:db8::1/64,ip=dhcp', 'ip=dhcp,ip6=2001:DB8:0::1/64').same).toBe(true)
  expect(compare('ip6=2001:db8::1/64', 'ip6=2001:db8::1/63').same).toBe(false)
})

test('a card gets the addresses that are asked for and no others', () => {
  expect(compare('ip=192.0.2.21/24,gw=192.0.2.1', 'ip=192.0.2.21/24')).toEqual({
    same: false,
    merged: 'ip=192.0.2.21/24',
  })
  expect(compare('gw=192.0.2.1,ip=192.0.2.21/24', 'ip=192.0.2.21/24,gw=192.0.2.1').same).toBe(true)
})
