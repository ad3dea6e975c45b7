import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Places } from '../../src/core/places.ts'

const never = new AbortController().signal

/** Lets everybody who can go on do so. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('no more than there are places are taken at once, and every one who waits gets one', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.integer({ min: 0, max: 3 })),
      async (count, priorities) => {
        const places = new Places(count)
        let [taken, most] = [0, 0]
        await Promise.all(
          priorities.map(async (priority) => {
            using _place = await places.take(priority, never)
            most = Math.max(most, ++taken)
            await settle()
            taken--
          }),
        )
        expect(taken).toBe(0)
        expect(most).toBe(Math.min(count, priorities.length))
      },
    ),
    { seed: 7, numRuns: 50 },
  )
})

test('the highest priority goes first, and among equals whoever came first', async () => {
  const places = new Places(1)
  const first = await places.take(0, never)
  const order: string[] = []
  const all = [
    ['low', 1],
    ['high', 9],
    ['low too', 1],
    ['high too', 9],
  ].map(async ([name, priority]) => {
    using _place = await places.take(Number(priority), never)
    order.push(String(name))
  })
  first[Symbol.dispose]()
  await Promise.all(all)
  expect(order).toEqual(['high', 'high too', 'low', 'low too'])
})

test('who gives up waiting is passed over', async () => {
  const places = new Places(1)
  const first = await places.take(0, never)
  const controller = new AbortController()
  const given = places.take(9, controller.signal)
  const other = places.take(1, never)
  controller.abort(new Error('enough'))
  await expect(given).rejects.toThrow('enough')
  first[Symbol.dispose]()
  using _place = await other
})

test('a place that is given back twice is one place', async () => {
  const places = new Places(1)
  const first = await places.take(0, never)
  first[Symbol.dispose]()
  first[Symbol.dispose]()
  using _second = await places.take(0, never)
  let waited = false
  const third = places.take(0, never, () => {
    waited = true
  })
  await settle()
  expect(waited).toBe(true)
  _second[Symbol.dispose]()
  using _third = await third
})
