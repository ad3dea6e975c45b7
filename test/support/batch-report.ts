import type { Outputs } from '../../src/core/step.ts'

export type Report = Outputs['batch']
export type Host = Report['hosts'][number]
type Step = Host['steps'][number]

export const taskFailed = {
  code: 'PVE_TASK_FAILED',
  message: 'The task ended with: no space left on device.',
  hint: 'Free space on the `storage`, or name another one.',
  retryable: false,
  details: { upid: 'UPID:never-to-be-shown' },
}

/** A host that was provisioned, one step after the other. */
export function changedHost(name: string, { began = 0, slow = 1, vmid = 100 } = {}): Host {
  const times: readonly (readonly [step: string, seconds: number, waited?: number])[] = [
    ['iso.upload', 10, 9.9],
    ['vm.create', 4],
    ['vm.start', 1],
    ['ssh.wait', 40],
    ['nixos.install', 90 * slow, 5],
    ['vm.detach', 5],
    ['proof', 20],
  ]
  let at = began
  const steps = times.map(([step, seconds, waited]): Step => {
    const one: Step = {
      step,
      status: 'changed',
      began: at,
      seconds,
      ...(waited === undefined ? {} : { waited }),
    }
    at += seconds
    return one
  })
  const seconds = at - began
  return {
    name,
    state: 'changed',
    vmid,
    node: 'pve1',
    host: '10.0.0.1',
    port: 22,
    user: 'root',
    began,
    seconds,
    steps,
  }
}

export function failedHost(name: string, error: Record<string, unknown> = taskFailed): Host {
  const steps: Step[] = [
    { step: 'iso.upload', status: 'unchanged', began: 0, seconds: 0 },
    { step: 'vm.create', status: 'failed', began: 0, seconds: 3 },
  ]
  return { name, state: 'failed', vmid: 666, node: 'pve1', began: 0, seconds: 3, steps, error }
}

export function unchangedHost(name: string): Host {
  return {
    ...{ name, state: 'unchanged', vmid: 300, node: 'pve2', began: 0, seconds: 0.4 },
    steps: [{ step: 'proof', status: 'unchanged', began: 0, seconds: 0.4 }],
  }
}

export function plannedHost(name: string, vmid?: number): Host {
  const diff = [{ what: 'scsi0', after: 'local-lvm:32' }]
  return {
    ...{
      name,
      state: 'planned',
      node: 'pve1',
      began: 0,
      seconds: 1,
      ...(vmid === undefined ? {} : { vmid }),
    },
    steps: [{ step: 'vm.create', status: 'planned', began: 0, seconds: 1, diff }],
  }
}

export function reportOf(hosts: readonly Host[], more: Partial<Report> = {}): Report {
  const counts = { changed: 0, unchanged: 0, planned: 0, failed: 0, interrupted: 0, not_begun: 0 }
  for (const { state } of hosts) counts[state]++
  const seconds = Math.max(...hosts.map(({ began = 0, seconds: took }) => began + took), 0)
  return { hosts: [...hosts], counts, began: '2026-11-23T02:14:05.120Z', seconds, ...more }
}

export const sharedUpload: NonNullable<Report['shared']>[number] = {
  ...{ step: 'iso.upload', title: 'local on pve1', status: 'changed', began: 1, seconds: 9, hosts: 2 },
}

/** So many hosts, twenty at a time; every 50th failed. */
export function largeReport(count: number): Report {
  const hosts = Array.from({ length: count }, (_, index) =>
    index % 50 === 49
      ? failedHost(`db${index}`)
      : changedHost(`web${index}`, { began: Math.floor(index / 20) * 170, vmid: 1000 + index }),
  )
  return reportOf(hosts, { shared: [sharedUpload] })
}
