import { delay } from '../core/deadline.ts'
import { isNciError, NciError } from '../core/errors.ts'
import type { Context } from '../core/step.ts'
import type { ProxmoxClient } from './client.ts'
import { knownFailure } from './reasons.ts'
import { LogReader, readLogEnd, taskPath } from './task-log.ts'

export { readTaskLog } from './task-log.ts'

/** What a task is doing, or how it ended. */
export interface TaskStatus {
  readonly status: 'running' | 'stopped'
  readonly exitstatus?: string
}

/** How a task ended that did not fail. */
export interface TaskEnd {
  readonly upid: string
  /** `WARNINGS: n` of the task's end: the lines of its log that begin with WARN. */
  readonly warnings: readonly string[]
}

const firstPause = 100
const longestPause = 2000
/** The end of a task is noticed a fifth of its time too late at most. */
const growth = 1.25
const shownLines = 12
/** Warnings may stand far from the end. */
const searchedLines = 2000
/** A node that restarts is gone for some minutes; the task's end is to be known all the same. */
const nodePatience = { retries: 60, seconds: 600 }

/**
 * Starts a task and waits for it. Proxmox answers 200 when a task has begun; only its exit status tells how it went.
 * On abort the task is stopped: it is ours.
 *
 * @param request what the task does, to follow "Proxmox could not": `start the VM 101`
 * @param start makes the request that answers with the task's UPID
 * @param onLog is told the log's new lines while the task runs; costs a request a poll
 * @throws {NciError} `PVE_TASK_FAILED` with the end of the log in `details.log`, `PVE_TASK_STOPPED`, one of
 *   {@link knownFailure}, or `TIMEOUT` with the task that was waited for
 */
export async function runTask(
  client: ProxmoxClient,
  context: Context,
  start: () => Promise<string>,
  onLog?: (line: string) => void,
): Promise<TaskEnd> {
  const upid = await start()
  const log = onLog && new LogReader(client, upid)
  try {
    for (let pause = firstPause; ; pause = Math.min(longestPause, pause * growth)) {
      const task = await readTask(client, upid)
      for (const line of (await log?.newLines()) ?? []) onLog?.(line)
      if (task.status === 'stopped') return await ending(client, upid, task.exitstatus ?? 'unknown')
      await delay(pause, context.signal)
    }
  } catch (error) {
    if (context.signal.aborted) throw await abandoned(client, upid, context.signal.reason)
    throw error
  }
}

/** A task's state. One that its node knows nothing of any more has ended, nobody knows how. */
export async function readTask(client: ProxmoxClient, upid: string): Promise<TaskStatus> {
  try {
    const path = `${taskPath(upid)}/status`
    return await client.get<TaskStatus>(path, 'read the state of a task', undefined, nodePatience)
  } catch (error) {
    if (!isNciError(error, 'PVE_PARAMETER') || !/no such task/.test(String(error.details.reason))) throw error
    return { status: 'stopped', exitstatus: 'its node knows nothing of it any more' }
  }
}

async function ending(client: ProxmoxClient, upid: string, exitstatus: string): Promise<TaskEnd> {
  if (exitstatus === 'OK') return { upid, warnings: [] }
  if (/^WARNINGS: \d+$/.test(exitstatus)) {
    const lines = await readLogEnd(client, upid, searchedLines)
    return { upid, warnings: lines.filter((line) => /^(WARN|warning)/i.test(line)) }
  }
  const log = await readLogEnd(client, upid, shownLines)
  const task = nameOf(upid)
  const reason = exitstatus.trim()
  if (isStopped(reason)) {
    throw new NciError('PVE_TASK_STOPPED', { task, reason: stopWords[reason] ?? reason, upid, log })
  }
  const about = {
    request: `run the task \`${task}\``,
    vmid: upid.split(':')[6] ?? '',
    isAnswer: false,
    details: { task, upid, log },
  }
  throw knownFailure(reason, about) ?? new NciError('PVE_TASK_FAILED', { task, reason, upid, log })
}

/** What Proxmox says of a worker that did not come to its end: it was interrupted, or killed, or its node went down. */
const stopWords: Readonly<Record<string, string>> = {
  'unexpected status': 'its worker ended without a word',
  'unable to extract last line': 'its worker ended without a word',
}

function isStopped(exitstatus: string): boolean {
  return (
    exitstatus in stopWords ||
    /\b(received interrupt|interrupted by signal)$|^unable to (read tail|open file -)|^its node knows nothing/.test(
      exitstatus,
    )
  )
}

/** Stops a task that is not waited for any longer. The result is the error to end with. */
async function abandoned(client: ProxmoxClient, upid: string, reason: unknown): Promise<unknown> {
  const afterwards = client.with(AbortSignal.timeout(5000))
  const [lines, isStopped] = await Promise.all([
    readLogEnd(afterwards, upid, 1).catch(() => []),
    afterwards.delete(taskPath(upid), 'stop a task').then(
      () => true,
      () => false,
    ),
  ])
  if (!isNciError(reason, 'TIMEOUT')) return reason
  const last = lines.at(-1)
  const task = nameOf(upid)
  const told = last === undefined ? 'Its log is empty.' : `The last line of its log: ${last}`
  return new NciError(
    'TIMEOUT',
    {
      what: `${reason.details.what}, waiting for the Proxmox task \`${task}\` (${upid}),`,
      seconds: Number(reason.details.seconds),
      ...{ task, upid, log: lines, stopped: isStopped },
    },
    {
      cause: reason,
      hint: `The task was ${isStopped ? 'stopped' : 'left running: it could not be stopped'}. ${told} Give it longer with \`--timeout\`; running it again carries on.`,
    },
  )
}

/** `qmstart 101` */
function nameOf(upid: string): string {
  const [, , , , , type = 'task', id = ''] = upid.split(':')
  return id === '' ? type : `${type} ${id}`
}
