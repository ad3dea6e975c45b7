import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { finished, send } from '../../lab/api-client.ts'
import { writeProgram } from '../../support/program.ts'
import {
  create,
  endings,
  expectAllProvisioned,
  openBatchBox,
  reportOf,
  requests,
  upload,
} from './batch-box.ts'

test.concurrent('hosts are provisioned together, what they share is done once, and the next run asks for none of them', async () => {
  const names = ['web1', 'web2', 'db1']
  await using box = await openBatchBox({ hosts: names })
  const report = join(box.folder, 'report.json')
  const timeline = join(box.folder, 'timeline.html')
  const logs = join(box.folder, 'logs')
  const files = ['--report-file', report, '--timeline-file', timeline, '--log-dir', logs]
  const log_file = join(box.folder, 'own.log')
  box.write({ web2: { log_file } })
  const first = await box.run([...box.words, ...files])
  expect(first.document, first.stderr).toMatchObject({ ok: true, step: 'batch', changed: true, check: false })
  expect(endings(first)).toEqual({ web1: 'changed', web2: 'changed', db1: 'changed' })
  expectAllProvisioned(box, names)
  expect([requests(box, upload), requests(box, create)]).toEqual([2, 3])
  const output = reportOf(first)
  expect(
    output.shared.map(({ step, hosts }: { step: string; hosts: number }) => [step, hosts]).sort(),
  ).toEqual([
    ['iso.download', 3],
    ['iso.upload', 1],
    ['iso.upload', 2],
    ['nixos.build', 3],
  ])
  const titles = output.shared.map(({ title }: { title: string }) => title)
  expect(titles).toContain(`installer ${box.host.iso_path}`)
  const [web1] = output.hosts
  expect(web1).toMatchObject({ name: 'web1', vmid: 101, node: 'pve1', host: '192.0.2.101', user: 'root' })
  expect(web1.system).toMatch(/-nixos-system-web1/)
  expect(readFileSync(web1.log_file, 'utf8')).toMatch(/nixos\.install: \| .*\n/)
  expect(web1.log_file).toBe(join(logs, 'web1.log'))
  // The flag of this run counts more than what the inventory says.
  const logFiles = names.flatMap((name) => [`${name}.install.log`, `${name}.log`])
  expect(readdirSync(logs).toSorted()).toEqual(['-shared.log', ...logFiles].toSorted())
  expect(existsSync(log_file)).toBe(false)
  // What people need of the installation, and all that it prints.
  expect(readFileSync(web1.log_file, 'utf8').match(/Installing NixOS/g)).toHaveLength(1)
  const whole = readFileSync(join(logs, 'web1.install.log'), 'utf8')
  expect(whole).toContain('Installing NixOS')
  expect(whole).toMatch(/copying .*-nixos-system-web1/)
  expect(JSON.parse(readFileSync(report, 'utf8'))).toEqual(output)
  expect(readFileSync(timeline, 'utf8')).toMatch(/<html[\s\S]*web1/)

  const before = box.lab.requests.length
  const second = await box.run(box.words)
  expect(second.document).toMatchObject({ ok: true, changed: false })
  expect(endings(second)).toEqual(Object.fromEntries(names.map((name) => [name, 'unchanged'])))
  expect(reportOf(second).hosts[0]).toMatchObject({ vmid: 101, host: '192.0.2.101', system: web1.system })
  expect(box.lab.requests.slice(before).map(({ path }) => path)).toEqual(['/cluster/resources'])

  // Without the notes of earlier runs each is looked at, and found to be in order.
  const third = await box.run([...box.words, '--no-journal'])
  expect(endings(third)).toEqual(endings(second))
  const plan = await box.run([...box.words, '--check', '--no-journal'])
  expect(plan.document).toMatchObject({ ok: true, changed: false, check: true })
  expect(box.writes(before)).toEqual([])
})

test.concurrent('a host whose document or VM has changed is looked at again', async () => {
  await using box = await openBatchBox({ hosts: ['web1', 'web2', 'web3'] })
  await box.run(box.words)
  box.write({ web2: { memory: 3072 } })
  await box.run(['vm', 'destroy'], { input: { name: 'web3', stop: true } })
  const again = await box.run(box.words)
  expect(endings(again), again.stderr).toEqual({ web1: 'unchanged', web2: 'changed', web3: 'changed' })
  expect(box.config(102)).toMatch(/^memory: 3072$/m)
  // Of each run a folder has the logs, and nothing else does.
  const state = readdirSync(join(box.folder, '.local', 'state', 'nixos-cloud-init-installer'))
  expect(state.filter((name) => name.endsWith('.log'))).toEqual([])
})

