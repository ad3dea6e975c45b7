import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from 'vitest'
import { readLabConfig } from '../../../src/commands/lab/lab-config.ts'
import type { LabDocument } from '../../../src/generated/types.ts'
import type { SandboxConfig } from '../../../src/lab/sandbox.ts'
import { temporaryFolder } from '../../support/folder.ts'

let folder: ReturnType<typeof temporaryFolder>
beforeAll(() => {
  folder = temporaryFolder()
})
afterAll(() => folder[Symbol.dispose]())

async function mistakeIn(config: unknown, isNew?: boolean): Promise<string> {
  const file = join(folder.path, 'lab.json')
  writeFileSync(file, JSON.stringify(config))
  return readLabConfig(file, isNew).then(
    () => 'none',
    (error: Error) => error.message.replace(/^The lab cannot run: its configuration \S+ /, ''),
  )
}

const node = { name: 'pve1' }

describe('a configuration of the lab that has a mistake below its first level', () => {
  test.each([
    [{ guests: 'qmu' }, '`/guests` must be one of `simulated`, `qemu`'],
    [{ version: '7' }, '`/version` must be one of `9.2`, `8.4`'],
    [{ latency: { creatMs: 5 } }, '`/latency/creatMs` is not known here (did you mean `createMs`?)'],
    [{ latency: { createMs: '5' } }, '`/latency/createMs` must be of type number'],
    [{ guestLatency: { prt: 5 } }, '`/guestLatency/prt` is not known here (did you mean `port`?)'],
    [{ guestFaults: { x: 1 } }, '`/guestFaults/x` is not known here'],
    [{ guestFaults: { diesDuring: 'dinner' } }, '`/guestFaults/diesDuring` must be one of `disko`, '],
    [{ faults: [{ tsk: 'qmstart' }] }, '`/faults/0/tsk` is not known here (did you mean `task`?)'],
    [
      { faults: [{ zzzzzzzz: 1 }] },
      '`/faults/0/zzzzzzzz` is not known here; `/faults/0` needs `path` or `task` or `vmidRace` or `nodeDown` or `noQuorum` or `storageFull` or `vmLock`',
    ],
    [{ faults: [{ task: 'qmstart' }] }, '`/faults/0/action` is missing'],
    [
      { faults: [{ task: 'qmstart', action: {} }] },
      '`/faults/0/action` needs `fail` or `warnings` or `hang` or `kill` or `delayMs`',
    ],
    [
      { faults: [{ noQuorum: true }, { task: '*', action: { fial: 'x' } }] },
      '`/faults/1/action/fial` is not known here (did you mean `fail`?)',
    ],
    [
      { faults: [{ task: '*', action: { delayMs: 'x' } }] },
      '`/faults/0/action/delayMs` must be of type number',
    ],
    [
      { faults: [{ task: '*', vmid: 100, action: { kill: true } }] },
      '`/faults/0/vmid` is not known here (did you mean `id`?)',
    ],
    [
      { faults: [{ path: '/nodes', method: 'post', action: { hang: true } }] },
      '`/faults/0/method` must be one of `GET`, `POST`, `PUT`, `DELETE`',
    ],
    [
      { faults: [{ path: '/nodes', action: { answer: { status: '500', reson: 'x' } } }] },
      '`/faults/0/action/answer/reason` is missing; `/faults/0/action/answer/reson` is not known here (did you mean `reason`?); `/faults/0/action/answer/status` must be of type integer',
    ],
    [{ faults: ['noQuorum'] }, '`/faults/0` must be of type object'],
    [{ nodes: [] }, '`/nodes` must have one node at least'],
    [{ nodes: [node, { name: 'pve2' }, node] }, '`/nodes` has `pve1` twice'],
    [{ users: [{ id: 'ci' }] }, '`/users/0/id` must look like `ci@pve`'],
    [
      { users: [{ id: 'ci@pve' }, { id: 'ci@pve' }], pools: ['a', 'a'] },
      '`/users` has `ci@pve` twice; `/pools` has `a` twice',
    ],
    [
      { users: [{ id: 'ci@pve' }], acl: [{ path: '/', id: 'cii@pve', role: 'PVEAdmn' }] },
      '`/acl/0/id` names a user, token or group that is not there, `cii@pve` (did you mean `ci@pve`?); `/acl/0/role` names a role that is not there, `PVEAdmn` (did you mean `PVEAdmin`?)',
    ],
    [
      { tokens: [{ id: 'ci@pve!nci', secret: 'x' }] },
      '`/tokens/0/id` names a user that is not there, `ci@pve`',
    ],
    [
      { version: '9.2', roles: { Mine: ['VM.Audit', 'VM.Monitor'] } },
      '`/roles/Mine` names a privilege that is not there, `VM.Monitor`',
    ],
    [{ faults: [{ nodeDown: 'pve2' }] }, '`/faults/0/nodeDown` names a node that is not there, `pve2`'],
    [
      { faults: [{ storageFull: 'locl' }] },
      '`/faults/0/storageFull` names a storage that is not there, `locl` (did you mean `local`?)',
    ],
  ])('%j is told', async (config, mistake) => {
    expect(await mistakeIn(config)).toContain(`is not valid: ${mistake}`)
  })

  test('has one error for all of them', async () => {
    const mistake = await mistakeIn({ guests: 'qmu', latency: { prt: 1 }, faults: [{ tsk: '*' }] })
    for (const place of ['/guests', '/latency/prt', '/faults/0/tsk']) expect(mistake).toContain(place)
  })
})

