/** A request goes wrong. */
export interface RequestFault {
  readonly method?: string
  /** The path without `/api2/json`; `*` stands for one part, `**` for any number: `/nodes/*\/qemu/*\/status/start`. */
  readonly path: string
  /** How often it happens; without it, until it is removed. */
  readonly times?: number
  /** How many matching requests pass unharmed before. */
  readonly after?: number
  readonly action:
    | { readonly answer: { readonly status: number; readonly reason: string; readonly body?: string } }
    /**
     * The connection breaks: before the request takes effect, after it did but before the answer, or in the middle
     * of an upload's body, once so many bytes of it have been read.
     */
    | { readonly drop: 'before' | 'after' | 'upload'; readonly bytes?: number }
    | { readonly delayMs: number }
    /** The answer never comes; the request has no effect. */
    | { readonly hang: true }
}

/** A task goes wrong. */
export interface TaskFault {
  /** `qmcreate`, `qmstart`, `imgcopy`, `download`, … or `*`. */
  readonly task: string
  /** The task's id: mostly the VMID. */
  readonly id?: string
  readonly times?: number
  readonly after?: number
  readonly action: /** The task ends with this error; what it should have done does not happen. */
    | { readonly fail: string }
    /** The task does its work and then complains so often. */
    | { readonly warnings: readonly string[] }
    /** The task runs until somebody aborts it. */
    | { readonly hang: true }
    | { readonly delayMs: number }
}

/** Somebody else takes the VMID just before the create: a VM appears, and the create answers "already exists". */
export interface VmidRace {
  readonly vmidRace: true
  /** Only for this VMID. */
  readonly vmid?: number
  readonly times?: number
  readonly after?: number
}

/** A rule about what goes wrong. */
export type Fault = RequestFault | TaskFault | VmidRace

interface Rule {
  readonly fault: Fault
  seen: number
}

/** The rules in force. They can be added and removed while the lab runs. */
export class Faults {
  readonly #rules = new Set<Rule>()

  constructor(faults: readonly Fault[] = []) {
    for (const fault of faults) this.add(fault)
  }

  /** Puts a rule in force; the result removes it. */
  add(fault: Fault): () => void {
    const rule: Rule = { fault, seen: 0 }
    this.#rules.add(rule)
    return () => {
      this.#rules.delete(rule)
    }
  }

  /** Removes all rules. */
  clear(): void {
    this.#rules.clear()
  }

  /** What happens to this request; counts it. */
  forRequest(method: string, path: string): RequestFault['action'][] {
    const actions: RequestFault['action'][] = []
    for (const rule of this.#rules) {
      const { fault } = rule
      if (!('path' in fault) || (fault.method !== undefined && fault.method !== method)) continue
      if (globToPattern(fault.path).test(path) && this.#fires(rule)) actions.push(fault.action)
    }
    return actions
  }

  /** What happens to this task; counts it. */
  forTask(type: string, id: string): TaskFault['action'][] {
    const actions: TaskFault['action'][] = []
    for (const rule of this.#rules) {
      const { fault } = rule
      if (!('task' in fault) || (fault.task !== '*' && fault.task !== type)) continue
      if ((fault.id === undefined || fault.id === id) && this.#fires(rule)) actions.push(fault.action)
    }
    return actions
  }

  /** Whether somebody else takes this VMID now; counts it. */
  racesFor(vmid: number): boolean {
    let races = false
    for (const rule of this.#rules) {
      const { fault } = rule
      if (!('vmidRace' in fault) || (fault.vmid !== undefined && fault.vmid !== vmid)) continue
      if (this.#fires(rule)) races = true
    }
    return races
  }

  #fires(rule: Rule): boolean {
    const { after = 0, times = Number.POSITIVE_INFINITY } = rule.fault
    rule.seen++
    return rule.seen > after && rule.seen <= after + times
  }
}

function globToPattern(glob: string): RegExp {
  const parts = glob.split('/').map((part) => {
    if (part === '**') return '.*'
    return part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*')
  })
  return new RegExp(`^${parts.join('/')}$`)
}
