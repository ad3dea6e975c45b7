import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runStep } from '../../src/core/run.ts'
import type { Inputs } from '../../src/core/step.ts'
import { validate } from '../../src/core/validate.ts'
import { vmCreate } from '../../src/steps/vm/create.ts'
import { finished, send } from '../lab/api-client.ts'
import { type Box, type Document, openBox } from '../support/lab.ts'

let box: Box
beforeEach(async () => {
  box = await openBox({ nodes: [{ name: 'pve1' }, { name: 'pve2' }] })
})
afterEach(() => box[Symbol.asyncDispose]())

type Values = Readonly<Record<string, unknown>>

/** Writes an inventory of these hosts, with the values of each. */
function inventory(hosts: Readonly<Record<string, Values>>): string {
  const file = join(box.folder, 'hosts.yml')
  const all = Object.fromEntries(
    Object.entries(hosts).map(([name, values]) => [
      name,
      { nixos_vm: { flake: `.#${name}`, node: 'pve1', ...values } },
    ]),
  )
  // JSON is YAML.
  writeFileSync(file, JSON.stringify({ all: { hosts: all } }))
  return file
}

/** Hosts with a VM each, by turns on one of the nodes. @returns the inventory */
async function created(...names: readonly string[]): Promise<string> {
  const hosts = Object.fromEntries(names.map((name, index) => [name, { node: `pve${(index % 2) + 1}` }]))
  for (const [name, { node }] of Object.entries(hosts)) await create({ name, node })
  return inventory(hosts)
}

async function create(values: Values): Promise<void> {
  const { port, tokenId, tokenSecret, fingerprint } = box.lab
  const connection = {
    api_host: `127.0.0.1:${port}`,
    api_token_id: tokenId,
    api_token_secret: tokenSecret,
    api_fingerprint: fingerprint,
  }
  const document: Record<string, unknown> = { ...connection, disks: [{ size: '1G' }], ...values }
  await validate('vm.create', document)
  await runStep(vmCreate, document as unknown as Inputs['vm.create'], {
    signal: new AbortController().signal,
    emit: () => undefined,
  })
}

function destroy(...words: readonly string[]) {
  return box.start(['vm', 'destroy', '--inventory-reader', 'yaml', ...words])
}

/** State by host. */
function statesOf({ ok, output, error }: Document): Record<string, string> {
  const { hosts } = ok ? output : (error.details.report as { hosts: { name: string; state: string }[] })
  return Object.fromEntries(hosts.map(({ name, state }: { name: string; state: string }) => [name, state]))
}

const writes = (since: number) => box.writes(since).map(({ method, path }) => `${method} ${path}`)

test('the VMs of an inventory go, running ones too, and a second run finds nothing to do', async () => {
  const file = await created('web1', 'web2', 'web3')
  await box.run(['vm', 'start', '--name', 'web2'])
  const end = await destroy('--inventory', file, '--yes').ended
  expect(end.exitCode).toBe(0)
  expect(statesOf(end.document)).toEqual({ web1: 'destroyed', web2: 'destroyed', web3: 'destroyed' })
  expect(end.document).toMatchObject({ step: 'teardown', changed: true })
  expect(box.vmids()).toEqual([])

  const since = box.lab.requests.length
  const again = (await destroy('--inventory', file, '--yes').ended).document
  expect(again).toMatchObject({ ok: true, changed: false })
  expect(statesOf(again)).toEqual({ web1: 'absent', web2: 'absent', web3: 'absent' })
  expect(box.lab.requests.slice(since).map(({ path }) => path)).toEqual(['/cluster/resources'])
})

test('check mode says what would go and what would be switched off, and changes nothing', async () => {
  const file = await created('web1', 'web2')
  await box.run(['vm', 'start', '--name', 'web2'])
  const since = box.lab.requests.length
  const { document, exitCode } = await destroy('--inventory', file, '--check').ended
  expect(exitCode).toBe(0)
  expect(statesOf(document)).toEqual({ web1: 'planned', web2: 'planned' })
  expect(document.output.hosts.map(({ node }: { node: string }) => node)).toEqual(['pve1', 'pve2'])
  expect(document).toMatchObject({ check: true, changed: true })
  expect(document.diff).toContainEqual({ what: 'vm', before: '100 (web1)' })
  expect(document.diff).toContainEqual({ what: 'status of 101', before: 'running', after: 'stopped' })
  expect(document.diff).toContainEqual({ what: 'volume', before: 'local-lvm:vm-100-disk-0' })
  expect(writes(since)).toEqual([])
  const listings = box.lab.requests.slice(since).filter(({ path }) => path === '/cluster/resources')
  expect(listings).toHaveLength(1)
})

