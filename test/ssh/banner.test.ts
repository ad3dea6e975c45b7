import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Busy, untilBanner } from '../../src/ssh/banner.ts'

const never = new AbortController().signal
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => {
  // Whatever became of it, no time limit is left.
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

test.each([
  ['at once', ['SSH-2.0-test\r\n\0\x01\xff']],
  ['in parts', ['S', 'SH', '-2.0-te', 'st\r\n']],
  ['after lines that are none', ['welcome\r\n', 'to SSH-land\r\nSSH-2.0-test\r\n']],
])('a banner that comes %s is left in the stream with all before it', async (_, parts) => {
  const stream = new PassThrough()
  const found = untilBanner(stream, 1000, never)
  for (const part of parts) {
    stream.write(Buffer.from(part, 'latin1'))
    await new Promise(setImmediate)
  }
  await found
  stream.end()
  const bytes = await stream.toArray()
  expect(Buffer.concat(bytes).toString('latin1')).toBe(parts.join(''))
})

test.each([
  ['', 'the connection was closed'],
  ['SS', 'the connection was closed: SS'],
  ['no SSH-2.0 here', 'the connection was closed: no SSH-2.0 here'],
  ['Exceeded MaxStartups\r\n', 'the connection was closed: Exceeded MaxStartups'],
  ['\x1b[31mHTTP/1.1 400\0Bad\r\nSSH: no', 'the connection was closed: [31mHTTP/1.1 400 Bad'],
  ['x'.repeat(300), `the connection was closed: ${'x'.repeat(200)}`],
])('a server that says %j and ends has no banner', async (text, message) => {
  const stream = new PassThrough()
  stream.end(text)
  await expect(untilBanner(stream, 1000, never)).rejects.toThrow(new Error(message))
})

test.each([
  ['Exceeded MaxStartups\r\n', true],
  ['Not allowed at this time\r\n', true],
  ['It is Not allowed at this time\r\n', false],
])('a server that says %j is busy, or no SSH server', async (text, isBusy) => {
  const stream = new PassThrough()
  stream.end(text)
  const error = await untilBanner(stream, 1000, never).catch((thrown: unknown) => thrown)
  expect([error instanceof Error, error instanceof Busy]).toEqual([true, isBusy])
})

test('what breaks, is closed, says nothing or no end of something else has none either', async () => {
  const outcome = async (act: (stream: PassThrough) => void): Promise<unknown> => {
    const stream = new PassThrough()
    const found = untilBanner(stream, 1000, never).catch((error: Error) => error.message)
    act(stream)
    const reason = await found
    expect(stream.destroyed).toBe(true)
    return reason
  }
  expect(await outcome((stream) => stream.destroy(new Error('reset')))).toBe('reset')
  // What we send may still be taken.
  expect(await outcome((stream) => stream.push(null))).toBe('the connection was closed')
  expect(await outcome((stream) => stream.destroy())).toBe('the connection was closed')
  expect(await outcome(() => vi.advanceTimersByTime(1000))).toBe('no banner')
  expect(await outcome((stream) => stream.write('x'.repeat(64 * 1024 + 1)))).toMatch('no SSH server')
})

test('a signal ends the wait with its reason, before it begins as well', async () => {
  const controller = new AbortController()
  const stream = new PassThrough()
  const found = untilBanner(stream, 1000, controller.signal).catch((error: unknown) => error)
  controller.abort('stop')
  expect(await found).toBe('stop')
  expect(stream.destroyed).toBe(true)
  await expect(untilBanner(new PassThrough(), 1000, controller.signal)).rejects.toBe('stop')
})

test('nothing of it stays on a stream that is passed on', async () => {
  const controller = new AbortController()
  const stream = new PassThrough()
  const before = stream.eventNames().map((name) => [name, stream.listenerCount(name)])
  const found = untilBanner(stream, 1000, controller.signal)
  stream.write('SSH-2.0-test')
  await found
  controller.abort()
  expect(stream.destroyed).toBe(false)
  expect(stream.eventNames().map((name) => [name, stream.listenerCount(name)])).toEqual(before)
  expect(String(await once(stream, 'data'))).toBe('SSH-2.0-test')
})
