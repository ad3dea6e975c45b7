/** The client of the guest agent against the real agent, on a socket instead of a machine's serial port. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AgentError } from '../../../src/lab/guest.ts'
import { AgentChannel } from '../../../src/lab/qemu/agent-channel.ts'
import { askAgent, type Parameters } from '../../../src/lab/qemu/agent-commands.ts'
import { guestAgent } from '../../support/qemu.ts'

describe.skipIf(guestAgent === undefined)('the guest agent', () => {
  const folder = mkdtempSync(join(tmpdir(), 'qga-'))
  const socketFile = join(folder, 'qga.sock')
  let agent: ChildProcess
  let socket: Socket
  let channel: AgentChannel
  const ask = (command: string, parameters: Parameters = {}): Promise<unknown> =>
    askAgent((...question) => channel.ask(...question), command, parameters)

  beforeAll(async () => {
    agent = spawn(
      guestAgent ?? '',
      ['-m', 'unix-listen', '-p', socketFile, '-t', folder, '-f', join(folder, 'pid')],
      {
        stdio: 'ignore',
      },
    )
    // The file is there a moment before anybody listens.
    for (let isOpen = false; !isOpen; ) {
      socket = createConnection(socketFile)
      isOpen = await once(socket, 'connect').then(
        () => true,
        () => setTimeout(20, false),
      )
    }
    // Left over from somebody else: half a command, and one that nobody waits for the answer of.
    socket.write('{"execute":"guest-ping"}\n{"execute": "guest-inf')
    channel = new AgentChannel(socket)
  })
  afterAll(() => {
    socket.destroy()
    agent.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })

  it('answers in the form of the API', async () => {
    expect(await ask('ping')).toEqual({ result: {} })
    const { result } = (await ask('network-get-interfaces')) as { result: { name: string }[] }
    expect(result.map(({ name }) => name)).toContain('lo')
    const os = (await ask('get-osinfo')) as { result: Record<string, string> }
    expect(os.result['kernel-release']).toBeTruthy()
  })

  it('writes and reads files byte for byte', async () => {
    const file = join(folder, 'file')
    const bytes = Buffer.from([...Array(256).keys()])
    expect(await ask('file-write', { file, content: bytes.toString('latin1') })).toBeNull()
    expect(readFileSync(file)).toEqual(bytes)
    expect(await ask('file-read', { file })).toEqual({ 'bytes-read': 256, content: bytes.toString('latin1') })
    const encoded = { 'bytes-read': 256, content: bytes.toString('base64') }
    expect(await ask('file-read', { file, decode: '0' })).toEqual(encoded)
  })

  it('reads a large file in pieces, up to 16 MiB', async () => {
    const file = join(folder, 'large')
    const bytes = Buffer.alloc(17 * 1024 ** 2, 'abcdefg')
    writeFileSync(file, bytes)
    const answer = (await ask('file-read', { file })) as Record<string, unknown>
    expect(answer).toMatchObject({ 'bytes-read': 16 * 1024 ** 2, truncated: 1 })
    expect(answer.content === bytes.toString('latin1', 0, 16 * 1024 ** 2)).toBe(true)
  })

  it('runs programs, gives them input, and tells what they print and how they end', async () => {
    const command = ['sh', '-c', 'cat; echo "$1" >&2; exit 3', 'sh', 'ä b']
    const { pid } = (await ask('exec', { command, 'input-data': 'in\xe4' })) as { pid: number }
    let status: Record<string, unknown>
    do status = (await ask('exec-status', { pid })) as Record<string, unknown>
    while (status.exited === 0)
    expect(status).toMatchObject({
      exited: 1,
      exitcode: 3,
      'out-data': 'in\xe4',
      'err-data': Buffer.from('ä b\n').toString('latin1'),
    })
  })

  it('says what it does not know, and what failed', async () => {
    await expect(ask('no-such-thing')).rejects.toMatchObject({
      reason: 'unsupported',
    } satisfies Partial<AgentError>)
    await expect(ask('file-read', { file: '/absent' })).rejects.toMatchObject({
      reason: 'failed',
      message: expect.stringContaining('No such file or directory'),
    })
  })

  it('answers several that ask at the same time', async () => {
    const answers = await Promise.all([ask('ping'), ask('get-host-name'), ask('ping'), ask('get-timezone')])
    expect(answers[0]).toEqual({ result: {} })
    expect(answers[1]).toHaveProperty('result.host-name')
    expect(answers[3]).toHaveProperty('result.offset')
  })

  it('is not running when it is silent, and runs again when it is not', async () => {
    agent.kill('SIGSTOP')
    const impatient = new AgentChannel(socket, { sync: 50, answer: 50 })
    await expect(impatient.ask('guest-ping')).rejects.toMatchObject({ reason: 'not-running' })
    agent.kill('SIGCONT')
    // It now answers what nobody waits for, and then what is asked.
    expect(await ask('ping')).toEqual({ result: {} })
  })
})