test('a VM that somebody else created is left alone, and the others go', async () => {
  const file = await created('web1', 'web2')
  const { body } = await send(box.lab, 'POST', '/nodes/pve1/qemu', {
    form: { vmid: 900, name: 'theirs', memory: 64 },
  })
  await finished(box.lab, body.data)
  const hosts = inventory({ web1: {}, theirs: {}, web2: {}, nobody: {} })
  expect(hosts).toBe(file)
  const { document, exitCode } = await destroy('--inventory', file, '--yes').ended
  expect(exitCode).toBe(4)
  expect(document.error.code).toBe('TEARDOWN_FAILED')
  expect(document.error.message).toBe('The VMs of 1 of 4 hosts were not destroyed: theirs.')
  expect(statesOf(document)).toEqual({
    web1: 'destroyed',
    theirs: 'failed',
    web2: 'destroyed',
    nobody: 'absent',
  })
  const { hosts: rows } = document.error.details.report as { hosts: { error?: { code: string } }[] }
  expect(rows[1]?.error).toMatchObject({
    code: 'PVE_VM_FOREIGN',
    hint: expect.stringContaining('nci vm destroy --vmid'),
  })
  expect(box.vmids()).toEqual([900])
})

test('--limit leaves hosts out', async () => {
  const file = await created('web1', 'db1')
  const { document } = await destroy('--inventory', file, '--limit', 'web*', '--yes').ended
  expect(statesOf(document)).toEqual({ web1: 'destroyed' })
  expect(box.vmids()).toEqual([101])
})

test.each(['', ',', ':!web1'])('a --limit of which only %j is left destroys nothing', async (limit) => {
  const file = await created('web1', 'db1')
  const { document, exitCode } = await destroy('--inventory', file, '--limit', limit, '--yes').ended
  expect([exitCode, document.error.code]).toEqual([3, expect.stringMatching(/^(INPUT|LIMIT)_INVALID$/)])
  expect(box.vmids()).toEqual([100, 101])
})

test('without a terminal and without --yes nothing goes', async () => {
  const file = await created('web1')
  const since = box.lab.requests.length
  const { document, exitCode } = await destroy('--inventory', file).ended
  expect(exitCode).toBe(3)
  expect(document.error).toMatchObject({ code: 'TEARDOWN_UNCONFIRMED' })
  expect(document.error.message).toContain('1 VM would go')
  expect(statesOf(document)).toEqual({ web1: 'not_begun' })
  expect(writes(since)).toEqual([])
  // Where there is nothing to destroy there is nothing to ask.
  expect((await destroy('--inventory', inventory({ web9: {} })).ended).exitCode).toBe(0)
})

test('running VMs are left alone where that is asked for', async () => {
  const file = await created('web1', 'web2')
  await box.run(['vm', 'start', '--name', 'web2'])
  const { document } = await destroy('--inventory', file, '--yes', '--no-stop').ended
  expect(statesOf(document)).toEqual({ web1: 'destroyed', web2: 'failed' })
  expect(box.vmids()).toEqual([101])
})

test('a VM that was moved to another node is found there', async () => {
  await created('web1')
  const file = inventory({ web1: { node: 'pve2' } })
  expect(statesOf((await destroy('--inventory', file, '--yes').ended).document)).toEqual({
    web1: 'destroyed',
  })
})

describe('hosts whose document is wrong', () => {
  test('have their VM destroyed where it is plain which one it is', async () => {
    const file = await created('web1')
    inventory({ web1: { flake: undefined, memory: 'much' } })
    const { document } = await destroy('--inventory', file, '--yes').ended
    expect(statesOf(document)).toEqual({ web1: 'destroyed' })
  })

  test('keep it where the value that says so could not be had', async () => {
    await created('web1', 'web2')
    const file = inventory({ web1: { name: '{{ somewhere }}' }, web2: {} })
    const { document } = await destroy('--inventory', file, '--yes').ended
    expect(statesOf(document)).toEqual({ web1: 'failed', web2: 'destroyed' })
    expect(box.vmids()).toEqual([100])
  })

  test('do not share a VM', async () => {
    await created('web1')
    const file = inventory({ web1: {}, other: { name: 'web1' } })
    const { document } = await destroy('--inventory', file, '--yes').ended
    expect(Object.values(statesOf(document)).sort()).toEqual(['destroyed', 'failed'])
  })
})

test('a host that fails does not stop the others', async () => {
  const file = await created('web1', 'web2', 'web3')
  box.lab.faults.add({ task: 'qmdestroy', id: '101', action: { fail: 'volume is in use' } })
  const { document, exitCode } = await destroy('--inventory', file, '--yes', '--forks', '1').ended
  expect(exitCode).toBe(4)
  expect(statesOf(document)).toEqual({ web1: 'destroyed', web2: 'failed', web3: 'destroyed' })
})

test('--max-failures does', async () => {
  const file = await created('web1', 'web2', 'web3')
  box.lab.faults.add({ task: 'qmdestroy', id: '101', action: { fail: 'volume is in use' } })
  const { document } = await destroy('--inventory', file, '--yes', '--forks', '1', '--max-failures', '1')
    .ended
  expect(statesOf(document)).toEqual({ web1: 'destroyed', web2: 'failed', web3: 'not_begun' })
  expect(box.vmids()).toEqual([101, 102])
})

