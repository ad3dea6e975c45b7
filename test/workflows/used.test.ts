import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readDiskContent, writeDiskContent } from '../../src/lab/simulated/disk-content.ts'
import { installerVm } from '../errors/installer-vm.ts'
import { runTask, send } from '../lab/api-client.ts'
import { type Box, openBox, until } from '../support/lab.ts'
import { makeKey } from '../support/sshd.ts'
import { expectProvisioned, succeeded } from './provisioned.ts'

const vm = '/nodes/pve/qemu/100'

/** A host whose run ended between nixos-install and the note of it. */
async function unnoted(box: Box): Promise<void> {
  const path = '/nodes/*/qemu/*/config'
  box.lab.faults.add({ method: 'PUT', path, after: 1, action: { answer: { status: 500, reason: 'full' } } })
  const end = await box.run(['provision'], { input: box.host })
  expect(end.document.ok).toBe(false)
  box.lab.faults.clear()
  expect((await content(box)).installed).toBeDefined()
}

function disk(box: Box): string {
  return join(box.folder, 'pve', 'storage', 'local-lvm', 'images', '100', 'vm-100-disk-0')
}

function content(box: Box): ReturnType<typeof readDiskContent> {
  return readDiskContent(disk(box))
}

async function boot(box: Box, order: string): Promise<void> {
  await runTask(box.lab, 'POST', `${vm}/status/stop`)
  await send(box.lab, 'PUT', `${vm}/config`, { form: { boot: `order=${order}` } })
  await runTask(box.lab, 'POST', `${vm}/status/start`)
}

test.concurrent('a system that somebody booted by hand is adopted where it is the one that was sent', async () => {
  await using box = await openBox()
  await unnoted(box)
  const before = await content(box)
  await boot(box, 'scsi0')
  await expectProvisioned(box, succeeded(await box.run(['provision'], { input: box.host })))
  expect(await content(box)).toEqual(before)
})

test.concurrent('a machine that runs something that lets nobody in is neither switched off nor changed', async () => {
  await using box = await openBox()
  await unnoted(box)
  await boot(box, 'scsi0')
  box.guests.faultsOf(100).agentSilent = true
  const since = box.lab.requests.length
  const ssh_private_key_file = makeKey(box.folder, 'other')
  const input = { ...box.host, ssh_private_key_file, boot_timeout: 3 }
  const end = await box.run(['provision'], { input })
  expect(end.document.error?.code).toBe('INSTALL_UNCERTAIN')
  expect(box.writes(since)).toEqual([])
})

test.concurrent('a VM that is off and has a complete system on its disk is formatted only when that is said', async () => {
  await using box = await openBox()
  await unnoted(box)
  await runTask(box.lab, 'POST', `${vm}/status/stop`)
  const before = await content(box)
  const end = await box.run(['provision'], { input: box.host })
  expect(end.document.error).toMatchObject({
    code: 'INSTALL_DISK_NOT_BLANK',
    hint: expect.stringMatching(/`reinstall: true` for web1 alone.*boot the VM from its disk/),
  })
  expect(await content(box)).toEqual(before)
  await expectProvisioned(
    box,
    succeeded(await box.run(['provision'], { input: { ...box.host, reinstall: true } })),
  )
})

test.concurrent('a run that is killed while nixos-install works is carried on in another boot of the installer', async () => {
  await using box = await openBox({ guestLatency: { install: 2000 } })
  const killed = box.start(['provision'], { input: box.host })
  await killed.until({ step: 'nixos.install', phase: 'installing NixOS' })
  killed.signal('SIGKILL')
  await killed.ended
  await runTask(box.lab, 'POST', `${vm}/status/reset`)
  await expectProvisioned(box, succeeded(await box.run(['provision'], { input: box.host })))
})

/** Ends a run as soon as it says something, and boots its VM again. */
async function killed(box: Box, phase: string, host: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const run = box.start(['provision'], { input: { ...box.host, ...host } })
  await run.until({ step: 'nixos.install', phase })
  run.signal('SIGKILL')
  await run.ended
  await until(() => run.alive().length === 0)
}

