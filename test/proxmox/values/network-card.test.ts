import { describe, expect, test } from 'vitest'
import { networkCard, parseNetworkCard } from '../../../src/proxmox/values/network-card.ts'
import { comparing } from '../../../src/proxmox/values/option-value.ts'

const compare = comparing(networkCard)

test.each([
  'virtio=bc:24:11:aa:bb:cd,bridge=vmbr0,firewall=1',
  'model=virtio,macaddr=BC:24:11:AA:BB:CD,bridge=vmbr0,firewall=true',
  'firewall=on,bridge=vmbr0,virtio=BC:24:11:AA:BB:CD',
])('%s is the same card', (text) => {
  expect(parseNetworkCard(text)).toEqual({
    model: 'virtio',
    mac: 'BC:24:11:AA:BB:CD',
    properties: new Map([
      ['bridge', 'vmbr0'],
      ['firewall', '1'],
    ]),
  })
})

describe('a card that is there', () => {
  const now = 'virtio=BC:24:11:2C:CE:64,bridge=vmbr0,firewall=1'

  test('has what is asked for where only more was set', () => {
    expect(compare(now, 'virtio,bridge=vmbr0').same).toBe(true)
    expect(compare(now, 'virtio,bridge=vmbr0,link_down=0').same).toBe(true)
  })

  test.each([
    // Neither the address that Proxmox made nor what somebody switched on goes.
    ['virtio,bridge=vmbr1', 'virtio=BC:24:11:2C:CE:64,bridge=vmbr1,firewall=1'],
    ['e1000,bridge=vmbr0', 'e1000=BC:24:11:2C:CE:64,bridge=vmbr0,firewall=1'],
    ['virtio,bridge=vmbr0,tag=7', 'virtio=BC:24:11:2C:CE:64,bridge=vmbr0,firewall=1,tag=7'],
    ['virtio,bridge=vmbr0,firewall=0', 'virtio=BC:24:11:2C:CE:64,bridge=vmbr0,firewall=0'],
    ['virtio=BC:24:11:00:00:01,bridge=vmbr0', 'virtio=BC:24:11:00:00:01,bridge=vmbr0,firewall=1'],
  ])('is brought to %s without losing what is not asked for', (wanted, merged) => {
    expect(compare(now, wanted)).toEqual({ same: false, merged })
  })
})
