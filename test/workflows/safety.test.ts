import { expect, test } from 'vitest'
import { installerVm } from '../errors/installer-vm.ts'
import { runTask, send } from '../lab/api-client.ts'
import { openBox } from '../support/lab.ts'
import { expectNothingLeft, expectProvisioned, statuses, succeeded } from './provisioned.ts'

test.concurrent('nothing is touched on a machine that answers in the place of the VM, leftovers or not', async () => {
  await using box = await openBox()
  const host = { ...box.host, name: 'web1', networks: [{ ip: '192.0.2.21/24' }] }
  const { output: web1 } = succeeded(await box.run(['provision'], { input: host }))
  const vmid = await installerVm(box, 'other', '192.0.2.22')
  // As an interrupted installation leaves it: the disks are noted as formatted.
  const { body } = await send(box.lab, 'GET', `/nodes/pve/qemu/${vmid}/config`)
  const description = String(body.data.description).replace(
    '"uuid"',
    '"disks":["/dev/sda:4294967296"],"uuid"',
  )
  await send(box.lab, 'PUT', `/nodes/pve/qemu/${vmid}/config`, { form: { description } })
  const since = box.lab.requests.length
  const end = await box.run(['nixos', 'install'], {
    // Even its host key is believed to be the right one.
    input: {
      name: 'other',
      flake: box.host.flake,
      ssh_host: '192.0.2.21',
      ssh_host_key: web1.host_key,
      reinstall: true,
    },
  })
  expect(end.document.error.code).toBe('INSTALL_WRONG_MACHINE')
  expect(box.writes(since)).toEqual([])
  // web1 is as it was: still there, and still proved.
  const wait = succeeded(
    await box.run(['ssh', 'wait'], { input: { name: 'web1', ssh_host: '192.0.2.21', expect: 'system' } }),
  )
  expect(wait.output.facts.hostname).toBe('web1')
})

test.concurrent('a VM that is too young to have a name in the cluster’s list is found all the same', async () => {
  await using box = await openBox({ latency: { statsMs: 3_600_000 } })
  const document = succeeded(await box.run(['provision'], { input: box.host }))
  await expectProvisioned(box, document)
  expect(succeeded(await box.run(['provision'], { input: box.host })).changed).toBe(false)
  expect(succeeded(await box.run(['vm', 'destroy'], { input: { name: 'web1', stop: true } })).changed).toBe(
    true,
  )
})

test.concurrent('a node that went down does not keep the VMs of the others from being found', async () => {
  const nodes = [{ name: 'pve' }, { name: 'pve2' }]
  await using box = await openBox({ nodes, latency: { statsMs: 3_600_000 } })
  const input = { disks: [{ size: '1G' }] }
  succeeded(await box.run(['vm', 'create'], { input: { ...input, name: 'far', node: 'pve2' } }))
  succeeded(await box.run(['vm', 'create'], { input: { ...input, name: 'near', node: 'pve' } }))
  const answer = { status: 595, reason: 'No route to host' }
  box.lab.faults.add({ path: '/nodes/pve2/**', action: { answer } })
  expect(succeeded(await box.run(['vm', 'info'], { input: { name: 'near' } })).output.node).toBe('pve')
  const far = await box.run(['vm', 'info'], { input: { name: 'far' } })
  expect(far.document.error.code).toBe('PVE_VM_NOT_FOUND')
})

test.concurrent('a host that is done is left alone, whatever its admin has put into its drives since', async () => {
  await using box = await openBox()
  succeeded(await box.run(['provision'], { input: box.host }))
  const [iso] = box.isos()
  await send(box.lab, 'PUT', '/nodes/pve/qemu/100/config', {
    form: { ide3: `local:iso/${iso},media=cdrom`, nameserver: '192.0.2.2' },
  })
  const since = box.lab.requests.length
  const again = succeeded(await box.run(['provision'], { input: { ...box.host, reinstall: true } }))
  expect(again.changed).toBe(false)
  expect(again.warnings).toEqual([expect.stringMatching(/installed already: `reinstall` has no effect/)])
  expect(box.writes(since)).toEqual([])
})

test.concurrent('a system that runs is asked to shut down, and not switched off, when its drives are detached', async () => {
  await using box = await openBox()
  succeeded(await box.run(['provision'], { input: box.host }))
  const [iso] = box.isos()
  const vm = '/nodes/pve/qemu/100'
  await runTask(box.lab, 'POST', `${vm}/status/stop`)
  await send(box.lab, 'PUT', `${vm}/config`, { form: { ide3: `local:iso/${iso},media=cdrom` } })
  await runTask(box.lab, 'POST', `${vm}/status/start`)
  const since = box.lab.requests.length
  succeeded(await box.run(['vm', 'detach'], { input: { name: 'web1' } }))
  const paths = box.writes(since).map(({ path }) => path)
  expect(paths).toContain('/nodes/pve/qemu/100/status/shutdown')
  expect(paths).not.toContain('/nodes/pve/qemu/100/status/stop')
})

test.concurrent('a clone has the tag and the note of the VM that it was made from, and is not ours', async () => {
  await using box = await openBox()
  succeeded(await box.run(['vm', 'create'], { input: { name: 'web1', disks: [{ size: '1G' }] } }))
  const { body } = await send(box.lab, 'GET', '/nodes/pve/qemu/100/config')
  const { tags, description } = body.data
  await send(box.lab, 'POST', '/nodes/pve/qemu', { form: { vmid: 101, name: 'clone', tags, description } })
  const end = await box.run(['vm', 'destroy'], { input: { vmid: 101 } })
  expect(end.document.error.code).toBe('PVE_VM_FOREIGN')
})

