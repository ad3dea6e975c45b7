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
    /** The task is killed before it does anything: its log just ends. */
    | { readonly kill: true }
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

/**
 * A node is down. What concerns the whole cluster goes on at the others: requests that name the node answer 595, its
 * VMs and storages are in state `unknown`. Half of the nodes down also means that there is no quorum.
 */
export interface NodeDown {
  readonly nodeDown: string
  /** What happens to whoever tries to reach it: `unreachable` (the default), `refused`, or `timeout`. */
  readonly how?: 'unreachable' | 'refused' | 'timeout'
}

/** The cluster has lost its quorum: it answers questions, but nothing that it shares can be written. */
export interface NoQuorum {
  readonly noQuorum: true
}

/** A storage has no space left; `node` says on which node, if not on all. */
export interface StorageFull {
  readonly storageFull: string
  readonly node?: string
}

/** Somebody else's work (a backup, a snapshot) keeps VMs locked. */
export interface VmLock {
  readonly vmLock: string
  /** Only this VM. */
  readonly vmid?: number
}

/** A rule about what goes wrong. The last four are states: they last until the rule is removed. */
export type Fault = RequestFault | TaskFault | VmidRace | NodeDown | NoQuorum | StorageFull | VmLock

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

  /** How a node is down; `undefined` while it is up. */
  nodeDown(node: string): 'unreachable' | 'refused' | 'timeout' | undefined {
    const fault = this.#find(
      (candidate): candidate is NodeDown => 'nodeDown' in candidate && candidate.nodeDown === node,
    )
    return fault === undefined ? undefined : (fault.how ?? 'unreachable')
  }

  /** Whether the nodes do not hear each other. */
  noQuorum(): boolean {
    return this.#find((candidate): candidate is NoQuorum => 'noQuorum' in candidate) !== undefined
  }

  /** Whether there is no space left. */
  storageFull(storage: string, node: string): boolean {
    const isIt = (candidate: Fault): candidate is StorageFull =>
      'storageFull' in candidate &&
      candidate.storageFull === storage &&
      (candidate.node === undefined || candidate.node === node)
    return this.#find(isIt) !== undefined
  }

  /** The lock that a VM is kept under; `undefined` if nobody does. */
  vmLock(vmid: number): string | undefined {
    const isIt = (candidate: Fault): candidate is VmLock =>
      'vmLock' in candidate && (candidate.vmid === undefined || candidate.vmid === vmid)
    return this.#find(isIt)?.vmLock
  }

  #find<Kind extends Fault>(isIt: (fault: Fault) => fault is Kind): Kind | undefined {
    for (const { fault } of this.#rules) if (isIt(fault)) return fault
    return undefined
  }

  #fires(rule: Rule): boolean {
    const { after = 0, times = Number.POSITIVE_INFINITY } = rule.fault as Pick<VmidRace, 'after' | 'times'>
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
