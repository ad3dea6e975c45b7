import { spawn, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../support/folder.ts'
import { cleanEnvironment, nciPath } from '../../support/nci.ts'
import { freePort, makeKey } from '../../support/sshd.ts'

const hasScript = spawnSync('script', ['--version']).status === 0

/** Runs a shell command on a terminal of its own and gives what the terminal was sent. */
async function onTerminal(
  command: string,
  size = 'cols 100 rows 30',
): Promise<{ code: number | null; screen: string }> {
  using folder = temporaryFolder()
  const child = spawn('script', ['-qec', `stty ${size}; ${command}`, '/dev/null'], {
    env: cleanEnvironment({ TERM: 'xterm', NO_COLOR: '1' }),
    cwd: folder.path,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let screen = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text
  })
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, screen: plain(screen) }
}

/** Without cursor movements and colours. */
function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminals are controlled by them
  return text.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '').replaceAll('\r', '')
}

describe.skipIf(!hasScript)('on a real terminal', () => {
  async function wait(folder: string, rest: string): Promise<string> {
    const key = makeKey(folder, 'id')
    const port = await freePort()
    return `${nciPath} ssh wait --ssh-host 127.0.0.1 --ssh-port ${port} --expect any --ssh-private-key-file ${key} ${rest}`
  }

  test('a row shows the step with its phase, and how it ended; the document is readable', async () => {
    using folder = temporaryFolder()
    const { code, screen } = await onTerminal(await wait(folder.path, '--timeout 0.5'))
    expect(code).toBe(5)
    expect(screen).toContain('Wait until the guest can be logged in to — an address is known')
    expect(screen).toMatch(/Wait until the guest can be logged in to.*failed/)
    expect(screen).toContain('SSH_NOT_READY')
    expect(screen).toContain('{\n  "ok": false,\n  "step": "ssh.wait",')
  })

  test('standard output stays the document’s alone', async () => {
    using folder = temporaryFolder()
    const out = join(folder.path, 'out')
    const { screen } = await onTerminal(await wait(folder.path, `--timeout 0.5 > ${out}`))
    expect(screen).toContain('Wait until the guest can be logged in to')
    expect(screen).not.toContain('"ok"')
    expect(JSON.parse(readFileSync(out, 'utf8'))).toMatchObject({ error: { code: 'SSH_NOT_READY' } })
    expect(readFileSync(out, 'utf8')).toMatch(/^\{.*\}\n$/)
  })

  test('a terminal that can do nothing gets lines', async () => {
    using folder = temporaryFolder()
    const { screen } = await onTerminal(`TERM=dumb ${await wait(folder.path, '--timeout 0.5')}`)
    expect(screen).toContain('ssh.wait: an address is known, nothing answers there yet\n')
  })

  test('a terminal that does not know its size gets lines', async () => {
    using folder = temporaryFolder()
    const { screen } = await onTerminal(await wait(folder.path, '--timeout 0.5'), 'cols 0 rows 0')
    expect(screen).toContain('ssh.wait: an address is known, nothing answers there yet\n')
  })

  test('Ctrl-C ends the step with its document and 130, and gives the cursor back', async () => {
    using folder = temporaryFolder()
    const [out, done] = [join(folder.path, 'out'), join(folder.path, 'done')]
    const inner = await wait(folder.path, `> ${out}; echo $? > ${done}`)
    // What is typed reaches the terminal's foreground group, as a user's Ctrl-C does.
    const child = spawn('script', ['-qec', `stty cols 100 rows 30; ${inner}`, '/dev/null'], {
      env: cleanEnvironment({ TERM: 'xterm' }),
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    let sent = ''
    let typed = false
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      sent += text
      if (typed || !sent.includes('an address is known')) return
      typed = true
      child.stdin.write('\u0003')
    })
    await new Promise((resolve) => child.once('close', resolve))
    expect(JSON.parse(readFileSync(out, 'utf8'))).toMatchObject({
      error: { code: 'INTERRUPTED', message: 'Interrupted by SIGINT.' },
    })
    // The last word on the cursor is that it is shown.
    expect(sent.lastIndexOf('\u001b[?25h')).toBeGreaterThan(sent.lastIndexOf('\u001b[?25l'))
  })

  test('a warning and a success are shown after the rows', async () => {
    using folder = temporaryFolder()
    const iso = join(folder.path, 'a.iso')
    writeFileSync(iso, Buffer.concat([Buffer.alloc(16 * 2048 + 1), Buffer.from('CD001'), Buffer.alloc(4096)]))
    const { code, screen } = await onTerminal(`${nciPath} iso download --iso-path ${iso}`)
    expect(code).toBe(0)
    expect(screen).toMatch(/\(unchanged, \d+(\.\d)? s\)/)
    expect(screen).toContain('"downloaded": false')
  })
})
