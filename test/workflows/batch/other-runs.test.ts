import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { succeeded } from '../provisioned.ts'
import { type BatchBox, create, endings, expectAllProvisioned, openBatchBox, requests } from './batch-box.ts'

/** The document of a host of the batch, for a run of its own. */
function documentOf(box: BatchBox, name: string): Record<string, unknown> {
  const { all } = JSON.parse(readFileSync(box.inventory, 'utf8'))
  return { ...all.vars.nixos_vm_defaults, name, ...all.hosts[name].nixos_vm }
}

test.concurrent('a run for a single host waits for the batch that is at it', async () => {
  await using box = await openBatchBox({ hosts: ['web1'], latency: { createMs: 1000 } })
  const batch = box.start(box.words)
  await batch.until((line) => line.phase === 'creating VM 101')
  const single = await box.run(['provision'], { input: documentOf(box, 'web1') })
  const document = succeeded(single)
  expect(document.warnings).toContain('Another run on this machine is at web1: it is waited for.')
  expect(document.changed).toBe(false)
  expect(endings(await batch.ended)).toEqual({ web1: 'changed' })
  expectAllProvisioned(box, ['web1'])
  expect(requests(box, create)).toBe(1)
})

test.concurrent('who waits for a run that fails comes to the host when that has cleaned up', async () => {
  await using box = await openBatchBox({
    hosts: ['web1'],
    latency: { startMs: 500, destroyMs: 1000 },
    faults: [{ task: 'qmstart', times: 1, action: { fail: 'no memory' } }],
  })
  const words = [...box.words, '--on-failure', 'destroy']
  const first = box.start(words)
  await first.until({ step: 'vm.start', phase: 'starting VM 101' })
  const second = box.run(words)
  expect(endings(await first.ended)).toEqual({ web1: 'failed PVE_TASK_FAILED' })
  expect(endings(await second)).toEqual({ web1: 'changed' })
  expectAllProvisioned(box, ['web1'])
  expect(requests(box, create)).toBe(2)
})

test.concurrent('another VM that looks like one that was noted is not taken for it', async () => {
  await using box = await openBatchBox({ hosts: ['web1', 'web2'] })
  expect(endings(await box.run(box.words))).toEqual({ web1: 'changed', web2: 'changed' })
  // It was an hour ago.
  const notes = join(box.folder, '.local', 'state', 'nixos-cloud-init-installer', 'hosts.json')
  const text = readFileSync(notes, 'utf8')
  writeFileSync(
    notes,
    text.replace(/"at":(\d+)/g, (_, at) => `"at":${Number(at) - 3_600_000}`),
  )
  succeeded(await box.run(['vm', 'destroy'], { input: { vmid: 102, stop: true } }))
  const { flake: _, iso_path: __, ...vm } = documentOf(box, 'web2')
  succeeded(await box.run(['vm', 'create'], { input: vm }))
  succeeded(await box.run(['vm', 'start'], { input: { vmid: 102 } }))
  const again = await box.run(box.words)
  expect(endings(again), again.stderr).toEqual({ web1: 'unchanged', web2: 'changed' })
  expectAllProvisioned(box, ['web1', 'web2'])
})

test.concurrent('hosts that take any id leave alone what another one asks for', async () => {
  const names = ['any1', 'fixed1', 'any2']
  await using box = await openBatchBox({ hosts: names })
  const any = { vmid: null }
  // The one that it belongs to comes last: its ISO takes longer.
  box.write({ any1: any, any2: any, fixed1: { vmid: 101 } })
  box.lab.faults.add({ path: '/nodes/pve2/storage/*/upload', action: { delayMs: 500 } })
  const end = await box.run(box.words)
  expect(Object.values(endings(end)), end.stderr).toEqual(names.map(() => 'changed'))
  expect(box.config(101)).toMatch(/^name: fixed1$/m)
})
