import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runProgram } from '../../src/nix/process.ts'
import { temporaryFolder } from '../support/folder.ts'

/** Runs a shell script; `aborted` when it printed the line `ready`. */
async function run(script: string, abort = false, onAbort?: () => Promise<void>) {
  const lines: string[] = []
  const controller = new AbortController()
  const reason = new Error('stop')
  const outcome = await runProgram({
    file: '/bin/sh',
    arguments: ['-c', script],
    environment: { PATH: process.env.PATH, GREETING: 'hello' },
    signal: controller.signal,
    ...(onAbort === undefined ? {} : { onAbort }),
    onLine(line, stream) {
      lines.push(`${stream === 'stdout' ? 'O' : 'E'} ${line}`)
      if (abort && line === 'ready') controller.abort(reason)
    },
  }).catch((error: unknown) => error)
  return { outcome, lines, reason }
}

/** Whether a process is there; one that ended and is not yet waited for counts as gone. */
function isRunning(pid: string): boolean {
  const stat = `/proc/${pid}/stat`
  try {
    return existsSync(stat) && !/\) [ZX] /.test(readFileSync(stat, 'utf8'))
  } catch {
    return false
  }
}

test('the lines of both streams are given, the last one without its end too, and the exit code', async () => {
  const { outcome, lines } = await run('echo one; echo two >&2; echo $GREETING; printf three; exit 7')
  expect(outcome).toBe(7)
  expect(lines.filter((line) => line.startsWith('O'))).toEqual(['O one', 'O hello', 'O three'])
  expect(lines).toContain('E two')
})

test('the environment is the given one and nothing else', async () => {
  const { lines } = await run('env')
  expect(
    lines.map((line) => line.slice(2).split('=')[0]).filter((name) => name !== '_' && name !== 'PWD'),
  ).toEqual(expect.arrayContaining(['PATH', 'GREETING']))
  expect(lines.some((line) => line.startsWith('O HOME='))).toBe(false)
})

test('standard input is empty', async () => {
  expect((await run('cat; echo end')).lines).toEqual(['O end'])
})

test('a program that a signal ended has failed', async () => {
  expect((await run('kill -9 $$')).outcome).toBe(128)
})

test('a program that is not there is an ENOENT', async () => {
  const running = runProgram({
    file: '/nowhere/program',
    arguments: [],
    environment: {},
    signal: new AbortController().signal,
    onLine: () => undefined,
  })
  await expect(running).rejects.toMatchObject({ code: 'ENOENT' })
})

test('under an aborted signal nothing is started', async () => {
  using folder = temporaryFolder()
  const running = runProgram({
    file: '/bin/sh',
    arguments: ['-c', `touch ${join(folder.path, 'started')}`],
    environment: {},
    signal: AbortSignal.abort('early'),
    onLine: () => undefined,
  })
  await expect(running).rejects.toBe('early')
  expect(existsSync(join(folder.path, 'started'))).toBe(false)
})

test('an abort ends the program with its children, and is what is thrown', async () => {
  const { outcome, lines, reason } = await run('sleep 1000 & echo $! $$; echo ready; wait', true)
  expect(outcome).toBe(reason)
  const [child = '', self = ''] = lines[0]?.slice(2).split(' ') ?? []
  expect(child).toMatch(/^\d+$/)
  await expect.poll(() => [child, self].filter(isRunning)).toEqual([])
})

test('a child that ignores SIGTERM is ended as well', async () => {
  const stubborn = `sh -c 'trap "" TERM; echo $$; echo ready; while :; do sleep 1000; done' & wait`
  const { outcome, lines, reason } = await run(stubborn, true)
  expect(outcome).toBe(reason)
  await expect.poll(() => isRunning(lines[0]?.slice(2) ?? '')).toBe(false)
})

test('a program that ignores SIGTERM itself is killed when its time is over', async () => {
  const { outcome, lines, reason } = await run(
    `trap "" TERM; echo $$; echo ready; while :; do sleep 1000; done`,
    true,
  )
  expect(outcome).toBe(reason)
  await expect.poll(() => isRunning(lines[0]?.slice(2) ?? '')).toBe(false)
})

test('a program that cleans up on SIGTERM has the time for it', async () => {
  const script = `trap 'echo cleaned; exit 0' TERM; echo ready; while :; do sleep 0.01; done`
  const { outcome, lines, reason } = await run(script, true)
  expect(outcome).toBe(reason)
  expect(lines).toContain('O cleaned')
})

test('what a program leaves behind is ended, and is not waited for although it holds the output open', async () => {
  const { outcome, lines } = await run('sleep 1000 & echo $!; exit 3')
  expect(outcome).toBe(3)
  await expect.poll(() => isRunning(lines[0]?.slice(2) ?? '')).toBe(false)
})

test('what is to be done on abort is done after the group has ended, before the reason is thrown', async () => {
  let done = false
  const { outcome, reason } = await run('echo ready; exec sleep 1000', true, async () => {
    done = true
  })
  expect(outcome).toBe(reason)
  expect(done).toBe(true)
})

test('an end that was not asked for does nothing of what is to be done on abort', async () => {
  let done = false
  await run('exit 1', false, async () => {
    done = true
  })
  expect(done).toBe(false)
})

test('what has left the group is not waited for, although it holds the output open', async () => {
  const session = (pid: string): string => `$(cut -d' ' -f6 /proc/${pid}/stat)`
  const left = `while [ "${session('$!')}" = "${session('$$')}" ]; do :; done`
  const { outcome, lines } = await run(`setsid sleep 8 & ${left}; echo $!; exit 3`)
  const [child = ''] = lines[0]?.slice(2).split(' ') ?? []
  expect([outcome, isRunning(child)]).toEqual([3, true])
  process.kill(Number(child), 'SIGKILL')
})
