import { bringUpToDate, lookAt, warnOfOff } from './existing.ts'
import { keepIso, planIso } from './iso.ts'
import { factsOf, knownLogin } from './known-login.ts'
import type { Outcome, Run } from './run.ts'
import { vmValues } from './vm-values.ts'

/** Check mode: what each step would do, as far as it can be known before the steps ahead of it are done. */
export async function planHost(run: Run): Promise<Outcome> {
  const { input } = run
  const existing = await lookAt(run)
  const reference = existing === undefined ? {} : { vmid: existing.vmid, node: existing.node }
  if (existing?.installed !== undefined) {
    await bringUpToDate(run, existing)
    if (existing.installed.detached) run.note('vm.detach', 'unchanged')
    else if (input.detach !== 'keep') {
      await run.step(async () => (await import('../steps/vm/detach.ts')).vmDetach, {
        ...reference,
        mode: input.detach,
        start: true,
      })
    }
    run.note('proof', existing.installed.proved === undefined ? 'planned' : 'unchanged')
    warnOfOff(run, existing)
    return knownLogin(run, factsOf(existing, existing.installed), existing.installed)
  }
  const iso = existing?.hasIso ? keepIso(run) : await planIso(run, existing?.node)
  await run.step(async () => (await import('../steps/vm/create.ts')).vmCreate, {
    ...(await vmValues(run)),
    ...(iso === undefined ? {} : { iso }),
    ...reference,
  })
  const running = existing?.status === 'running'
  run.note(
    'vm.start',
    running ? 'unchanged' : 'planned',
    running ? [] : [{ what: 'status', after: 'running' }],
  )
  run.note('ssh.wait', 'skipped')
  run.note('nixos.install', 'planned', [{ what: 'system', after: input.store_paths?.system ?? input.flake }])
  if (input.detach === 'keep') run.note('vm.detach', 'skipped')
  else run.note('vm.detach', 'planned', [{ what: 'ISO and cloud-init drive', after: 'detached at the end' }])
  run.note('proof', 'skipped')
  return { ...(input.node === undefined ? {} : { node: input.node }), ...reference }
}
