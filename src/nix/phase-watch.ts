import type { Context } from '../core/step.ts'
import { type InstallPhase, phaseOf } from './markers.ts'

const phaseTexts: Readonly<Record<InstallPhase, string>> = {
  prepare: 'nixos-anywhere prepares',
  kexec: 'booting an installer with kexec',
  disko: 'partitioning and formatting',
  copy: 'copying the system',
  install: 'installing NixOS',
  reboot: 'rebooting',
  done: 'nixos-anywhere is done',
}

/** Follows the phases and the copying, as events and with times. */
export class PhaseWatch {
  phase: InstallPhase = 'prepare'
  readonly #context: Context
  readonly #times: { phase: string; seconds: number }[] = []
  #began = performance.now()
  #copied = 0
  #toCopy = 0

  constructor(context: Context) {
    this.#context = context
    context.emit({ type: 'phase', phase: phaseTexts.prepare })
  }

  line(line: string, stream: 'stdout' | 'stderr'): void {
    const next = stream === 'stdout' ? phaseOf(line) : undefined
    if (next !== undefined && next !== this.phase) {
      this.#close()
      this.phase = next
      this.#context.emit({ type: 'phase', phase: phaseTexts[next] })
    }
    const announced = /^copying (\d+) paths/.exec(line)?.[1]
    if (announced !== undefined) {
      this.#toCopy = Number(announced)
      this.#copied = 0
    } else if (/^copying path '/.test(line) && this.#toCopy > 0) {
      this.#copied = Math.min(this.#copied + 1, this.#toCopy)
      this.#context.emit({ type: 'progress', done: this.#copied, total: this.#toCopy, unit: 'items' })
    } else if (line.trim() !== '') {
      this.#context.emit({ type: 'log', line })
    }
  }

  end(): readonly { phase: string; seconds: number }[] {
    this.#close()
    return this.#times
  }

  #close(): void {
    const now = performance.now()
    if (this.phase !== 'done')
      this.#times.push({ phase: this.phase, seconds: Math.round((now - this.#began) / 100) / 10 })
    this.#began = now
  }
}
