import { describe, expect, test } from 'vitest'
import { hideQueries, WgetLog } from '../../src/proxmox/wget-log.ts'
import { hasReference, referenceJson } from '../support/reference.ts'

const mebibyte = 1024 * 1024

test('lines of dots become progress, with the rate and the time left', () => {
  const log = new WgetLog()
  expect(log.read('Length: 67108864 (64M) [application/x-iso9660-image]')).toBeUndefined()
  const done = 32 * mebibyte
  const head = { type: 'progress', total: 64 * mebibyte, unit: 'bytes' }
  const line = '     0K ........ ........ ........ ........ 50% 19.4M'
  const rate = Math.round(19.4 * mebibyte)
  expect(log.read(`${line} 2s`)).toEqual({ ...head, done, rate, secondsLeft: 2 })
  expect(log.read(`${line} 1m30s`)).toMatchObject({ secondsLeft: 90 })
  expect(log.read(`${line} 1h2m`)).toMatchObject({ secondsLeft: 3720 })
  expect(log.read(' 32768K ........ ........ ........ ........100% 1.25G=3s')).toEqual({
    ...head,
    done: 64 * mebibyte,
    rate: 1.25 * 1024 * mebibyte,
    secondsLeft: 0,
  })
})

test('other lines, and dots of an unknown whole, are no progress', () => {
  const log = new WgetLog()
  expect(log.read('     0K ........ ........ ........ ........ 50% 19.4M 2s')).toBeUndefined()
  expect(log.read('calculating checksum...OK, checksum verified')).toBeUndefined()
})

test('queries of URLs are hidden, wherever they stand', () => {
  expect(hideQueries("download of 'https://x.org/a.iso?k=v' to '/a.iso'")).toBe(
    "download of 'https://x.org/a.iso?…' to '/a.iso'",
  )
  expect(hideQueries('Location: /a.iso?k=v [following]')).toBe('Location: /a.iso?… [following]')
  expect(hideQueries('What? nothing')).toBe('What? nothing')
})

interface Recorded {
  readonly response: {
    readonly task?: { readonly log: { readonly data: readonly { readonly t: string }[] } }
  }
}

describe.skipIf(!hasReference)('the logs of real downloads', () => {
  const all = hasReference
    ? (referenceJson('pve', 'recorded-more.json') as Record<string, Record<string, Recorded>>)[
        'recorded-pve9'
      ]
    : {}
  const finished = Object.entries(all ?? {}).filter(
    ([name, { response }]) =>
      name.startsWith('download/') &&
      response.task?.log.data.some(({ t }) => / saved \[(\d+)\/\1\]/.test(t) && !t.includes('[0/0]')),
  )

  test('there are some', () => {
    expect(finished.length).toBeGreaterThan(10)
  })

  test.each(finished)('%s ends with all bytes', (_, { response }) => {
    const log = new WgetLog()
    const lines = response.task?.log.data.map(({ t }) => t) ?? []
    const events = lines.flatMap((line) => log.read(line) ?? [])
    const size = Number(/saved \[(\d+)\//.exec(lines.join('\n'))?.[1])
    expect(events.at(-1)).toMatchObject({ done: size, total: size, secondsLeft: 0 })
  })
})
