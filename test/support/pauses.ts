import { setImmediate } from 'node:timers/promises'

/** Milliseconds of the pauses that were made so far in this file. */
export const pauses: number[] = []

/** For `vi.mock` of src/core/deadline.ts: pauses are noted, and left out. */
export async function withNotedPauses(original: () => Promise<typeof import('../../src/core/deadline.ts')>) {
  return {
    ...(await original()),
    delay: async (milliseconds: number, signal: AbortSignal) => {
      pauses.push(milliseconds)
      await setImmediate()
      signal.throwIfAborted()
    },
  }
}
