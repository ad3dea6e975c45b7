import { expect, test } from 'vitest'
import { formatBytes, formatSeconds } from '../../src/core/format.ts'

test.each([
  [0, '0 B'],
  [1, '1 B'],
  [1023, '1023 B'],
  [1024, '1.0 KiB'],
  [1536, '1.5 KiB'],
  [1024 ** 2, '1.0 MiB'],
  [1.4 * 1024 ** 3, '1.4 GiB'],
  [3 * 1024 ** 4, '3.0 TiB'],
  [5000 * 1024 ** 4, '5000.0 TiB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})

test('a number that rounds up to the next unit is given in that unit', () => {
  expect(formatBytes(1024 ** 2 - 1)).toBe('1.0 MiB')
  expect(formatBytes(1024 ** 3 - 1)).toBe('1.0 GiB')
})

test.each([
  [0.04, '0.0 s'],
  [1.25, '1.3 s'],
  [7, '7 s'],
  [9.96, '10 s'],
  [42, '42 s'],
  [59.6, '1 min 0 s'],
  [185, '3 min 5 s'],
  [3600, '60 min 0 s'],
])('%d seconds are %s', (seconds, text) => {
  expect(formatSeconds(seconds)).toBe(text)
})
