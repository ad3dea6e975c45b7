import { expect, test } from 'vitest'
import { parseEndpoint, parseEndpoints } from '../../src/proxmox/endpoint.ts'

test.each([
  ['pve', 'https://pve:8006'],
  ['PVE.example.org', 'https://pve.example.org:8006'],
  ['pve:8443', 'https://pve:8443'],
  [' pve ', 'https://pve:8006'],
  ['192.0.2.10', 'https://192.0.2.10:8006'],
  ['192.0.2.10:443', 'https://192.0.2.10:443'],
  ['2001:db8::1', 'https://[2001:db8::1]:8006'],
  ['::1', 'https://[::1]:8006'],
  ['[2001:db8::1]', 'https://[2001:db8::1]:8006'],
  ['[2001:db8::1]:8443', 'https://[2001:db8::1]:8443'],
  ['https://pve', 'https://pve:8006'],
  ['https://pve/', 'https://pve:8006'],
  ['https://pve:443', 'https://pve:443'],
  ['HTTPS://pve:8006/', 'https://pve:8006'],
  ['https://pve:8006/api2/json', 'https://pve:8006'],
  ['https://pve:8006/api2/json/', 'https://pve:8006'],
  ['https://[2001:db8::1]:8443/api2', 'https://[2001:db8::1]:8443'],
  ['https://pve:8006/#v1:0:=qemu%2F100:4', 'https://pve:8006'],
  ['https://pve/#v1:0:=qemu%2F100:4', 'https://pve:8006'],
  ['https://pve:8443#v1:0:18:4', 'https://pve:8443'],
  ['pve:8443/#v1:0:18:4', 'https://pve:8443'],
  ['https://[2001:db8::1]/#v1:0:18:4', 'https://[2001:db8::1]:8006'],
  ['https://[2001:db8::1]:8443/#v1:0:18:4', 'https://[2001:db8::1]:8443'],
  ['my_pve-1.lan', 'https://my_pve-1.lan:8006'],
  ['kücheneck.example.org', 'https://xn--kcheneck-65a.example.org:8006'],
])('%s is %s', (text, origin) => {
  const endpoint = parseEndpoint(text)
  expect(endpoint.origin).toBe(origin)
  expect(
    `https://${endpoint.host.includes(':') ? `[${endpoint.host}]` : endpoint.host}:${endpoint.port}`,
  ).toBe(origin)
})

test('a port beside the host counts where the host names none', () => {
  expect(parseEndpoint('pve', 9000).port).toBe(9000)
  expect(parseEndpoint('pve:8006', 9000).port).toBe(8006)
  expect(parseEndpoint('2001:db8::1', 9000).origin).toBe('https://[2001:db8::1]:9000')
})

test.each([
  '',
  'http://pve:8006',
  'ftp://pve',
  'https://root@pve',
  'https://pve/something',
  'https://pve/?a=b',
  'pve:99999',
  'https://pve:0',
  'pve:00',
  'pve1;pve2',
  'pve1;pve2:8006',
  'pve|other',
  'https://',
  '2001:db8::1::2',
])('%j is refused', (text) => {
  expect(() => parseEndpoint(text)).toThrow(expect.objectContaining({ code: 'PVE_ENDPOINT_INVALID' }))
})

test.each([
  ['pve1,pve2', ['https://pve1:8006', 'https://pve2:8006']],
  ['pve1, https://pve2:443/\n192.0.2.1', ['https://pve1:8006', 'https://pve2:443', 'https://192.0.2.1:8006']],
  ['2001:db8::1,[2001:db8::2]:9000', ['https://[2001:db8::1]:8006', 'https://[2001:db8::2]:9000']],
  [' pve ,', ['https://pve:8006']],
  ['pve,PVE:8006,pve2', ['https://pve:8006', 'https://pve2:8006']],
])('%j are the endpoints of a cluster, each once', (text, origins) => {
  expect(parseEndpoints(text).map(({ origin }) => origin)).toEqual(origins)
})

test('one wrong endpoint among several is refused by name', () => {
  expect(() => parseEndpoints('pve1,http://pve2')).toThrow(
    expect.objectContaining({
      code: 'PVE_ENDPOINT_INVALID',
      message: expect.stringContaining('http://pve2'),
    }),
  )
  expect(() => parseEndpoints(' , ')).toThrow(expect.objectContaining({ code: 'PVE_ENDPOINT_INVALID' }))
})
