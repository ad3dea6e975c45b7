import type { ProxmoxClient } from './client.ts'

interface LogLine {
  /** From 1. */
  readonly n: number
  readonly t: string
}

const longPage = 5000
const request = 'read a task log'

/** The lines of a task's log; of a very long one the beginning. */
export async function readTaskLog(client: ProxmoxClient, upid: string): Promise<string[]> {
  return textOf(await client.get<LogLine[]>(`${taskPath(upid)}/log`, request, { start: 0, limit: longPage }))
}

/** The last lines of a task's log, however long it is: in two requests at most. */
export async function readLogEnd(client: ProxmoxClient, upid: string, count: number): Promise<string[]> {
  const path = `${taskPath(upid)}/log`
  const { rows, total = rows.length } = await client.getPage<LogLine>(path, request, {
    start: 0,
    limit: count,
  })
  if (total <= rows.length) return textOf(rows)
  return textOf(await client.get<LogLine[]>(path, request, { start: total - count, limit: count }))
}

/** Reads a log that grows: each call gives the lines since the last one. */
export class LogReader {
  readonly #client: ProxmoxClient
  readonly #path: string
  #seen = 0

  constructor(client: ProxmoxClient, upid: string) {
    this.#client = client
    this.#path = `${taskPath(upid)}/log`
  }

  async newLines(): Promise<string[]> {
    const lines: string[] = []
    for (;;) {
      const page = await this.#client.get<LogLine[]>(this.#path, request, {
        start: this.#seen,
        limit: longPage,
      })
      const fresh = page.filter(({ n, t }) => n > this.#seen && t !== noContent)
      lines.push(...textOf(fresh))
      this.#seen = fresh.at(-1)?.n ?? this.#seen
      if (fresh.length < longPage) return lines
    }
  }
}

/** `UPID:node:pid:pstart:starttime:type:id:user:` */
export function taskPath(upid: string): string {
  return `/nodes/${upid.split(':')[1]}/tasks/${encodeURIComponent(upid)}`
}

/** What stands for an empty log. */
const noContent = 'no content'

function textOf(lines: readonly LogLine[]): string[] {
  return lines.map(({ t }) => t).filter((line) => line !== noContent)
}
