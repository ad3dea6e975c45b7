import { delay } from '../core/deadline.ts'
import type { Context } from '../core/step.ts'
import type { ProxmoxClient } from './client.ts'
import { readTask, readTaskLog } from './tasks.ts'

interface TaskRow {
  readonly upid: string
  readonly type: string
  readonly id?: string
  /** Absent while it runs. */
  readonly endtime?: number
}

/** The upload that a task is to be told by. */
interface Wanted {
  /** Whose tasks are ours, as in a UPID: `nci@pve`, `nci@pve!ci`. */
  readonly user: string
  readonly node: string
  readonly name: string
  /** Bytes. */
  readonly size: number
}

const pause = 200

/**
 * The tasks that put uploads in place, of this user or token and as far as the cluster remembers. They run on the node
 * that took the upload, whichever that is.
 */
export async function knownCopies(client: ProxmoxClient, user: string): Promise<ReadonlySet<string>> {
  const rows = await listTasks(client)
  const own = rows.filter(({ type, upid }) => type === 'imgcopy' && upid.split(':')[7] === user)
  return new Set(own.map(({ upid }) => upid))
}

/**
 * The task of an upload whose answer was lost: a new one of ours whose log says that what arrived has the checksum it was
 * sent with, and names the node, the file and its size. It does so at once when it has verified the checksum; one that
 * fails before leaves nothing, and is not looked for.
 *
 * @param known the tasks that were there before
 */
export async function startedCopy(
  client: ProxmoxClient,
  context: Context,
  wanted: Wanted,
  known: ReadonlySet<string>,
): Promise<string | undefined> {
  for (const upid of await knownCopies(client, wanted.user)) {
    if (!known.has(upid) && isOf(await wholeImport(client, context, upid), wanted)) return upid
  }
  return undefined
}

/**
 * Waits for tasks that are just putting a file of this name in place, whoever started them, as far as the user sees them
 * (those of others with `Sys.Audit` on their node). However they end: what they leave is to be looked at.
 *
 * @param waiting called once, when there is something to wait for
 * @returns whether there was
 */
export async function awaitCopies(
  client: ProxmoxClient,
  context: Context,
  name: string,
  waiting: () => void,
): Promise<boolean> {
  const running = (await listTasks(client)).filter(({ endtime }) => endtime === undefined)
  let found = false
  for (const { type, id, upid } of running) {
    if (type !== 'imgcopy' && !(type === 'download' && id === name)) continue
    // One that has not logged its target yet has not begun to write there.
    if (type === 'imgcopy' && (await importOf(client, upid)).file !== name) continue
    if (!found) waiting()
    found = true
    while ((await readTask(client, upid)).status === 'running') await delay(pause, context.signal)
  }
  return found
}

function listTasks(client: ProxmoxClient): Promise<TaskRow[]> {
  return client.get<TaskRow[]>('/cluster/tasks', 'list the tasks')
}

/** What the log of a task says about the upload that it puts in place. */
interface Import {
  readonly verified: boolean
  readonly node?: string
  readonly file?: string
  readonly size?: number
}

/** Waits until the log has told all of it, or the task has ended. */
async function wholeImport(client: ProxmoxClient, context: Context, upid: string): Promise<Import> {
  for (;;) {
    // The state first: what a task that has ended did not log, it never will.
    const { status } = await readTask(client, upid)
    const told = await importOf(client, upid)
    if (told.size !== undefined || status === 'stopped') return told
    await delay(pause, context.signal)
  }
}

async function importOf(client: ProxmoxClient, upid: string): Promise<Import> {
  const log = await readTaskLog(client, upid)
  const told = (label: string): string | undefined =>
    log.find((line) => line.startsWith(label))?.slice(label.length)
  const [node, path, size] = [told('target node: '), told('target file: '), told('file size is: ')]
  return {
    verified: log.includes('calculating checksum...OK, checksum verified'),
    ...(node === undefined ? {} : { node }),
    ...(path === undefined ? {} : { file: path.slice(path.lastIndexOf('/') + 1) }),
    ...(size === undefined ? {} : { size: Number(size) }),
  }
}

function isOf({ verified, node, file, size }: Import, wanted: Wanted): boolean {
  return verified && node === wanted.node && file === wanted.name && size === wanted.size
}