test('users and roles of an earlier run are not known from the file, and are not missed', async () => {
  const acl = [{ path: '/vms', id: 'earlier@pve', role: 'Earlier' }]
  expect(await mistakeIn({ acl }, true)).toContain('earlier@pve')
  expect(await mistakeIn({ acl }, false)).toBe('none')
})

test('a file that is not there, or is no object, is told in a sentence', async () => {
  const file = join(folder.path, 'nofile.json')
  await expect(readLabConfig(file)).rejects.toThrow(
    `The lab cannot run: its configuration ${file} cannot be read: there is no such file or folder.`,
  )
  expect(await mistakeIn([])).toBe('cannot be read: it is no JSON object.')
})

test('a configuration may say all that there is', async () => {
  const config: LabDocument = {
    version: '8.4',
    nodes: [{ name: 'a', cpus: 4, memoryBytes: 1e9, diskBytes: 1e9, bridges: ['vmbr1'] }, { name: 'b' }],
    storages: [{ id: 'nas', type: 'nfs', content: ['iso', 'images'], nodes: ['a'], shared: true }],
    pools: ['p'],
    users: [{ id: 'ci@pve', password: 'x', totp: 'JBSWY3DPEHPK3PXP' }],
    groups: [{ id: 'ops', members: ['ci@pve', 'root@pam'] }],
    tokens: [{ id: 'ci@pve!nci', secret: 'x', privilegeSeparation: true }],
    roles: { Mine: ['VM.Audit', 'VM.Monitor'] },
    acl: [
      { path: '/vms', id: '@ops', role: 'Mine' },
      { path: '/', id: 'ci@pve!nci', role: 'PVEAuditor', propagate: false },
    ],
    latency: { createMs: 0.5 },
    faults: [
      { path: '/nodes/*/qemu', method: 'POST', times: 1, action: { answer: { status: 500, reason: 'x' } } },
      { path: '/**', after: 2, action: { drop: 'upload', bytes: 1 } },
      { task: 'qmstart', id: '100', action: { warnings: ['x'] } },
      { vmidRace: true, vmid: 100, times: 1 },
      { nodeDown: 'b', how: 'refused' },
      { noQuorum: true },
      { storageFull: 'nas', node: 'a' },
      { vmLock: 'backup', vmid: 100 },
    ],
    guests: 'simulated',
    qemu: { maxCpus: 2 },
    guestLatency: { cloudInit: 1 },
    guestFaults: { diesDuring: 'disko', failedUnits: ['x.service'] },
    standIns: true,
    pace: 0.1,
  }
  expect(await mistakeIn(config)).toBe('none')
})

/** A type with all its names, and values of their plainest kinds. */
type Plain<Type> = Type extends string
  ? string
  : Type extends number
    ? number
    : Type extends boolean
      ? boolean
      : Type extends readonly (infer Entry)[]
        ? Plain<Entry>[]
        : { [Name in keyof Type]-?: Plain<Exclude<Type[Name], undefined>> }

test('the schema has the names that the lab knows, and no others (a matter of the compiler)', () => {
  expectTypeOf<LabDocument>().toExtend<SandboxConfig>()
  expectTypeOf<Plain<LabDocument>>().toExtend<Plain<SandboxConfig>>()
  expectTypeOf<Plain<SandboxConfig>>().toExtend<Plain<LabDocument>>()
})
