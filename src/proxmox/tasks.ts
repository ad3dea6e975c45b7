import { delay } from '../core/deadline.ts'
import { NciError } from '../core/errors.ts'
import type { Context } from '../core/step.ts'
import type { ProxmoxClient } from './client.ts'

interface TaskStatus {
  readonly status: 'running' | 'stopped'
  readonly exitstatus?: string
}

interface LogLine {
  readonly n: number
  readonly t: string
}

/** How a task ended that did not fail. */
export interface TaskEnd {
  readonly upid: string
  /** `WARNINGS: n` of the task's end: the lines of its log that begin with WARN. */
  readonly warnings: readonly string[]
}

const firstPause = 100
const longestPause = 2000
const shownLines = 12

/**
 * Starts a task and waits for it. Proxmox answers 200 when a task has begun; only its exit status tells how it went.
 * On abort the task is stopped: it is ours.
 *
 * @param request what the task does, to follow "Proxmox could not": `start the VM 101`
 * @param start makes the request that answers with the task's UPID
 * @param onLog is told the log's new lines while the task runs; costs a request a poll
 * @throws {NciError} `PVE_TASK_FAILED` with the end of the log in `details.log`
 */
export async function runTask(
  client: ProxmoxClient,
  context: Context,
  start: () => Promise<string>,
  onLog?: (line: string) => void,
): Promise<TaskEnd> {
  const upid = await start()
  const path = taskPath(upid)
  let seen = 0
  const readLog = async (): Promise<void> => {
    const lines = await client.get<LogLine[]>(`${path}/log`, 'read a task log', { start: seen, limit: 500 })
    for (const { n, t } of lines.filter((line) => line.n > seen && line.t !== 'no content')) {
      seen = n
      onLog?.(t)
    }
  }
  try {
    for (let pause = firstPause; ; pause = Math.min(longestPause, pause * 1.5)) {
      const task = await client.get<TaskStatus>(`${path}/status`, 'read the state of a task')
      if (onLog !== undefined) await readLog()
      if (task.status === 'stopped') return await ending(client, upid, task.exitstatus ?? 'unknown')
      await delay(pause, context.signal)
    }
  } catch (error) {
    if (context.signal.aborted) await stopTask(client, path)
    throw error
  }
}

async function ending(client: ProxmoxClient, upid: string, exitstatus: string): Promise<TaskEnd> {
  if (exitstatus === 'OK') return { upid, warnings: [] }
  const log = await lastLines(client, upid)
  if (/^WARNINGS: \d+$/.test(exitstatus)) {
    return { upid, warnings: log.filter((line) => /^(WARN|warning)/i.test(line)) }
  }
  const [, , , , , task = 'task', vmid = ''] = upid.split(':')
  throw new NciError('PVE_TASK_FAILED', {
    task: vmid === '' ? task : `${task} ${vmid}`,
    reason: exitstatus.trim(),
    upid,
    log,
  })
}

async function lastLines(client: ProxmoxClient, upid: string): Promise<string[]> {
  const lines = await client.get<LogLine[]>(`${taskPath(upid)}/log`, 'read a task log', {
    start: 0,
    limit: 5000,
  })
  return lines
    .map(({ t }) => t)
    .filter((line) => line !== 'no content')
    .slice(-shownLines)
}

async function stopTask(client: ProxmoxClient, path: string): Promise<void> {
  await client.delete(path, 'stop a task', {}, AbortSignal.timeout(5000)).catch(() => undefined)
}

/** `UPID:node:pid:pstart:starttime:type:id:user:` */
function taskPath(upid: string): string {
  return `/nodes/${upid.split(':')[1]}/tasks/${encodeURIComponent(upid)}`
}