test.concurrent('hosts that fail at any step stop no other, and are finished by the next run', async () => {
  const names = ['web1', 'space', 'bridge', 'mute', 'install', 'memory', 'lost']
  await using box = await openBatchBox({ hosts: names })
  const mends = [
    box.lab.faults.add({ task: 'qmcreate', id: '102', action: { fail: 'no space' } }),
    box.lab.faults.add({ task: 'qmstart', id: '103', action: { fail: 'no such bridge' } }),
    box.lab.faults.add({ task: 'qmstart', id: '106', after: 1, action: { fail: 'no memory' } }),
  ]
  const nixos_anywhere = writeProgram(
    join(box.folder, 'broken'),
    'echo "### Uploading install SSH keys ###"; exit 3',
  )
  const networks = [{ bridge: 'vmbr0', ip: '192.0.2.98/24' }]
  const mute = { networks, ssh_host: '192.0.2.99', boot_timeout: 2 }
  // The installer is where it should be, and the system that it installs is not.
  const lost = { system_ssh_host: '192.0.2.97', boot_timeout: 15 }
  box.write({ mute, install: { nixos_anywhere }, lost })
  const end = await box.run(box.words)
  expect(end.exitCode).toBe(4)
  expect(end.document.error).toMatchObject({ code: 'BATCH_FAILED' })
  expect(endings(end), end.stderr).toEqual({
    web1: 'changed',
    space: 'failed PVE_TASK_FAILED',
    bridge: 'failed PVE_TASK_FAILED',
    mute: expect.stringMatching(/^failed (SSH_|TIMEOUT)/),
    install: expect.stringMatching(/^failed INSTALL_/),
    memory: 'failed PVE_TASK_FAILED',
    lost: 'failed SSH_NOT_READY',
  })
  const failedSteps = (reportOf(end).hosts as { steps: { step: string; status: string }[] }[]).map(
    ({ steps }) => steps.find(({ status }) => status === 'failed')?.step,
  )
  expect(readFileSync(reportOf(end).hosts[1].log_file, 'utf8')).toMatch(/provision: .*no space/)
  expect(failedSteps).toEqual([
    ...[undefined, 'vm.create', 'vm.start', 'ssh.wait', 'nixos.install', 'vm.detach', 'proof'],
  ])
  for (const mend of mends) mend()
  box.write({})
  const again = await box.run(box.words)
  // Of `lost` only the proof was missing.
  const unchanged = ['web1', 'lost']
  const finished = names.map((name) => [name, unchanged.includes(name) ? 'unchanged' : 'changed'])
  expect(endings(again), again.stderr).toEqual(Object.fromEntries(finished))
  expectAllProvisioned(box, names)
})

test.concurrent('an ISO that cannot be uploaded fails the hosts that need it, and no others', async () => {
  await using box = await openBatchBox({
    hosts: ['web1', 'web2'],
    faults: [{ path: '/nodes/pve2/storage/*/upload', action: { answer: { status: 500, reason: 'no' } } }],
  })
  const end = await box.run(box.words)
  expect(endings(end)).toEqual({
    web1: 'changed',
    web2: expect.stringMatching(/^failed PVE_/),
  })
  expect(box.vmids()).toEqual([101])
})

test.concurrent('after so many failures no other host is begun', async () => {
  const hosts = ['web1', 'web2', 'web3']
  await using box = await openBatchBox({
    hosts,
    faults: [{ task: 'qmcreate', action: { fail: 'no space' } }],
  })
  const end = await box.run([...box.words, '--max-failures', '1', '--forks', '1'])
  expect(Object.values(endings(end)).sort()).toEqual(['failed PVE_TASK_FAILED', 'not_begun', 'not_begun'])
  expect(reportOf(end).counts).toMatchObject({ failed: 1, not_begun: 2, changed: 0 })
})

