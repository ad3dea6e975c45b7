import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadLoginKey } from '../../../src/ssh/keys.ts'
import { openSession } from '../../../src/ssh/session.ts'
import { checkHealth } from '../../../src/steps/nixos/health.ts'
import { recordingContext } from '../../support/context.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { writeProgram } from '../../support/program.ts'
import { hasSshd, startSshd } from '../../support/sshd.ts'

let folder: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  folder = temporaryFolder()
})
afterEach(() => folder[Symbol.dispose]())

/** What is found on a machine whose systemd is in these states, one after the other. */
async function check(states: readonly string[], { store = 'ext4', seconds = 60 } = {}) {
  const bin = join(folder.path, 'bin')
  mkdirSync(bin)
  const file = join(folder.path, 'states')
  writeFileSync(file, states.map((state) => `${state}\n`).join(''))
  // The last state stays.
  writeProgram(
    join(bin, 'systemctl'),
    `case "$*" in
*--failed*) echo 'nginx.service loaded failed failed A web server'; echo 'b.timer loaded failed failed x' ;;
*) head -n 1 '${file}'; [ "$(wc -l < '${file}')" -le 1 ] || sed -i 1d '${file}' ;;
esac`,
  )
  writeProgram(join(bin, 'awk'), `echo ${store}`)
  await using server = await startSshd(`SetEnv PATH=${bin}:/usr/bin:/bin`)
  const context = recordingContext()
  const address = { host: '127.0.0.1', port: server.port }
  const key = await loadLoginKey({ ssh_private_key_file: server.keyFile })
  const login = { address: { ...address, jump: undefined }, user: server.user, key, hostKey: server.hostKey }
  await using session = await openSession(login, context.signal)
  const outcome = await checkHealth(session, address, context, seconds).catch((error: unknown) => error)
  const warnings = context.events.flatMap((event) => (event.type === 'warning' ? [event.message] : []))
  return { outcome, warnings, left: existsSync(file) ? readFileSync(file, 'utf8') : '' }
}

describe.skipIf(!hasSshd)('the health of an installed system', () => {
  test('one that has started is running', async () => {
    expect(await check(['running'])).toMatchObject({ outcome: 'running', warnings: [] })
  })

  test('one that is starting is waited for', async () => {
    expect(await check(['initializing', 'starting', 'running'])).toMatchObject({
      outcome: 'running',
      left: 'running\n',
    })
  })

  test('one that does not finish starting in its time is no success', async () => {
    const { outcome } = await check(['starting'], { seconds: 0 })
    expect(outcome).toMatchObject({
      code: 'INSTALL_UNHEALTHY',
      message: expect.stringContaining('`starting`'),
    })
  })

  test('failed units are named', async () => {
    const { outcome, warnings } = await check(['degraded'])
    expect(outcome).toBe('degraded')
    expect(warnings).toEqual(['Some units failed: nginx.service, b.timer.'])
  })

  test.each(['maintenance', 'stopping'])('one in the state `%s` is no success', async (state) => {
    const { outcome } = await check([state])
    expect(outcome).toMatchObject({ code: 'INSTALL_UNHEALTHY', message: expect.stringContaining(state) })
  })

  test('of one without systemd nothing is known, and that is said', async () => {
    const { outcome, warnings } = await check(['offline'])
    expect(outcome).toBe('unknown')
    expect(warnings).toEqual([expect.stringContaining('says `offline`')])
  })

  test.each(['tmpfs', 'overlay', 'squashfs'])('one whose store is on %s runs from no disk', async (store) => {
    const { outcome } = await check(['running'], { store })
    expect(outcome).toMatchObject({ code: 'INSTALL_UNPROVEN', message: expect.stringContaining(store) })
  })
})
