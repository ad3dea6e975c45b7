import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { finished, send } from '../lab/api-client.ts'
import { openBox } from '../support/lab.ts'
import { expectNothingLeft, expectProvisioned, statuses, succeeded } from './provisioned.ts'

test.concurrent('a host is taken from nothing to a proved NixOS, and left alone by the next run', async () => {
  await using box = await openBox()
  const first = succeeded(await box.run(['provision'], { input: box.host }))
  expect(first).toMatchObject({ step: 'provision', changed: true, check: false, warnings: [] })
  expect(first.output).toMatchObject({
    name: 'web1',
    node: 'pve',
    host: '192.0.2.21',
    port: 22,
    user: 'root',
  })
  await expectProvisioned(box, first)
  const before = box.lab.requests.length
  const second = succeeded(await box.run(['provision'], { input: box.host }))
  expect(second).toMatchObject({ changed: false, diff: [], warnings: [] })
  expect(box.writes(before)).toEqual([])
  const { steps: _, seconds: __, ...same } = second.output
  // Only a run that logs in knows how the system fares.
  const { steps: ___, seconds: ____, system_state: state, ...expected } = first.output
  expect(same).toEqual(expected)
  expect(state).toBe('running')
})

test.concurrent('check mode changes nothing before and finds nothing to do afterwards', async () => {
  await using box = await openBox()
  const before = succeeded(await box.run(['provision', '--check'], { input: box.host }))
  expect(before).toMatchObject({ changed: true, check: true })
  expect(statuses(before)).toMatchObject({ 'vm.create': 'planned', 'nixos.install': 'planned' })
  expect(box.writes()).toEqual([])
  expect(box.vmids()).toEqual([])
  const real = succeeded(await box.run(['provision'], { input: box.host }))
  const start = box.lab.requests.length
  const after = succeeded(await box.run(['provision', '--check'], { input: box.host }))
  expect(after).toMatchObject({ changed: false, check: true, diff: [] })
  // Whoever plans knows of an installed host what a run would return.
  const {
    steps: _,
    seconds: __,
    ...again
  } = succeeded(await box.run(['provision'], { input: box.host })).output
  expect(after.output).toMatchObject(again)
  expect(again).toMatchObject({
    host: '192.0.2.21',
    port: 22,
    user: 'root',
    known_hosts: [expect.any(String)],
  })
  expect(box.writes(start)).toEqual([])
  // What was announced for the VM is what was done.
  const keys = (document: typeof real) =>
    document.output.steps
      .find(({ step }: { step: string }) => step === 'vm.create')
      .diff.map(({ what }: { what: string }) => what)
  expect(keys(before)).toEqual(keys(real))
})

test.concurrent('a host with DHCP is found by its guest agent', async () => {
  await using box = await openBox()
  const host = { ...box.host, networks: [{ bridge: 'vmbr0', ip: 'dhcp' }] }
  const document = succeeded(await box.run(['provision'], { input: host }))
  expect(document.output.host).toMatch(/^\d+\.\d+\.\d+\.\d+$/)
  await expectProvisioned(box, document)
})

test.concurrent('hot detaching leaves the VM running and its drives empty', async () => {
  await using box = await openBox()
  const document = succeeded(await box.run(['provision'], { input: { ...box.host, detach: 'hot' } }))
  const { vmid } = document.output
  const stops = box.writes().filter(({ path }) => path.endsWith('/status/stop'))
  expect(stops).toEqual([])
  const { output } = succeeded(await box.run(['vm', 'info'], { input: { vmid } }))
  expect(output).toMatchObject({ status: 'running', owned: true })
  expect(output.iso).toBeUndefined()
  expect(output.cloud_init_drive).toBeUndefined()
  const start = box.lab.requests.length
  const again = succeeded(await box.run(['provision'], { input: { ...box.host, detach: 'hot' } }))
  expect(again.changed).toBe(false)
  expect(box.writes(start)).toEqual([])
})

test.concurrent('`detach: keep` keeps ISO and cloud-init drive', async () => {
  await using box = await openBox()
  const document = succeeded(await box.run(['provision'], { input: { ...box.host, detach: 'keep' } }))
  expect(statuses(document)['vm.detach']).toBe('skipped')
  const config = box.config(document.output.vmid)
  expect(config).toMatch(/^ide2: local:iso\/installer/m)
  expect(config).toMatch(/^ide0: .*cloudinit/m)
})

