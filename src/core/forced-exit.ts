/** What must be done even by a run that is told a second time to end, and has no time left: all of it at once. */
const duties = new Set<() => void>()

/** Registers something to do, synchronously, when the process is made to end at once. Dispose it when it is done. */
export function onForcedExit(duty: () => void): Disposable {
  duties.add(duty)
  return {
    [Symbol.dispose]() {
      duties.delete(duty)
    },
  }
}

/** Does what is registered, the latest first. */
export function doForcedExit(): void {
  for (const duty of [...duties].reverse()) {
    try {
      duty()
    } catch {
      // The others still have theirs.
    }
  }
}
