import { expect, test } from 'vitest'
import { type Box, openBox, type Progress, until } from '../support/lab.ts'
import { expectProvisioned, succeeded } from './provisioned.ts'

interface Moment {
  readonly when: string
  readonly host?: Readonly<Record<string, unknown>>
  /** Makes the moment last long enough to be met. */
  prepare?(box: Box): void
  readonly at: Partial<Progress> | ((line: Progress) => boolean)
  /** A request that must have been made, where the progress does not tell. */
  readonly request?: RegExp
}

const boundaries: Moment[] = [
  'iso.download',
  'iso.upload',
  'nixos.build',
  'vm.create',
  'vm.start',
  'ssh.wait',
  'nixos.install',
  'vm.detach',
  'proof',
].map((step) => ({ when: `after ${step}`, at: { step, type: 'end' } }))

const middles: Moment[] = [
  {
    when: 'in the middle of the upload',
    host: { iso_path: 'large' },
    prepare: ({ lab }) => {
      lab.latency.uploadBytesPerSecond = 16 * 1024 * 1024
    },
    at: (line) => line.step === 'iso.upload' && (line.done ?? 0) > 8 * 1024 * 1024,
  },
  {
    when: 'while the uploaded ISO is moved in place',
    prepare: ({ lab }) => {
      lab.latency.copyMs = 500
    },
    at: (line) => line.step === 'iso.upload' && line.phase?.startsWith('uploading') === true,
  },
  {
    when: 'while the VM is created',
    prepare: ({ lab }) => {
      lab.latency.createMs = 1000
    },
    at: { step: 'vm.create', phase: 'creating VM 100' },
    request: /^POST \/nodes\/pve\/qemu$/,
  },
  {
    when: 'while the VM starts',
    prepare: ({ lab }) => {
      lab.latency.startMs = 500
    },
    at: { step: 'vm.start', phase: 'starting VM 100' },
  },
  {
    when: 'while the machine is looked at',
    at: { step: 'nixos.install', phase: 'looking at the machine' },
  },
  {
    when: 'while nixos-anywhere prepares',
    at: { step: 'nixos.install', phase: 'nixos-anywhere prepares' },
  },
  {
    when: 'while the disk is formatted',
    at: { step: 'nixos.install', phase: 'partitioning and formatting' },
  },
  {
    when: 'while the system is copied',
    prepare: ({ guests }) => {
      Object.assign(guests.latency, { copy: 200 })
    },
    at: { step: 'nixos.install', phase: 'copying the system' },
  },
  {
    when: 'while nixos-install works',
    prepare: ({ guests }) => {
      Object.assign(guests.latency, { install: 2000 })
    },
    at: { step: 'nixos.install', phase: 'installing NixOS' },
  },
  {
    when: 'while the result is looked at',
    at: { step: 'nixos.install', phase: 'proving the result' },
  },
  {
    when: 'while the VM stops',
    prepare: ({ lab }) => {
      lab.latency.stopMs = 500
    },
    at: { step: 'vm.detach', phase: 'stopping VM 100' },
  },
  {
    when: 'with the VM off and its drives on',
    prepare: ({ lab }) => {
      // The first change notes the start of the installation, the second its end.
      lab.faults.add({
        method: 'PUT',
        path: '/nodes/*/qemu/*/config',
        after: 2,
        times: 1,
        action: { delayMs: 300 },
      })
    },
    at: { step: 'vm.detach', phase: 'removing the drives' },
  },
  {
    when: 'while the system starts',
    prepare: ({ lab }) => {
      lab.faults.add({ task: 'qmstart', after: 1, times: 1, action: { delayMs: 500 } })
    },
    at: { step: 'vm.detach', phase: 'starting VM 100' },
  },
]

for (const { when, host, prepare, at, request } of [...boundaries, ...middles]) {
  test.concurrent(`a run that is killed ${when} is carried on as if it had not been`, async () => {
    await using box = await openBox()
    prepare?.(box)
    const input = {
      ...box.host,
      ...(host?.iso_path === 'large' ? { iso_path: box.sandbox.host.iso_path } : host),
    }
    const killed = box.start(['provision'], { input })
    await killed.until(at)
    if (request !== undefined)
      await until(() => box.lab.requests.some(({ method, path }) => request.test(`${method} ${path}`)))
    killed.signal('SIGKILL')
    expect((await killed.ended).signal).toBe('SIGKILL')
    const document = succeeded(await box.run(['provision'], { input }))
    // What it had started comes to its end by itself, where it did not make any more connections.
    await until(() => killed.alive().length === 0)
    await expectProvisioned(box, document)
  })
}

test.concurrent('a run that is killed while the machine reboots is carried on', async () => {
  await using box = await openBox()
  Object.assign(box.guests.latency, { reboot: 300 })
  const input = { ...box.host, detach: 'hot' }
  const killed = box.start(['provision'], { input })
  await killed.until({ step: 'nixos.install', phase: 'rebooting' })
  killed.signal('SIGKILL')
  await killed.ended
  const document = succeeded(await box.run(['provision'], { input }))
  expect(document.output).toMatchObject({ system_state: 'running' })
  expect(box.vmids()).toEqual([document.output.vmid])
  const again = succeeded(await box.run(['provision'], { input }))
  expect(again.changed).toBe(false)
})

test.concurrent('a run that is killed after the disk was formatted is carried on without formatting it again', async () => {
  await using box = await openBox({ guestLatency: { install: 2000 } })
  const killed = box.start(['provision'], { input: box.host })
  await killed.until({ step: 'nixos.install', phase: 'installing NixOS' })
  killed.signal('SIGKILL')
  await killed.ended
  const next = box.start(['provision'], { input: box.host })
  const document = succeeded(await next.ended)
  const phases = next.progress.filter(({ step }) => step === 'nixos.install').map(({ phase }) => phase)
  expect(phases).toContain('installing NixOS')
  expect(phases).not.toContain('partitioning and formatting')
  await expectProvisioned(box, document)
})

test.concurrent('a machine that stayed in the installer is rebooted by the next run', async () => {
  await using box = await openBox({ guestFaults: { rebootIgnored: true } })
  const input = { ...box.host, detach: 'hot' }
  const killed = box.start(['provision'], { input })
  await killed.until({ step: 'nixos.install', phase: 'rebooting' })
  killed.signal('SIGKILL')
  await killed.ended
  delete box.guests.faults.rebootIgnored
  const document = succeeded(await box.run(['provision'], { input }))
  expect(document.output).toMatchObject({ system_state: 'running' })
})
