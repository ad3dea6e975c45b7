import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readDiskContent } from '../../src/lab/simulated/disk-content.ts'
import { runTask, send } from '../lab/api-client.ts'
import { type Box, openBox } from '../support/lab.ts'
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

function content(box: Box) {
  return readDiskContent(join(box.folder, 'pve', 'storage', 'local-lvm', 'images', '100', 'vm-100-disk-0'))
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
