import { expect, test } from 'vitest'
import { startedCopy } from '../../src/proxmox/upload-task.ts'
import { connect, json, serve } from '../support/proxmox-server.ts'

const upid = 'UPID:pve:00002086:00040FF5:6B032F75:imgcopy::ci@pve!nci:'
const verified = [
  'starting file import from: /var/tmp/pveupload-a00ff18936a38c0f6c49cde540706b74',
  'calculating checksum...OK, checksum verified',
  'target node: pve',
  'target file: /var/lib/vz/template/iso/a.iso',
  'file size is: 428032',
  'command: cp -- /var/tmp/pveupload-a00ff18936a38c0f6c49cde540706b74 /var/lib/vz/template/iso/a.iso',
]
const wanted = { user: 'ci@pve!nci', node: 'pve', name: 'a.iso', size: 428032 }

/** What is found of one task with this log. */
async function found(asked: Partial<typeof wanted>, log = verified, known: string[] = []) {
  const server = await serve((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'https://pve')
    if (pathname.endsWith('/cluster/tasks')) return json(response, [{ upid, type: 'imgcopy', id: '' }])
    if (pathname.endsWith('/status')) return json(response, { status: 'stopped', exitstatus: 'OK' })
    return json(
      response,
      log.map((t, index) => ({ n: index + 1, t })),
    )
  })
  const { client, context } = connect(server.port, { api_token_id: 'ci@pve!nci' })
  return startedCopy(client, context, { ...wanted, ...asked }, new Set(known))
}

test('a new task of ours, whose log has verified the checksum of this file, is that of the lost answer', async () => {
  expect(await found({})).toBe(upid)
})

test.each([
  ['of the user himself', { user: 'ci@pve' }],
  ['of another token', { user: 'ci@pve!other' }],
  ['to another node', { node: 'pve2' }],
  ['to another name', { name: 'b.iso' }],
  ['of another size', { size: 428033 }],
])('a task %s is somebody else’s', async (_, asked) => {
  expect(await found(asked)).toBeUndefined()
})

test('a task that verified nothing is not taken for ours', async () => {
  const log = verified.filter((line) => !line.startsWith('calculating'))
  expect(await found({}, log)).toBeUndefined()
})

test('a task that was there before is not the one', async () => {
  expect(await found({}, verified, [upid])).toBeUndefined()
})
