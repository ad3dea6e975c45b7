import { ApiError, parameterErrors, taskMessageOf } from './api-error.ts'
import type { Faults } from './faults.ts'
import { pause, pauseForever } from './latency.ts'

/** A worker of a node: what a UPID names. */
export interface Task {
  readonly upid: string
  readonly node: string
  readonly type: string
  readonly id: string
  /** `root@pam` or `root@pam!token`. */
  readonly owner: string
  readonly pid: number
  readonly pstart: number
  readonly starttime: number
  readonly lines: readonly string[]
  /** `undefined` while it runs. */
  readonly exitstatus: string | undefined
  readonly endtime: number | undefined
  /** Ends with the task. */
  readonly done: Promise<void>
}

/** What a task's work gets. */
export interface TaskContext {
  readonly signal: AbortSignal
  log(line: string): void
  /** A line that makes the task end with `WARNINGS: n`. */
  warn(line: string): void
}

/** How a kind of work turns an abort into its exit status. Work may also end with an {@link ApiError} of its own. */
export interface TaskOptions {
  /** Without it an aborted task ends with `unexpected status`. */
  readonly interrupted?: string
  /** Clears away what a failed task leaves, also when its work did not even begin. */
  readonly onFailure?: () => void
}

interface MutableTask extends Task {
  readonly lines: string[]
  exitstatus: string | undefined
  endtime: number | undefined
  readonly abort: AbortController
}

const keepFinished = 2000

/** The tasks of all nodes. They are not kept over a restart of the lab. */
export class Tasks {
  readonly #tasks = new Map<string, MutableTask>()
  readonly #faults: Faults
  readonly #bootTime = Date.now()
  readonly #closing: AbortSignal
  #nextPid = 0x4b8

  constructor(faults: Faults, closing: AbortSignal) {
    this.#faults = faults
    this.#closing = closing
  }

  /** Starts work in the background and returns its UPID. */
  start(
    node: string,
    type: string,
    id: string,
    owner: string,
    work: (context: TaskContext) => Promise<void>,
    options: TaskOptions = {},
  ): string {
    const { promise: done, resolve: finish } = Promise.withResolvers<void>()
    const task = this.#newTask(node, type, id, owner, done)
    this.#tasks.set(task.upid, task)
    this.#forgetOldest()
    // The answer with the UPID goes out before the work begins, as with a forked worker.
    setImmediate(() => {
      void this.#run(task, work, options).finally(finish)
    })
    return task.upid
  }

  /** Finds a task; a wrong UPID is the parameter error that Proxmox answers. */
  get(upid: string): Task | undefined {
    if (!/^UPID:[^:]+:[0-9A-Fa-f]{8}:[0-9A-Fa-f]{8,9}:[0-9A-Fa-f]{8}:[^:\s]+:[^:\s]*:[^:\s]+:$/.test(upid)) {
      throw parameterErrors({ upid: 'unable to parse worker upid' })
    }
    return this.#tasks.get(upid)
  }

  /** All tasks, the newest first. */
  list(): Task[] {
    return [...this.#tasks.values()].reverse()
  }

  /** Stops a running task; nothing happens to a finished one. */
  stop(upid: string): void {
    this.#tasks.get(upid)?.abort.abort(new Error('received interrupt'))
  }

  /** Resolves when no task runs any more. */
  async settled(): Promise<void> {
    await Promise.all([...this.#tasks.values()].map((task) => task.done))
  }

  #newTask(node: string, type: string, id: string, owner: string, done: Promise<void>): MutableTask {
    const pid = this.#nextPid++
    const starttime = Math.floor(Date.now() / 1000)
    const pstart = 400_000 + Math.floor((Date.now() - this.#bootTime) / 10)
    const hex = (value: number) => value.toString(16).toUpperCase().padStart(8, '0')
    const upid = `UPID:${node}:${hex(pid)}:${hex(pstart)}:${hex(starttime)}:${type}:${id}:${owner}:`
    const abort = new AbortController()
    return {
      upid,
      node,
      type,
      id,
      owner,
      pid,
      pstart,
      starttime,
      lines: [],
      exitstatus: undefined,
      endtime: undefined,
      abort,
      done,
    }
  }

  async #run(
    task: MutableTask,
    work: (context: TaskContext) => Promise<void>,
    options: TaskOptions,
  ): Promise<void> {
    let warnings = 0
    const signal = AbortSignal.any([task.abort.signal, this.#closing])
    const warn = (line: string) => {
      warnings++
      task.lines.push(`WARN: ${line}`)
    }
    const context: TaskContext = { signal, warn, log: (line) => void task.lines.push(...line.split('\n')) }
    let exitstatus: string
    try {
      const faults = this.#faults.forTask(task.type, task.id)
      for (const fault of faults) {
        if ('delayMs' in fault) await pause(fault.delayMs, signal)
        if ('hang' in fault) await pauseForever(signal)
        if ('kill' in fault) throw new Killed()
        if ('fail' in fault) throw new ApiError(500, fault.fail)
      }
      await work(context)
      for (const fault of faults) if ('warnings' in fault) fault.warnings.forEach(warn)
      exitstatus = warnings === 0 ? 'OK' : `WARNINGS: ${warnings}`
      task.lines.push(`TASK ${exitstatus}`)
    } catch (error) {
      options.onFailure?.()
      if (error instanceof Killed) exitstatus = 'unexpected status'
      else if (signal.aborted && !(error instanceof ApiError))
        exitstatus = options.interrupted ?? 'unexpected status'
      else exitstatus = taskMessageOf(error)
      // A worker that is killed does not write its last line.
      if (exitstatus !== 'unexpected status') task.lines.push(`TASK ERROR: ${exitstatus}`)
    }
    task.exitstatus = exitstatus
    task.endtime = Math.floor(Date.now() / 1000)
  }

  #forgetOldest(): void {
    if (this.#tasks.size <= keepFinished) return
    for (const [upid, task] of this.#tasks) {
      if (this.#tasks.size <= keepFinished) return
      if (task.exitstatus !== undefined) this.#tasks.delete(upid)
    }
  }
}

/** Somebody has killed the worker. */
class Killed extends Error {}
