import { expect, test } from 'vitest'
import { validate } from '../../../src/core/validate.ts'
import { conflicts, type Host } from '../../../src/workflows/batch/conflicts.ts'

/** A host as the schema makes it. */
async function host(name: string, values: Readonly<Record<string, unknown>> = {}): Promise<Host> {
  const document: Record<string, unknown> = { name, flake: `.#${name}`, api_host: 'pve', ...values }
  await validate('provision', document)
  return { name, input: document as unknown as Host['input'] }
}

/** What each host is told, without the hint. */
async function told(...hosts: readonly Promise<Host>[]): Promise<Record<string, string[]>> {
  const found = conflicts(await Promise.all(hosts))
  return Object.fromEntries([...found].map(([name, errors]) => [name, errors.map(({ message }) => message)]))
}

const at = (ip: string, more: object = {}) => ({ networks: [{ ip, ...more }] })

test('hosts that share nothing have no conflicts', async () => {
  const free = at('192.0.2.1/24', { mac: 'BC:24:11:00:00:01', ip6: '2001:db8::1/64' })
  expect(
    await told(
      host('a', { vmid: 100, ...free }),
      host('b', { vmid: 101, ...at('192.0.2.2/24', { mac: 'BC:24:11:00:00:02', ip6: 'auto' }) }),
      host('c', at('dhcp')),
      host('d'),
    ),
  ).toEqual({})
})

test('an id and a name that two hosts of a cluster want is told both, with the other one', async () => {
  expect(await told(host('a', { vmid: 100 }), host('b', { vmid: 100, name: 'a' }), host('c'))).toEqual({
    a: ['a and b want the same VM name: `a`.', 'a and b want the same VM id: 100.'],
    b: ['b and a want the same VM name: `a`.', 'b and a want the same VM id: 100.'],
  })
})

test('ids and names of different clusters have nothing to do with each other', async () => {
  const other = { api_host: 'pve2.example.org' }
  expect(await told(host('a', { vmid: 100 }), host('b', { vmid: 100, name: 'a', ...other }))).toEqual({})
  const port = { api_port: 8443 }
  expect(await told(host('a', { vmid: 100 }), host('b', { vmid: 100, ...port }))).toEqual({})
  // The spelling of a name does not matter.
  expect(
    Object.keys(await told(host('a', { vmid: 100 }), host('b', { vmid: 100, api_host: 'PVE' }))),
  ).toEqual(['a', 'b'])
})

test.each([
  ['192.0.2.21/24', '192.0.2.21/16'],
  ['192.0.2.21/24', '192.0.002.021/24'],
])('the address %s is that of %s', async (one, other) => {
  expect(await told(host('a', at(one)), host('b', at(other)))).toEqual({
    a: ['a and b want the same address: 192.0.2.21.'],
    b: ['b and a want the same address: 192.0.2.21.'],
  })
})

test.each([
  ['2001:db8::1/64', '2001:DB8:0:0::0001/64'],
  ['2001:db8::192.0.2.1/64', '2001:db8::c000:201/64'],
])('the address %s is that of %s', async (one, other) => {
  const networks = (ip6: string) => ({ networks: [{ ip6 }] })
  expect(Object.keys(await told(host('a', networks(one)), host('b', networks(other))))).toEqual(['a', 'b'])
})

test('an address of any card counts, once', async () => {
  const second = (ip: string) => ({ networks: [{ ip: 'dhcp' }, { ip }] })
  expect(await told(host('a', at('192.0.2.7/24')), host('b', second('192.0.2.7/24')))).toEqual({
    a: ['a and b want the same address: 192.0.2.7.'],
    b: ['b and a want the same address: 192.0.2.7.'],
  })
})

test('the same address in another network is another address, unless it is logged in to', async () => {
  const inside = (first: string, more: object) => ({
    networks: [{ ip: first }, { ip: '10.0.0.1/24', ...more }],
  })
  const hosts = (a: object, b: object) =>
    told(host('a', inside('192.0.2.1/24', a)), host('b', inside('192.0.2.2/24', b)))
  expect(await hosts({ vlan: 10 }, { vlan: 20 })).toEqual({})
  expect(await hosts({ bridge: 'vmbr1' }, { bridge: 'vmbr2' })).toEqual({})
  expect(Object.keys(await hosts({ bridge: 'vmbr1' }, { bridge: 'vmbr1' }))).toEqual(['a', 'b'])
  expect(
    Object.keys(await told(host('a', at('10.0.0.1/24', { vlan: 10 })), host('b', at('10.0.0.1/24')))),
  ).toEqual(['a', 'b'])
})

test('behind different jump hosts the same address is another machine', async () => {
  const site = (name: string) => ({ ...at('10.0.0.1/24'), api_host: name, ssh_proxy_jump: `root@${name}` })
  expect(await told(host('a', site('one')), host('b', site('two')))).toEqual({})
  const direct = { ...site('two'), ssh_proxy_jump: 'root@one' }
  expect(Object.keys(await told(host('a', site('one')), host('b', direct)))).toEqual(['a', 'b'])
})

test('hosts behind one address have ports of their own', async () => {
  const forwarded = (ssh_port: number) => ({ ssh_host: 'Gate.example.org.', ssh_port })
  expect(await told(host('a', forwarded(2201)), host('b', forwarded(2202)))).toEqual({})
  const same = { ssh_host: 'gate.example.org', ssh_port: 2201 }
  expect(await told(host('a', forwarded(2201)), host('b', same))).toEqual({
    a: ['a and b want the same address: gate.example.org.'],
    b: ['b and a want the same address: gate.example.org.'],
  })
})

test('the address of an installed system is no other host’s', async () => {
  expect(
    Object.keys(await told(host('a', { system_ssh_host: '192.0.2.9' }), host('b', at('192.0.2.9/24')))),
  ).toEqual(['a', 'b'])
  // It may well be the host's own.
  expect(await told(host('a', { ...at('192.0.2.9/24'), system_ssh_host: '192.0.2.9' }))).toEqual({})
})

test('a MAC address is unique, however it is written and wherever it is', async () => {
  const card = (mac: string) => ({ networks: [{ mac }] })
  expect(
    await told(
      host('a', card('bc:24:11:00:00:01')),
      host('b', { ...card('BC:24:11:00:00:01'), api_host: 'elsewhere' }),
    ),
  ).toEqual({
    a: ['a and b want the same MAC address: BC:24:11:00:00:01.'],
    b: ['b and a want the same MAC address: BC:24:11:00:00:01.'],
  })
})

test('of a thousand hosts that want one id each is told a few of the others', async () => {
  const { input } = await host('a', { vmid: 100 })
  const hosts = Array.from({ length: 1000 }, (_, index) => ({
    name: `web${index}`,
    input: { ...input, name: `web${index}` },
  }))
  const found = conflicts(hosts)
  expect(found.size).toBe(1000)
  expect(found.get('web1')?.map(({ message }) => message)).toEqual([
    'web1 and web0, web2, web3 and 996 more want the same VM id: 100.',
  ])
  expect(found.get('web999')?.[0]?.message).toBe(
    'web999 and web0, web1, web2 and 996 more want the same VM id: 100.',
  )
})
