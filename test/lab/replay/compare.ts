import { compareValues, type Rules } from './compare-values.ts'
import { normalizeLog, normalizeText } from './normalize.ts'
import type { RecordedResponse, RecordedTask } from './recordings.ts'

/** What the lab answered, in the terms of the recordings. */
export interface Observed {
  /** `HTTP/1.1 200 OK`; `(no response)` where the connection was broken. */
  readonly statusLine: string
  readonly contentType?: string | undefined
  readonly body?: unknown
  readonly task?: { readonly exitstatus: string; readonly log: readonly string[] } | undefined
  readonly config?: Readonly<Record<string, unknown>> | undefined
  /** What cloud-init is to read afterwards. */
  readonly userData?: string | undefined
  /** The size of an uploaded file in its storage, and its name; empty where there is none. */
  readonly files?: string | undefined
  readonly parallel?: readonly Observed[]
}

/** What is different, in one line each; nothing where the lab agrees. */
export function compare(recorded: RecordedResponse, observed: Observed, rules: Rules): string[] {
  if (recorded.parallel !== undefined)
    return compareParallel(recorded.parallel, observed.parallel ?? [], rules)
  const differences = [
    ...compareTexts('status line', recorded['status-line'], observed.statusLine),
    ...compareContentType(recorded['content-type'], observed.contentType),
    ...compareBodies(recorded.body, observed.body, rules),
  ]
  if (isTask(recorded.task)) differences.push(...compareTasks(recorded.task, observed.task))
  if (recorded['config-afterwards'] !== undefined) {
    differences.push(...compareConfigs(recorded['config-afterwards'], observed.config, rules))
  }
  differences.push(...compareTexts('cloud-init', recorded['dump-user'], observed.userData))
  differences.push(...compareTexts('files', recorded['files-afterwards'], observed.files))
  return differences
}

/** Who wins is open: the answers are compared as sets. */
function compareParallel(
  recorded: readonly RecordedResponse[],
  observed: readonly Observed[],
  rules: Rules,
): string[] {
  const left = [...observed]
  const differences: string[] = []
  for (const response of recorded) {
    const index = left.findIndex((answer) => compare(response, answer, rules).length === 0)
    if (index >= 0) left.splice(index, 1)
    else differences.push(`no answer like ${response['status-line']} ${JSON.stringify(response.body)}`)
  }
  return [...differences, ...left.map(({ statusLine, body }) => `also ${statusLine} ${JSON.stringify(body)}`)]
}

function compareTexts(what: string, recorded: string | undefined, observed: string | undefined): string[] {
  if (recorded === undefined || normalizeText(recorded) === normalizeText(observed ?? '')) return []
  return [`${what}: ${recorded} | lab: ${observed}`]
}

function compareContentType(recorded: string | null | undefined, observed: string | undefined): string[] {
  if (recorded === undefined || (recorded ?? '') === (observed ?? '')) return []
  return [`content type: ${recorded} | lab: ${observed}`]
}

function compareBodies(recorded: unknown, observed: unknown, rules: Rules): string[] {
  if (recorded === undefined || recorded === null) return []
  if (typeof recorded === 'string')
    return compareTexts('body', recorded.trim(), String(observed ?? '').trim())
  return compareValues(recorded, observed, 'body', rules)
}

function isTask(task: RecordedTask | null | undefined): task is RecordedTask {
  return task?.status?.data?.exitstatus !== undefined
}

function compareTasks(recorded: RecordedTask, observed: Observed['task']): string[] {
  const differences = compareTexts(
    'task',
    recorded.status.data.exitstatus ?? '',
    observed?.exitstatus ?? '(none)',
  )
  if (recorded.log === undefined) return differences
  const expected = normalizeLog(recorded.log.data.map(({ t }) => t))
  const log = normalizeLog(observed?.log ?? [])
  const lines = Math.max(expected.length, log.length)
  for (let n = 0; n < lines; n++) {
    if (expected[n] !== log[n]) differences.push(`log: ${expected[n] ?? '(end)'} | lab: ${log[n] ?? '(end)'}`)
  }
  return differences
}

function compareConfigs(
  recorded: Readonly<Record<string, unknown>> | null,
  observed: Observed['config'],
  rules: Rules,
): string[] {
  if (recorded === null) return observed === undefined ? [] : ['config: (no VM) | lab: there is one']
  const differences: string[] = []
  for (const [name, value] of Object.entries(recorded)) {
    const ours = observed?.[name]
    if (value === '(absent)') {
      if (ours !== undefined) differences.push(`config.${name}: (absent) | lab: ${JSON.stringify(ours)}`)
    } else differences.push(...compareValues(value, ours, `config.${name}`, rules))
  }
  const whole = 'digest' in recorded ? /^/ : rules.wholeConfig
  for (const [name, value] of Object.entries(observed ?? {})) {
    if (whole?.test(name) && !(name in recorded))
      differences.push(`config.${name}: (absent) | lab: ${JSON.stringify(value)}`)
  }
  return differences
}