test.concurrent('an ISO that is on the storage is used as it is', async () => {
  await using box = await openBox()
  const iso = succeeded(await box.run(['iso', 'upload'], { input: { path: box.host.iso_path } }))
  const start = box.lab.requests.length
  const { iso_path: _, ...host } = box.host
  const document = succeeded(await box.run(['provision'], { input: { ...host, iso: iso.output.volid } }))
  expect(box.writes(start).some(({ path }) => path.endsWith('/upload'))).toBe(false)
  await expectProvisioned(box, document)
})

test.concurrent('two hosts at once get ids of their own, also where a third party takes one', async () => {
  await using box = await openBox()
  box.lab.faults.add({ vmidRace: true, times: 1 })
  const hosts = ['web1', 'web2'].map((name, index) => ({
    ...box.host,
    name,
    networks: [{ bridge: 'vmbr0', ip: `192.0.2.${61 + index}/24`, gateway: '192.0.2.1' }],
  }))
  const ends = await Promise.all(hosts.map((input) => box.run(['provision'], { input })))
  const documents = ends.map(succeeded)
  expect(new Set(documents.map(({ output }) => output.vmid)).size).toBe(2)
  expect(new Set(documents.map(({ output }) => output.host_key)).size).toBe(2)
  expect(box.vmids()).toHaveLength(3)
  expect(box.vmids().filter((vmid) => box.config(vmid).includes('name: somebody-else'))).toHaveLength(1)
  expect(box.isos()).toHaveLength(1)
  expectNothingLeft(box)
})

test.concurrent('a VM of the same name that is somebody else’s is left alone', async () => {
  await using box = await openBox()
  const form = { vmid: 100, name: 'web1', memory: 512 }
  await finished(box.lab, (await send(box.lab, 'POST', '/nodes/pve/qemu', { form })).body.data)
  const config = box.config(100)
  const start = box.lab.requests.length
  const { document, exitCode } = await box.run(['provision'], { input: box.host })
  expect([document.error.code, exitCode]).toEqual(['PVE_VM_FOREIGN', 4])
  expect(box.writes(start)).toEqual([])
  expect(box.config(100)).toBe(config)
})

test.concurrent('a VM that this run created is destroyed on failure, where that is asked for', async () => {
  await using box = await openBox()
  box.guests.faults.installFails = 'error: cannot install the boot loader'
  const end = await box.run(['provision'], { input: { ...box.host, on_failure: 'destroy' } })
  expect(end.exitCode).toBe(4)
  expect(end.document.error.code).toBe('INSTALL_FAILED')
  expect(end.document.error.details).toMatchObject({ name: 'web1', failed_step: 'nixos.install' })
  expect(end.document.error.details).not.toHaveProperty('vm_kept')
  expect(box.vmids()).toEqual([])
  expect(readdirSync(join(box.folder, 'pve', 'storage', 'local-lvm', 'images'))).toEqual([])
  box.guests.faults.installFails = undefined
  await expectProvisioned(box, succeeded(await box.run(['provision'], { input: box.host })))
})

test.concurrent('a VM is kept on failure, the result names it, and the next run goes on with it', async () => {
  await using box = await openBox()
  box.guests.faults.installFails = 'error: cannot install the boot loader'
  const { document } = await box.run(['provision'], { input: box.host })
  expect(document.error.details).toMatchObject({ vm_kept: { vmid: 100, node: 'pve' } })
  expect(statuses(document)).toMatchObject({ 'vm.create': 'changed', 'nixos.install': 'failed' })
  // It was not created by the run that fails next: nobody asked to destroy what was there before.
  const again = await box.run(['provision'], { input: { ...box.host, on_failure: 'destroy' } })
  expect(again.document.error.code).toBe('INSTALL_FAILED')
  expect(box.vmids()).toEqual([100])
  box.guests.faults.installFails = undefined
  const end = succeeded(await box.run(['provision'], { input: box.host }))
  expect(end.output.vmid).toBe(100)
  await expectProvisioned(box, end)
})
