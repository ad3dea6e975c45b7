import { failed, messageOf } from '../api-error.ts'
import { download } from '../download.ts'
import { checksumOf, targetOf } from '../file-target.ts'
import { addressOf, openUrl } from '../open-url.ts'
import type { Call, Routes } from '../router.ts'

/** Files that the nodes fetch themselves. */
export const downloadRoutes: Routes = {
  'POST /nodes/{node}/storage/{storage}/download-url': downloadUrl,
  'GET /nodes/{node}/query-url-metadata': queryUrl,
}

function downloadUrl(call: Call): string {
  const { cluster, identity, node, parameters } = call
  const storage = cluster.storages.get(node, parameters.text('storage'))
  const name = targetOf(
    storage,
    parameters.text('content'),
    parameters.text('filename'),
    (content) => `storage '${storage.id}' is not configured for content-type '${content}'`,
  )
  const id = name.replace(/^.*\//, '')
  const wanted = {
    url: parameters.text('url'),
    file: storage.fileOf(name),
    shownFile: storage.shownFile(name),
    checksum: checksumOf(parameters),
    compression: parameters.get('compression'),
    verifyCertificates: parameters.get('verify-certificates') !== '0',
    bytesPerSecond: cluster.latency.downloadBytesPerSecond,
  }
  return cluster.tasks.start(
    node,
    'download',
    id,
    identity.id,
    (task) => download({ ...wanted, available: storage.available }, task),
    { interrupted: 'download failed: received interrupt' },
  )
}

async function queryUrl({ cluster, parameters }: Call): Promise<unknown> {
  const url = parameters.text('url')
  const verify = parameters.get('verify-certificates') !== '0'
  const { response } = await openUrl(url, verify, cluster.closing).catch((error: unknown) => {
    const reason = connectErrors[(error as NodeJS.ErrnoException).code ?? ''] ?? messageOf(error)
    throw failed(`invalid server response: '500 Can't connect to ${addressOf(new URL(url))} (${reason})'`)
  })
  response.destroy()
  if (response.statusCode !== 200) {
    throw failed(`invalid server response: '${response.statusCode} ${response.statusMessage}'`)
  }
  const {
    'content-length': size,
    'content-type': mimetype,
    'content-disposition': disposition,
  } = response.headers
  const named = /filename="?([^";]+)"?/.exec(disposition ?? '')?.[1]
  // Of what was asked for, not of where that led to.
  const filename = named ?? decodeURIComponent(new URL(url).pathname.replace(/^.*\//, ''))
  return {
    ...(filename === '' ? {} : { filename }),
    ...(mimetype === undefined ? {} : { mimetype }),
    ...(size === undefined ? {} : { size: Number(size) }),
  }
}

const connectErrors: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Connection refused',
  EAI_AGAIN: 'Temporary failure in name resolution',
  ENOTFOUND: 'Name or service not known',
}
