import { multipart, send } from '../../api-client.ts'
import type { Observed } from '../compare.ts'
import type { Group } from '../group.ts'
import { knowDigests, recordedFile } from '../recorded-file.ts'
import type { Exchange, RecordedRequest } from '../recordings.ts'
import { observe } from '../replay.ts'
import { tokenHeader, type World } from '../world.ts'

const unprivileged = 'API token without any privilege'

/** Uploads, logins, contents of storages, of the older recording. */
export const uploads: Group = {
  name: 'uploads',
  source: 'recorded-exchanges',
  includes: isUploadOrAccess,
  setUp: async (world) => {
    knowDigests(world)
    for (const name of ['iso/a.iso', 'iso/e.img', 'iso/nixos-test.iso', 'iso/sp_ace__1_.iso']) {
      world.file('local', name, recordedFile.length)
    }
    world.identities.set('bad ticket', () => ({ cookie: 'PVEAuthCookie=PVE:root@pam:6B032F00::AAAA' }))
    world.identities.set('no CSRF token', async () => {
      const { csrfpreventiontoken: _, ...cookie } = await world.ticketOf('root@pam')
      return cookie
    })
    world.identities.set('bad secret', () => ({ authorization: 'PVEAPIToken=root@pam!tk=wrong' }))
    world.identities.set('unknown token', () => ({ authorization: 'PVEAPIToken=root@pam!ghost=wrong' }))
    world.identities.set('a token', () => tokenHeader('user1@pve!t2'))
  },
  order: ['content-get-one', 'content-list-iso', 'content-delete-ok'],
  prepare: {
    'token-create': async (world) => void (await world.ask('DELETE', '/access/users/user1@pve/token/t1')),
    'content-delete-ok': (world) => world.file('local', 'iso/c.iso', recordedFile.length),
  },
  request: {
    'auth-bad-ticket': as('bad ticket'),
    'auth-no-ticket': as('anonymous'),
    'csrf-missing': as('no CSRF token'),
    'token-bad-secret': as('bad secret'),
    'token-unknown': as('unknown token'),
    'token-not-allowed-for-ticket': as('a token'),
    'download-url-no-perm': as(unprivileged),
    'storage-list-no-perm': as(unprivileged),
    'upload-no-perm': () => ({
      ...uploadRequest,
      auth: unprivileged,
      filename: 'x.iso',
      'multipart-fields': { content: 'iso' },
    }),
    'upload-wrong-file-field': ({ request: recorded }) => ({
      ...recorded,
      'file-part-header': 'Content-Disposition: form-data; name="file"; filename="g.iso"',
    }),
    // The fields are recorded by name; Proxmox wants them in its own order.
    'upload-checksum-mismatch': inProxmoxOrder,
    'upload-checksum-without-algorithm': inProxmoxOrder,
    'upload-ok-sha256': inProxmoxOrder,
  },
  replay: {
    ...Object.fromEntries(
      [
        'alg,sum,content,file (wrong sum)',
        'content,alg,sum,file (wrong sum)',
        'content,file,alg,sum (wrong sum)',
        'file part with Content-Type before Content-Disposition',
        'unknown extra field before file',
      ].map((name) => [`upload-order/${name}`, uploadInParts]),
    ),
    'task-log-download': downloadLog,
  },
}

/** The rest of that recording is about machines. */
export function isUploadOrAccess(name: string): boolean {
  return /^(?:upload|auth-|token-|csrf-|storage-|download-url-|content-(?:delete-ok|get-one|list-iso)|task-log-download$)/.test(
    name,
  )
}

const uploadRequest = { method: 'POST', path: '/nodes/pve/storage/local/upload' }

function as(auth: string) {
  return ({ request: recorded }: Exchange): RecordedRequest => ({ ...recorded, auth })
}

function inProxmoxOrder({ request: recorded }: Exchange): RecordedRequest {
  const fields = recorded['multipart-fields'] ?? {}
  const names = ['content', 'checksum-algorithm', 'checksum'].filter((name) => name in fields)
  return {
    ...recorded,
    'multipart-fields': Object.fromEntries(names.map((name) => [name, fields[name] ?? ''])),
  }
}

/** Parts as their recorded headers say. */
async function uploadInParts(world: World, exchange: Exchange): Promise<Observed> {
  const { raw, contentType } = multipart(
    partHeaders(exchange.name).map((headers) => ({ headers, content: contentOf(headers) })),
  )
  // As long as the recorded one, since what is behind the file counts as a part of it.
  const withBoundary = (given: string) => given.replaceAll('----lab-test', '----lab-test'.padStart(39, '-'))
  const body = withBoundary(raw.toString('latin1'))
  const sent = { ...uploadRequest, body, 'content-type': withBoundary(contentType) }
  return await observe(world, sent, exchange)
}

const disposition = (name: string) => `Content-Disposition: form-data; name="${name}"`
const filePart = `${disposition('filename')}; filename="o.iso"`
const fileHeaders = `${filePart}\r\nContent-Type: application/octet-stream`

/** The names of these exchanges say which parts were sent. */
function partHeaders(name: string): string[] {
  if (name.includes('Content-Type before')) {
    return [disposition('content'), `Content-Type: application/octet-stream\r\n${filePart}`]
  }
  if (name.includes('unknown extra')) return [disposition('content'), disposition('foo'), fileHeaders]
  const parts = { alg: 'checksum-algorithm', sum: 'checksum', content: 'content' }
  return name
    .replace(/^upload-order\/| .*$/g, '')
    .split(',')
    .map((part) => (part === 'file' ? fileHeaders : disposition(parts[part as keyof typeof parts])))
}

function contentOf(headers: string): string | Buffer {
  if (headers.includes('filename')) return recordedFile
  if (headers.includes('checksum-algorithm')) return 'sha256'
  return headers.includes('checksum') ? '0'.repeat(64) : 'iso'
}

/** The log of a task with a warning, as a file. */
async function downloadLog(world: World): Promise<Observed> {
  await world.create(260, { memory: 128, kvm: 0, bios: 'ovmf' })
  const { data: upid } = (await world.ask('POST', '/nodes/pve/qemu/260/status/start')).body
  const path = `/nodes/pve/tasks/${encodeURIComponent(upid)}`
  const headers = await world.ticketOf('root@pam')
  for (;;) {
    const { body } = await send(world.lab, 'GET', `${path}/status`, { headers })
    if (body.data.status === 'stopped') break
  }
  const answer = await send(world.lab, 'GET', `${path}/log?download=1`, { headers })
  return {
    statusLine: `HTTP/1.1 ${answer.status} ${answer.reason}`,
    contentType: answer.headers['content-type'],
    body: answer.text,
  }
}