test('Ctrl-C ends it with a report of how far it came', async () => {
  const file = await created('web1', 'web2', 'web3')
  box.lab.faults.add({ task: 'qmdestroy', id: '101', action: { hang: true } })
  const run = destroy('--inventory', file, '--yes', '--forks', '1')
  await run.until({ step: 'vm.destroy', type: 'phase', phase: 'destroying VM 101' })
  run.signal('SIGINT')
  const { document, exitCode } = await run.ended
  expect(exitCode).toBe(130)
  expect(document.error.code).toBe('INTERRUPTED')
  expect(statesOf(document)).toEqual({ web1: 'destroyed', web2: 'failed', web3: 'not_begun' })
  expect(box.vmids()).not.toContain(100)
  expect(box.vmids()).toContain(102)
  box.lab.faults.clear()
  expect(statesOf((await destroy('--inventory', file, '--yes').ended).document)).toMatchObject({
    web1: 'absent',
    web3: 'destroyed',
  })
  expect(box.vmids()).toEqual([])
})

test('a run that is at a host is waited for', async () => {
  const file = await created('web1')
  await box.run(['vm', 'start', '--name', 'web1'])
  // It goes on with the VM, and waits for its installer.
  box.lab.faults.add({ path: '/nodes/*/qemu/*/agent/**', action: { hang: true } })
  const { iso_path } = box.host
  const values = { name: 'web1', node: 'pve1', disks: [{ size: '1G' }], flake: box.host.flake, iso_path }
  const provision = box.start(['provision'], { input: values })
  await provision.until({ step: 'vm.create', type: 'start' })
  const run = destroy('--inventory', file, '--yes')
  const { message } = (await run.until({ type: 'warning' })) as { message?: string }
  expect(message).toContain('Another run on this machine is at web1')
  expect(box.vmids()).toEqual([100])
  provision.signal('SIGINT')
  await provision.ended
  expect(statesOf((await run.ended).document)).toEqual({ web1: 'destroyed' })
})

test('a host that takes too long is given up, and the others are not', async () => {
  const file = await created('web1', 'web2')
  box.lab.faults.add({ task: 'qmdestroy', id: '100', action: { hang: true } })
  const { document } = await destroy('--inventory', file, '--yes', '--host-timeout', '5').ended
  expect(statesOf(document)).toEqual({ web1: 'failed', web2: 'destroyed' })
})

test('a cluster that cannot be asked is told once, and not of every host', async () => {
  const file = inventory({ web1: {}, web2: {} })
  const { document } = await box.run(
    ['vm', 'destroy', '--inventory', file, '--inventory-reader', 'yaml', '--yes'],
    {
      environment: { PROXMOX_TOKEN_SECRET: 'wrong' },
    },
  )
  expect(document.error.code).toBe('PVE_AUTH_FAILED')
})

describe('volumes that no configuration names', () => {
  async function stray(vmid: number, node: string): Promise<string> {
    const form = { vmid, filename: `vm-${vmid}-disk-7`, size: '1G' }
    return (await send(box.lab, 'POST', `/nodes/${node}/storage/local-lvm/content`, { form })).body.data
  }

  test('are listed and stay', async () => {
    const file = await created('web1', 'web2', 'web3')
    const volid = await stray(100, 'pve1')
    const planned = (await destroy('--inventory', file, '--check').ended).document
    expect(planned.output.hosts.map(({ unreferenced }: Values) => unreferenced)).toEqual([
      [volid],
      undefined,
      undefined,
    ])
    expect(planned.warnings).toEqual([expect.stringContaining(volid)])
    expect(planned.diff).not.toContainEqual({ what: 'volume', before: volid })

    const since = box.lab.requests.length
    const { document } = await destroy('--inventory', file, '--yes').ended
    expect(document.output.hosts[0]).toMatchObject({ state: 'destroyed', unreferenced: [volid] })
    // One listing of each storage of a node tells of all its VMs.
    const listings = box.lab.requests.slice(since).filter(({ path }) => path.endsWith('/content'))
    expect(listings.map(({ path }) => path).sort()).toEqual([
      '/nodes/pve1/storage/local-lvm/content',
      '/nodes/pve1/storage/local/content',
      '/nodes/pve2/storage/local-lvm/content',
      '/nodes/pve2/storage/local/content',
    ])
    expect(await volumes('pve1')).toEqual([volid])
  })

  test('are among the changes where they go as well', async () => {
    const file = await created('web1')
    const volid = await stray(100, 'pve1')
    const { document } = await destroy('--inventory', file, '--yes', '--unreferenced').ended
    expect(document.diff).toContainEqual({ what: 'volume', before: volid })
    expect(document.warnings).toEqual([])
    expect(await volumes('pve1')).toEqual([])
  })

  async function volumes(node: string): Promise<string[]> {
    const { body } = await send(box.lab, 'GET', `/nodes/${node}/storage/local-lvm/content`)
    return body.data.map(({ volid }: { volid: string }) => volid)
  }
})

test('every other VM of the cluster stays', async () => {
  await created('web1', 'web2')
  const file = inventory({ web1: {} })
  await destroy('--inventory', file, '--yes').ended
  expect(box.vmids()).toEqual([101])
})
