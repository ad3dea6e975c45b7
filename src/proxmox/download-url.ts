import { isNciError, NciError } from '../core/errors.ts'
import type { Context } from '../core/step.ts'
import type { ProxmoxClient } from './client.ts'
import { forbidden } from './forbidden.ts'
import { runTask } from './tasks.ts'
import { hideQueries, WgetLog } from './wget-log.ts'

/** An ISO on a storage of a node: one that is there, or one that is to be. */
export interface IsoPlace {
  readonly node: string
  readonly storage: string
  /** Of the file: `nixos.iso`. */
  readonly name: string
}

/** A file that a node is to fetch. */
export interface RemoteFile {
  readonly url: string
  /** Hexadecimal. */
  readonly sha256: string
  readonly verifyCertificates: boolean
}

/**
 * Has the node fetch a URL, with progress of bytes, and waits for it. What arrives is kept under another name until its
 * checksum is verified. A file that is there is not replaced: that is an error, or nothing to do where it is the same.
 *
 * @throws {NciError} `PVE_DOWNLOAD_FAILED`, `PVE_TASK_FAILED`
 */
export async function downloadUrl(
  client: ProxmoxClient,
  context: Context,
  place: IsoPlace,
  file: RemoteFile,
): Promise<void> {
  const log = new WgetLog()
  try {
    await runTask(
      client,
      context,
      () => start(client, place, file),
      (line) => context.emit(log.read(line) ?? { type: 'log', line: hideQueries(line) }),
    )
  } catch (error) {
    throw withPrivileges(explained(error, file.url), client, place)
  }
}

/**
 * Bytes of what a URL has, as far as the node can tell: it asks with `HEAD`, which not every server answers.
 *
 * @returns `undefined` where it cannot be told
 */
export async function urlSize(
  client: ProxmoxClient,
  node: string,
  file: RemoteFile,
): Promise<number | undefined> {
  try {
    return await askUrl(client, node, file)
  } catch (error) {
    if (isNciError(error, ...unanswered)) return undefined
    throw error
  }
}

/**
 * Makes sure that the node gets an answer from the URL, before something is given up for it.
 *
 * @throws {NciError} `PVE_DOWNLOAD_FAILED`; `PVE_FORBIDDEN` where the user may not have URLs fetched
 */
export async function requireUrl(client: ProxmoxClient, node: string, file: RemoteFile): Promise<void> {
  try {
    await askUrl(client, node, file)
  } catch (error) {
    if (!isNciError(error, 'PVE_REQUEST_FAILED', 'PVE_PARAMETER')) throw error
    const reason = hideQueries(String(error.details.reason)).replace(
      /^invalid server response: '(.*)'$/s,
      '$1',
    )
    throw new NciError(
      'PVE_DOWNLOAD_FAILED',
      { url: hideQueries(file.url), reason, log: [] },
      {
        cause: error,
        hint: 'Nothing was removed: a file is replaced only where the server answers the node, also to HEAD. Check the URL and that the node reaches it; or download it here and upload the file, or choose another `filename`.',
      },
    )
  }
}

async function askUrl(
  client: ProxmoxClient,
  node: string,
  { url, verifyCertificates }: RemoteFile,
): Promise<number | undefined> {
  const { size } = await client.get<{ size?: number }>(
    `/nodes/${node}/query-url-metadata`,
    'ask for the size of the URL',
    { url, 'verify-certificates': verifyCertificates },
  )
  return size
}

/** Of what ends a request that nothing depends on. */
const unanswered = [
  'PVE_FORBIDDEN',
  'PVE_PARAMETER',
  'PVE_REQUEST_FAILED',
  'PVE_BUSY',
  'PVE_TASK_STOPPED',
] as const

/** Nothing listens there; whatever did could only deliver the very file that is asked for. */
const nowhere = 'https://127.0.0.1:1/only-verifies-the-file-that-is-there'

/** What Proxmox says of a file: it is the one, it is another, or Proxmox does not say. */
export type Verdict = 'same' | 'other' | 'unknown'

/**
 * Has Proxmox verify the checksum of an ISO that is on a storage. It does so when it is asked to download something
 * under the name of a file that exists: it computes the file's checksum and ends well where it is the expected one, with
 * an error where it is not, and in neither case opens the URL or touches the file. Should the file vanish meanwhile, the
 * URL leads nowhere, and even then only content with this checksum could get the name. Reads only, therefore; but it is
 * a POST, and leaves a task in Proxmox's list of tasks: nothing for check mode.
 *
 * @returns `unknown` too where the user may not have URLs fetched
 */
export async function verifyOnNode(
  client: ProxmoxClient,
  context: Context,
  place: IsoPlace,
  sha256: string,
): Promise<Verdict> {
  // Of another name Proxmox would make one that it allows, and mean another file.
  if (!/^[A-Za-z0-9_.-]+\.(iso|img)$/i.test(place.name)) return 'unknown'
  try {
    await runTask(client, context, () =>
      start(client, place, { url: nowhere, sha256, verifyCertificates: true }),
    )
    return 'same'
  } catch (error) {
    if (isNciError(error, 'PVE_TASK_FAILED')) {
      return /^checksum mismatch: got /.test(String(error.details.reason)) ? 'other' : 'unknown'
    }
    if (isNciError(error, ...unanswered)) return 'unknown'
    throw error
  }
}

function start(
  client: ProxmoxClient,
  { node, storage, name }: IsoPlace,
  { url, sha256, verifyCertificates }: RemoteFile,
): Promise<string> {
  return client.post(
    `/nodes/${node}/storage/${storage}/download-url`,
    `download ${name} to storage ${storage}`,
    {
      content: 'iso',
      filename: name,
      url,
      checksum: sha256,
      'checksum-algorithm': 'sha256',
      'verify-certificates': verifyCertificates,
    },
  )
}

/** Of a check that several privileges together pass, Proxmox names none. */
function withPrivileges(error: unknown, client: ProxmoxClient, { node, storage }: IsoPlace): unknown {
  if (!isNciError(error, 'PVE_FORBIDDEN') || error.details.privilege !== undefined) return error
  const { request, reason } = error.details
  return forbidden({
    ...{ request: String(request), reason: String(reason), user: client.user, details: error.details },
    needs: `Datastore.AllocateTemplate on /storage/${storage} and Sys.AccessNetwork on /nodes/${node}`,
  })
}

/** The log of a failed download has the URL in it, and the query of a URL may be as good as a password. */
function explained(error: unknown, url: string): unknown {
  if (!isNciError(error, 'PVE_TASK_FAILED')) return error
  const log = (error.details.log as string[]).map(hideQueries)
  const reason = hideQueries(String(error.details.reason))
  const details = { ...(error.details as typeof error.details & { task: string; upid: string }), log }
  const [, failure] = /^download failed: (.*)/s.exec(reason) ?? []
  if (failure === undefined) return new NciError('PVE_TASK_FAILED', { ...details, reason })
  // wget says what went wrong in its log; its exit code is just a class of errors.
  const told = log.flatMap((line) => /\bERROR (\d{3}: .*?)\.?$/.exec(line)?.[1] ?? []).at(-1)
  return new NciError('PVE_DOWNLOAD_FAILED', {
    ...details,
    url: hideQueries(url),
    reason: failure.startsWith('exit code') ? (told ?? failure) : failure,
  })
}