test.concurrent.each([
  { scsi1: 'local-lvm:3' },
  { description: 'mine' },
  { vmid: 777 },
  { delete: 'scsi0' },
  { tpmstate0: 'local-lvm:1' },
])('raw options that this tool looks after itself are refused: %j', async (options) => {
  await using box = await openBox()
  const end = await box.run(['vm', 'create'], { input: { name: 'web1', options } })
  expect(end.document.error).toMatchObject({ code: 'INPUT_INVALID' })
  expect(end.document.error.message).toContain(`/options/${Object.keys(options)[0]}`)
  expect(box.lab.requests).toEqual([])
})

test.concurrent('what others added to a VM stays when its values are changed', async () => {
  await using box = await openBox()
  const input = { name: 'web1', disks: [{ size: '1G' }], networks: [{ bridge: 'vmbr0', ip: 'dhcp' }] }
  succeeded(await box.run(['vm', 'create'], { input }))
  const { body } = await send(box.lab, 'GET', '/nodes/pve/qemu/100/config')
  const form = { net0: `${body.data.net0},firewall=1`, tags: `${body.data.tags};backup-daily` }
  await send(box.lab, 'PUT', '/nodes/pve/qemu/100/config', { form })
  expect(succeeded(await box.run(['vm', 'create'], { input })).changed).toBe(false)
  const changed = succeeded(
    await box.run(['vm', 'create'], { input: { ...input, tags: ['web'], memory: 4096 } }),
  )
  expect(changed.diff.map(({ what }) => what).sort()).toEqual(['memory', 'tags'])
  expect(box.config(100)).toMatch(/^tags: backup-daily;nci;web$/m)
  expect(box.config(100)).toMatch(/^net0: .*firewall=1/m)
})

test.concurrent('a system that cannot be built ends the run before the machine is installed, whatever else is under way', async () => {
  await using box = await openBox({ guestFaults: { bootHangs: true } })
  // Without the build's failure it would wait for the guest until its time is up.
  const end = await box.run(['provision'], {
    input: { ...box.host, flake: `${String(box.host.flake)}-missing` },
  })
  expect(end.document.error.code).toBe('FLAKE_NOT_FOUND')
  expect(statuses(end.document)['nixos.install']).toBeUndefined()
})

test.concurrent('programs that are missing are found before anything is touched', async () => {
  await using box = await openBox()
  const end = await box.run(['provision'], {
    input: { ...box.host, nixos_anywhere: '/nowhere/nixos-anywhere' },
  })
  expect(end.document.error.code).toBe('NIXOS_ANYWHERE_MISSING')
  expect(box.writes()).toEqual([])
})

test.concurrent('a hiccup of the guest agent ends nothing', async () => {
  await using box = await openBox()
  const reason = 'unable to connect to VM 100 qga socket - timeout after 31 retries'
  const path = '/nodes/*/qemu/*/agent/**'
  box.lab.faults.add({ path, times: 3, action: { answer: { status: 500, reason } } })
  expect(succeeded(await box.run(['provision'], { input: box.host })).warnings).toEqual([])
})

test.concurrent('a second Ctrl-C ends at once, with the document and without keys left behind', async () => {
  await using box = await openBox({ guestLatency: { copy: 3_600_000 } })
  const run = box.start(['provision'], { input: box.host, progress: 'ndjson' })
  await run.until({ step: 'nixos.install', phase: 'nixos-anywhere prepares' })
  run.signal('SIGINT')
  run.signal('SIGINT')
  const end = await run.ended
  expect(end.exitCode).toBe(130)
  expect(end.document.error.code).toBe('INTERRUPTED')
  expectNothingLeft(box)
})

test.concurrent('a man in the middle who comes in while the system is copied gets nothing', async () => {
  await using box = await openBox({ guestLatency: { copy: 300 } })
  const run = box.start(['provision'], { input: box.host })
  await run.until({ step: 'nixos.install', phase: 'copying the system' })
  box.guests.faults.foreignHostKey = true
  const end = await run.ended
  expect(end.document.error.code, end.stdout).toBe('SSH_HOST_KEY_MISMATCH')
  // Nobody is left who could clean up there.
  expect(end.document.error.details).toMatchObject({ cleaned: false })
  expectNothingLeft(box)
  box.guests.faults.foreignHostKey = undefined
  await expectProvisioned(box, succeeded(await box.run(['provision'], { input: box.host })))
})

test.concurrent('failed units of the new system are a warning that names them', async () => {
  await using box = await openBox({ guestFaults: { failedUnits: ['nginx.service', 'acme.timer'] } })
  const { warnings, output } = succeeded(await box.run(['provision'], { input: box.host }))
  expect(warnings).toEqual(['Some units failed: nginx.service, acme.timer.'])
  expect(output.system_state).toBe('degraded')
})

test.concurrent('a user who is not root installs through sudo', async () => {
  await using box = await openBox()
  const input = { ...box.host, ssh_user: 'nixos', system_ssh_user: 'root', ci_user: 'nixos' }
  await expectProvisioned(box, succeeded(await box.run(['provision'], { input })))
})