test.concurrent('no more hosts are at a step than may be', async () => {
  const hosts = ['web1', 'web2', 'web3']
  await using box = await openBatchBox({ hosts })
  const limits = ['--forks', '2', '--installs', '1', '--creates-per-storage', '1']
  const run = box.start([...box.words, ...limits])
  const end = await run.ended
  expect(end.document.ok, end.stderr).toBe(true)
  const most = (step: string): number => {
    let [now, peak] = [0, 0]
    for (const line of run.progress as { step: string; host?: string; type: string }[]) {
      if (line.step !== step || line.host === undefined) continue
      if (line.type === 'start') now++
      if (line.type === 'end') now--
      peak = Math.max(peak, now)
    }
    return peak
  }
  expect(most('provision')).toBe(2)
  // Who waits for its place has begun the step: what runs at once shows in the times.
  const spans = reportOf(end).hosts.map(({ steps }: { steps: StepTimes[] }) => {
    const one = steps.find(({ step }) => step === 'nixos.install')
    return [(one?.began ?? 0) + (one?.waited ?? 0), (one?.began ?? 0) + (one?.seconds ?? 0)]
  })
  const sorted = spans.toSorted(([a]: number[], [b]: number[]) => (a ?? 0) - (b ?? 0))
  for (const [index, [began]] of sorted.entries())
    if (index > 0) expect(began + 0.005).toBeGreaterThanOrEqual(sorted[index - 1][1])
})

interface StepTimes {
  readonly step: string
  readonly began: number
  readonly seconds: number
  readonly waited?: number
}

test.concurrent('check mode says what would be done and what it asks of the nodes, and changes nothing', async () => {
  await using box = await openBatchBox({ hosts: ['web1', 'web2', 'web3'] })
  const plan = await box.run([...box.words, '--check'])
  expect(plan.document, plan.stderr).toMatchObject({ ok: true, changed: true, check: true })
  expect(endings(plan)).toEqual({ web1: 'planned', web2: 'planned', web3: 'planned' })
  expect(reportOf(plan).demand).toEqual([
    expect.objectContaining({ node: 'pve1', vms: 2, cores: 4, memory: 4096 }),
    expect.objectContaining({ node: 'pve2', vms: 1, cores: 2, memory: 2048 }),
  ])
  expect(box.writes()).toEqual([])
  expect(existsSync(join(box.folder, '.local', 'state', 'nixos-cloud-init-installer', 'hosts.json'))).toBe(
    false,
  )
})

test.concurrent('a report that cannot be written in the end is still in the result', async () => {
  await using box = await openBatchBox({ hosts: ['web1'] })
  const end = await box.run([...box.words, '--check', '--report-file', '/dev/full'])
  expect(end.document.error).toMatchObject({ code: 'REPORT_UNWRITABLE' })
  expect(endings(end)).toEqual({ web1: 'planned' })
})

test.concurrent('mistakes of all hosts are told together, whoever finds them, before anything is begun', async () => {
  await using box = await openBatchBox({ hosts: ['web1', 'web2', 'web3', 'web4', 'web5', 'db1'] })
  box.write({
    web1: { vmid: 200 },
    web2: { vmid: 200 },
    web3: { cores: 'many' },
    web4: { node: 'pve9' },
    web5: { networks: [{ bridge: 'vmbr9' }] },
  })
  const end = await box.run([...box.words, '--limit', 'web*:db1'])
  const { error } = end.document
  expect([end.exitCode, error.code], end.stdout).toEqual([3, 'BATCH_INVALID'])
  const hosts = error.details.hosts as { name: string; problems: { code: string }[] }[]
  expect(hosts.map(({ name, problems }) => [name, ...problems.map(({ code }) => code)])).toEqual([
    ['web1', 'HOST_CONFLICT'],
    ['web2', 'HOST_CONFLICT'],
    ['web3', 'INVENTORY_VALUE'],
    ['web4', 'PVE_NODE_UNKNOWN'],
    ['web5', 'PVE_BRIDGE_UNKNOWN'],
  ])
  expect(error.hint).toContain("--limit 'web*:db1:!web1:!web2:!web3:!web4:!web5'")
  // Where nobody would be left, nothing of the kind is proposed.
  const all = await box.run([...box.words, '--limit', 'web*'])
  expect(all.document.error.hint).not.toContain('--limit')
  expect(box.writes()).toEqual([])
})

test.concurrent('two batches over one inventory at once create each host once, and both succeed', async () => {
  const names = ['web1', 'web2']
  await using box = await openBatchBox({ hosts: names })
  const [one, other] = await Promise.all([box.run(box.words), box.run(box.words)])
  expect(one.document.ok, `${one.stdout}\n${one.stderr}`).toBe(true)
  expect(other.document.ok, `${other.stdout}\n${other.stderr}`).toBe(true)
  expectAllProvisioned(box, names)
  expect(requests(box, create)).toBe(2)
  const ended = (name: string): string[] => [endings(one)[name] ?? '', endings(other)[name] ?? ''].sort()
  for (const name of names) expect(ended(name)).toEqual(['changed', 'unchanged'])
})