for (const [when, phase, latency] of [
  ['disko', 'partitioning and formatting', {}],
  ['the copy', 'copying the system', { copy: 300 }],
] as const) {
  test.concurrent(`a run that is killed during ${when} is carried on in another boot of the installer`, async () => {
    await using box = await openBox({ guestLatency: latency })
    await killed(box, phase)
    await runTask(box.lab, 'POST', `${vm}/status/reset`)
    box.guests.latency.copy = 0
    await expectProvisioned(box, succeeded(await box.run(['provision'], { input: box.host })))
  })
}

test.concurrent('disks that an earlier run began with and that are pooled or encrypted since are not formatted again', async () => {
  await using box = await openBox({ guestLatency: { copy: 300 } })
  await killed(box, 'copying the system')
  await runTask(box.lab, 'POST', `${vm}/status/stop`)
  await writeDiskContent(disk(box), Buffer.from('LUKS\xba\xbe', 'latin1'))
  box.guests.latency.copy = 0
  const end = await box.run(['provision'], { input: box.host })
  expect(end.document.error).toMatchObject({ code: 'INSTALL_DISK_NOT_BLANK' })
  expect(end.document.error.message).toContain('crypto_LUKS')
  const input = { ...box.host, reinstall: true }
  await expectProvisioned(box, succeeded(await box.run(['provision'], { input })))
})

test.concurrent('a system other than the one that was sent is neither adopted nor switched off', async () => {
  await using box = await openBox()
  await unnoted(box)
  const { installed, ...rest } = await content(box)
  await runTask(box.lab, 'POST', `${vm}/status/stop`)
  const system = `/nix/store/${'0'.repeat(32)}-nixos-system-web1-deployed-since`
  if (installed !== undefined)
    await writeDiskContent(disk(box), { ...rest, installed: { ...installed, system } })
  await boot(box, 'scsi0')
  const since = box.lab.requests.length
  const end = await box.run(['provision'], { input: { ...box.host, reinstall: true } })
  expect(end.document.error).toMatchObject({ code: 'INSTALL_UNCERTAIN' })
  expect(end.document.error.message).toContain(system)
  expect(box.writes(since)).toEqual([])
})

test.concurrent('the wanted system with the right host key is not adopted where it runs on another machine', async () => {
  await using box = await openBox()
  await unnoted(box)
  await boot(box, 'scsi0')
  // Another VM, of which is noted that this very system was begun on it; it shows nothing of itself.
  const vmid = await installerVm(box, 'web2', '192.0.2.71', { wait: false })
  const { body } = await send(box.lab, 'GET', `${vm}/config`)
  const begun = /"disks":.*/.exec(String(body.data.description))?.[0]
  const path = `/nodes/pve/qemu/${vmid}/config`
  const own = await send(box.lab, 'GET', path)
  const description = String(own.body.data.description).replace(/\}$/, `,${begun}`)
  await send(box.lab, 'PUT', path, { form: { description } })
  box.guests.faultsOf(vmid).agentSilent = true
  const [{ ip }] = box.host.networks as [{ ip: string }]
  const since = box.lab.requests.length
  const end = await box.run(['provision'], {
    input: { ...box.host, name: 'web2', vmid, ssh_host: ip.split('/')[0], boot_timeout: 3 },
  })
  expect(end.document.error?.code, end.stdout).toBe('INSTALL_UNCERTAIN')
  expect(box.writes(since)).toEqual([])
})

test.concurrent('a VM that is off and boots its disk first is started, and adopted', async () => {
  await using box = await openBox()
  await unnoted(box)
  const before = await content(box)
  await boot(box, 'scsi0')
  await runTask(box.lab, 'POST', `${vm}/status/stop`)
  await expectProvisioned(box, succeeded(await box.run(['provision'], { input: box.host })))
  expect(await content(box)).toEqual(before)
})

test.concurrent('a VM that is off, boots its disk first and has nothing complete on it is carried on', async () => {
  await using box = await openBox({ guestLatency: { copy: 300 } })
  await killed(box, 'copying the system', { detach: 'hot' })
  await runTask(box.lab, 'POST', `${vm}/status/stop`)
  box.guests.latency.copy = 0
  const input = { ...box.host, detach: 'hot' }
  expect(succeeded(await box.run(['provision'], { input })).output).toMatchObject({ system_state: 'running' })
})
