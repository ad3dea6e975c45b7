import { failed } from './api-error.ts'

const patience = 10_000

interface Waiter {
  readonly enter: () => void
  readonly timer: NodeJS.Timeout
}

/** The lock file of a VM: whoever changes the VM holds it, the others wait a while for their turn. */
export class ConfigLock {
  readonly #vmid: number
  readonly #waiting: Waiter[] = []
  #held = false

  constructor(vmid: number) {
    this.#vmid = vmid
  }

  /** Runs the work when the lock is free; `log` gets the lines that a waiting worker prints. */
  async run<T>(work: () => Promise<T> | T, log?: (line: string) => void): Promise<T> {
    await this.#acquire(log)
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#held = false
      else next.enter()
    }
  }

  async #acquire(log: ((line: string) => void) | undefined): Promise<void> {
    if (!this.#held) {
      this.#held = true
      return
    }
    log?.('trying to acquire lock...')
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1)
        reject(failed(`can't lock file '/var/lock/qemu-server/lock-${this.#vmid}.conf' - got timeout`))
      }, patience)
      timer.unref()
      const waiter: Waiter = {
        timer,
        enter: () => {
          clearTimeout(timer)
          resolve()
        },
      }
      this.#waiting.push(waiter)
    })
    log?.(' OK')
  }
}
