import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { text } from 'node:stream/consumers'
import { multipart } from '../../api-client.ts'
import type { Observed } from '../compare.ts'
import { type Group, inOrder } from '../group.ts'
import type { Exchange } from '../recordings.ts'
import { filesOf } from '../replay.ts'
import type { World } from '../world.ts'
import { addEarlierFiles, createDb1, createNixos1, createWeb1 } from './recorded-machines.ts'

const otherLength = 'a client that announces another length than it sends'
const shellListing = 'a listing of folders of the recording machine'

/** Contents of storages, and uploads of every kind. */
export const storage: Group = {
  name: 'storage',
  source: 'recorded-more',
  order: inOrder('storage', [
    ['get-disk', 'get-disk-qcow2', 'get-missing', 'get-bad-volid', 'get-not-encoded'],
    ['list-content-backup', 'list-content-bad', 'list-content-images', 'list-content-import'],
    ['list-content-snippets', 'list-content-two', 'list-vmid', 'list-vmid-content', 'list-vmid-iso'],
    ['list-vmid-unknown', 'alloc-again', 'alloc-name-wrong-vmid', 'delete-disk-full-volid'],
    ['delete-disk-in-use', 'delete-disk-short', 'config-after-disk-delete', 'start-after-disk-gone'],
    ['upload-ok', 'delete-full-volid', 'delete-short-volid', 'delete-name-only'],
    ['upload-second-while-first-same-name', 'content-while-upload-runs', 'upload-first-slow'],
  ]),
  setUp: async (world) => {
    await createNixos1(world)
    await createWeb1(world)
    await createDb1(world)
    await world.create(240, { memory: 256, kvm: 0, scsi0: 'local:1', scsi1: 'local:1,format=qcow2' })
    addEarlierFiles(world)
    const { csrfpreventiontoken: _, ...cookieOnly } = await world.ticketOf('root@pam')
    world.identities.set('ticket cookie without CSRFPreventionToken', () => cookieOnly)
  },
  prepare: {
    'storage/alloc-again': async (world) => {
      const form = { vmid: 240, filename: 'vm-240-disk-9.raw', size: '1G' }
      await world.ask('POST', '/nodes/pve/storage/local/content', form)
    },
    'storage/delete-short-volid': (world) => world.file('local', 'iso/up2.iso', 428_032),
    'storage/delete-name-only': (world) => world.file('local', 'iso/up3.iso', 428_032),
    'storage/upload-second-while-first-same-name': async (world) => {
      slowUploads.set(world, await beginSlowUpload(world))
    },
  },
  request: {
    'storage/upload-lf-only': (exchange) => asText(exchange, (body) => body.replaceAll('\r\n', '\n')),
    'storage/upload-trailing-garbage': (exchange) => asText(exchange, (body) => `${body}${'g'.repeat(9)}`),
  },
  replay: { 'storage/upload-first-slow': endSlowUpload },
  shapeOnly: { 'storage/content-while-upload-runs': 'what earlier uploads left' },
  excluded: {
    'storage/upload-content-length-*': otherLength,
    'storage/upload-leftovers': shellListing,
  },
  disagreements: {
    'storage/upload-lf-only': 'the lab wants the parts of a body to be separated by CR and LF',
    'storage/upload-tmpfilename-given':
      'an answer 400, which the real server sends too, but not always in time',
  },
}

/** The upload as a text, changed. */
function asText({ request: recorded }: Exchange, change: (body: string) => string): Exchange['request'] {
  const { filename, 'multipart-fields': fields, ...rest } = recorded
  const { raw, contentType } = multipart([
    ...Object.entries(fields ?? {}).map(([name, content]) => ({ headers: disposition(name), content })),
    {
      headers: `${disposition('filename')}; filename="${filename}"`,
      content: Buffer.alloc(recorded['file-bytes'] ?? 0),
    },
  ])
  return { ...rest, body: change(raw.toString('latin1')), 'content-type': contentType }
}

function disposition(name: string): string {
  return `Content-Disposition: form-data; name="${name}"`
}

interface SlowUpload {
  /** Sends the rest; resolves with the UPID. */
  readonly finish: () => Promise<string>
}

const slowUploads = new WeakMap<World, SlowUpload>()

/** Starts an upload and stops in its middle. */
async function beginSlowUpload(world: World): Promise<SlowUpload> {
  const { raw, contentType } = multipart([
    { headers: disposition('content'), content: 'iso' },
    { headers: `${disposition('filename')}; filename="up40.iso"`, content: Buffer.alloc(2_000_000) },
  ])
  const headers = {
    ...(await world.ticketOf('root@pam')),
    'content-type': contentType,
    'content-length': raw.length,
  }
  const url = `${world.lab.url}/api2/json/nodes/pve/storage/local/upload`
  const ca = readFileSync(world.lab.certificateFile)
  const sent = request(url, { method: 'POST', headers, ca, agent: false })
  const answer = once(sent, 'response')
  await new Promise((resolve) => sent.write(raw.subarray(0, 1_000_000), resolve))
  return {
    finish: async () => {
      sent.end(raw.subarray(1_000_000))
      const [response] = (await answer) as [IncomingMessage]
      return (JSON.parse(await text(response)) as { data: string }).data
    },
  }
}

async function endSlowUpload(world: World, exchange: Exchange): Promise<Observed> {
  const upid = (await slowUploads.get(world)?.finish()) ?? ''
  const { exitstatus, lines } = await world.finished(upid)
  const task = { exitstatus, log: lines }
  return { statusLine: 'HTTP/1.1 200 OK', body: { data: upid }, task, ...filesOf(world, exchange) }
}
