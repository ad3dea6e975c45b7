import type { Context } from '../../core/step.ts'
import type { Facts } from '../../ssh/facts.ts'
import type { Expectation } from './expectation.ts'

/** Seconds that cloud-init may take, where nothing else was said. */
const cloudInitSeconds = 120

/** Until cloud-init is done it may still change keys and addresses of an installer. */
export class CloudInitWatch {
  readonly #context: Context
  readonly #seconds: number
  #began: number | undefined

  constructor({ expect, cloud_init_timeout: seconds = cloudInitSeconds }: Expectation, context: Context) {
    this.#context = context
    this.#seconds = expect === 'installer' ? seconds : 0
  }

  isOver({ cloudInit, cloudInitErrors = [] }: Facts): boolean {
    for (const error of cloudInitErrors) this.#warn(`cloud-init of the installer failed of: ${error}`)
    if (cloudInit !== 'running' || this.#seconds === 0) return true
    if (this.#began === undefined) {
      this.#began = performance.now()
      this.#context.emit({ type: 'phase', phase: 'waiting for cloud-init' })
    }
    if ((performance.now() - this.#began) / 1000 < this.#seconds) return false
    this.#warn(`cloud-init of the installer was still not done after ${this.#seconds} seconds.`)
    return true
  }

  #warn(message: string): void {
    this.#context.emit({ type: 'warning', message })
  }
}
