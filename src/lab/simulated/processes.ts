/** The guest's process table: what `ps`, `kill` and `/proc/<pid>` know of. */

export interface Process {
  readonly pid: number
  readonly args: string
  readonly environment: Readonly<Record<string, string>>
  /** Ends it, and what it was started by or started itself in the same session. */
  readonly abort: AbortController
  readonly user: string
}

export class Processes {
  readonly #running = new Map<number, Process>()
  #lastPid = 1000

  get list(): readonly Process[] {
    return [...this.#running.values()]
  }

  start(
    args: string,
    user: string,
    environment: Readonly<Record<string, string>>,
    abort = new AbortController(),
  ): Process {
    const started: Process = { pid: ++this.#lastPid, args, environment, abort, user }
    this.#running.set(started.pid, started)
    return started
  }

  end(ended: Process): void {
    this.#running.delete(ended.pid)
  }

  find(pid: number): Process | undefined {
    return this.#running.get(pid)
  }

  endAll(): void {
    for (const one of this.#running.values()) one.abort.abort()
    this.#running.clear()
  }
}
