import { expect, test } from 'vitest'
import { gibibytes, parseSize } from '../../../src/proxmox/values/size.ts'

test.each([
  ['32G', 32 * 2 ** 30],
  ['512M', 512 * 2 ** 20],
  ['1.5G', 1.5 * 2 ** 30],
  ['418K', 418 * 2 ** 10],
  ['2T', 2 * 2 ** 40],
  ['4096', 4096],
  ['0T', 0],
])('the size %s is %d bytes', (text, bytes) => {
  expect(parseSize(text)).toBe(bytes)
})

test.each(['what', '', 'G', '-1G', '1.G', '1.2.3G', '1e3', '32GiB', ' 1G', 'NaN'])(
  '%j is no size',
  (text) => {
    expect(parseSize(text)).toBeUndefined()
  },
)

test('a volume is asked for in GiB, in whole KiB, and without exponents', () => {
  expect(gibibytes(32 * 2 ** 30)).toBe('32')
  expect(gibibytes(2 ** 29)).toBe('0.5')
  expect(gibibytes(1)).toBe('0.00000095367431640625')
  expect(gibibytes(0)).toBe('0')
  expect(gibibytes(7 * 1024)).toBe('0.00000667572021484375')
  expect(gibibytes(20 * 2 ** 30 + 1)).toMatch(/^20\.\d+$/)
})