test.concurrent('Ctrl-C ends all hosts, and the report says how far each was', async () => {
  const names = ['web1', 'web2', 'web3']
  await using box = await openBatchBox({ hosts: names })
  const run = box.start([...box.words, '--forks', '2'])
  await run.until({ step: 'nixos.install', type: 'start' })
  run.signal('SIGINT')
  const end = await run.ended
  expect([end.exitCode, end.document.error.code]).toEqual([130, 'INTERRUPTED'])
  const states = Object.values(endings(end))
  expect(states.filter((state) => state.startsWith('interrupted'))).toHaveLength(2)
  expect(states.filter((state) => state === 'not_begun')).toHaveLength(1)
  const again = await box.run(box.words)
  expect(again.document.ok, again.stderr).toBe(true)
  expectAllProvisioned(box, names)
})

test.concurrent('a host that failed by itself before Ctrl-C came is no interrupted one', async () => {
  await using box = await openBatchBox({
    hosts: ['web1'],
    latency: { destroyMs: 1000 },
    faults: [{ task: 'qmstart', action: { fail: 'no memory' } }],
  })
  const run = box.start([...box.words, '--on-failure', 'destroy'])
  await run.until({ step: 'vm.start', type: 'end', status: 'failed' })
  run.signal('SIGINT')
  const end = await run.ended
  expect([end.exitCode, end.document.error.code]).toEqual([130, 'INTERRUPTED'])
  expect(endings(end)).toEqual({ web1: 'failed PVE_TASK_FAILED' })
  expect(box.vmids()).toEqual([])
})

test.concurrent('a host may take only so long, and so may the batch', async () => {
  await using box = await openBatchBox({
    hosts: ['web1'],
    faults: [{ task: 'qmstart', id: '101', action: { hang: true } }],
  })
  const end = await box.run([...box.words, '--host-timeout', '3'])
  expect(endings(end), end.stderr).toEqual({ web1: 'failed TIMEOUT' })
  const whole = await box.run([...box.words, '--timeout', '3'])
  expect([whole.exitCode, whole.document.error.code]).toEqual([5, 'TIMEOUT'])
  expect(endings(whole)).toEqual({ web1: 'interrupted TIMEOUT' })
})

test.concurrent('what is not as the inventory says, and is left so, is a warning', async () => {
  await using box = await openBatchBox({ hosts: ['web1', 'web2'] })
  await box.run(box.words)
  await box.run(['vm', 'start'], { input: { vmid: 101 } })
  const { body } = await send(box.lab, 'POST', '/nodes/pve1/qemu/101/status/stop', { form: {} })
  await finished(box.lab, body.data)
  box.write({
    web2: { node: 'pve1', networks: [{ bridge: 'vmbr0', ip: '192.0.2.199/24', gateway: '192.0.2.1' }] },
  })
  const end = await box.run([...box.words, '--check'])
  const [web1, web2] = reportOf(end).hosts
  expect(web1.warnings).toEqual(['web1 is off, and left so: `nci vm start --vmid 101` starts it.'])
  expect(web2.warnings).toEqual([
    'web2 is on node pve2, and not on pve1: it stays there.',
    expect.stringMatching(/^web2 was logged in to at 192\.0\.2\.102, and its document says 192\.0\.2\.199: /),
  ])
  // What nobody has tried is not told as if it were so.
  expect(web2.host).toBe('192.0.2.102')
})

test.concurrent('a host whose VM was given another name gets a new one, and a warning', async () => {
  await using box = await openBatchBox({ hosts: ['web1'], own: { web1: { vmid: undefined } } })
  await box.run(box.words)
  await send(box.lab, 'PUT', '/nodes/pve1/qemu/100/config', { form: { name: 'other' } })
  const plan = await box.run([...box.words, '--check'])
  expect(endings(plan), plan.stdout).toEqual({ web1: 'planned' })
  expect(plan.document.warnings).toContain(
    'VM 100, which was web1, is called other now: web1 gets another one.',
  )
})

test.concurrent('a timeline that cannot be written is refused before anything is begun', async () => {
  await using box = await openBatchBox({ hosts: ['web1'] })
  const end = await box.run([...box.words, '--timeline-file', box.folder])
  expect(end.document.error).toMatchObject({ code: 'REPORT_UNWRITABLE' })
  expect(box.lab.requests).toEqual([])
})
