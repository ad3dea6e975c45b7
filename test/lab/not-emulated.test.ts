import { expect, it } from 'vitest'
import { send } from './api-client.ts'
import { newLab } from './new-lab.ts'

it('what the lab does not emulate is answered as an unknown path, and told to whoever runs it', async () => {
  const notices: string[] = []
  const { lab } = await newLab({ log: (line, isNotice) => isNotice && notices.push(line) })
  const known = await send(lab, 'GET', '/version')
  const replication = await send(lab, 'GET', '/cluster/replication')
  expect([known.status, replication.status, replication.reason]).toEqual([
    200,
    501,
    "Method 'GET /cluster/replication' not implemented",
  ])
  expect(replication.body).toEqual({ data: null, message: replication.reason })
  expect(notices).toEqual(['not emulated by the lab: GET /cluster/replication'])
})
