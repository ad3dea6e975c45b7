/** Whoever waits for a place. */
interface Waiting {
  readonly priority: number
  readonly order: number
  take(): void
}

/**
 * So many may do something at once; the others wait, those with the highest priority first, and among equals whoever
 * came first.
 */
export class Places {
  readonly #waiting: Waiting[] = []
  #free: number
  #order = 0

  constructor(places: number) {
    this.#free = places
  }

  /**
   * Waits for a place; dispose it to give it back.
   *
   * @param signal ends the waiting with its reason
   * @param onWait called where there is something to be waited for
   */
  async take(
    priority: number,
    signal: AbortSignal,
    onWait: () => void = () => undefined,
  ): Promise<Disposable> {
    signal.throwIfAborted()
    if (this.#free > 0) this.#free--
    else {
      onWait()
      await this.#wait(priority, signal)
    }
    let isTaken = true
    return {
      [Symbol.dispose]: () => {
        if (isTaken) this.#giveBack()
        isTaken = false
      },
    }
  }

  #wait(priority: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        priority,
        order: this.#order++,
        take() {
          signal.removeEventListener('abort', onAbort)
          resolve()
        },
      }
      const onAbort = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1)
        reject(signal.reason)
      }
      signal.addEventListener('abort', onAbort, { once: true })
      const before = (other: Waiting): boolean =>
        other.priority > priority || (other.priority === priority && other.order < waiting.order)
      const index = this.#waiting.findLastIndex(before) + 1
      this.#waiting.splice(index, 0, waiting)
    })
  }

  #giveBack(): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#free++
    else next.take()
  }
}
