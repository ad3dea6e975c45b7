/** The guest agent as Proxmox's API shows it: commands with the API's parameters, answers in the API's form. */
import { AgentError } from '../guest.ts'

export type Parameters = Readonly<Record<string, unknown>>
/** Asks the agent itself: {@link AgentChannel.ask}. */
export type Ask = (command: string, parameters?: Parameters, answers?: boolean) => Promise<unknown>

/** What file-read returns at most, and what it takes at a time. */
const maxRead = 16 * 1024 ** 2
const chunkBytes = 1024 ** 2

/** A system that obeys does not answer any more. */
const silentCommands = new Set(['shutdown', 'suspend-disk', 'suspend-ram', 'suspend-hybrid'])

/** Has a command done. Throws an {@link AgentError}. */
export async function askAgent(ask: Ask, command: string, parameters: Parameters): Promise<unknown> {
  switch (command) {
    case 'exec':
      return execute(ask, parameters)
    case 'exec-status':
      return executionStatus(ask, parameters)
    case 'file-read':
      return readFile(ask, parameters)
    case 'file-write':
      return writeFile(ask, parameters)
    case 'set-user-password':
      return { result: await setPassword(ask, parameters) }
    default:
      return { result: (await ask(`guest-${command}`, undefined, !silentCommands.has(command))) ?? null }
  }
}

async function execute(ask: Ask, parameters: Parameters): Promise<unknown> {
  const { command, 'input-data': input } = parameters
  const [path, ...words] = Array.isArray(command) ? command.map(String) : String(command ?? '').split('\0')
  return ask('guest-exec', {
    path,
    arg: words,
    'capture-output': true,
    ...(input === undefined ? {} : { 'input-data': Buffer.from(String(input), 'latin1').toString('base64') }),
  })
}

async function executionStatus(ask: Ask, parameters: Parameters): Promise<unknown> {
  const status = (await ask('guest-exec-status', { pid: Number(parameters.pid) })) as Record<string, unknown>
  const decoded = Object.entries(status).map(([name, value]) => {
    if (name === 'out-data' || name === 'err-data') return [name, fromBase64(value)]
    return [name, typeof value === 'boolean' ? Number(value) : value]
  })
  return Object.fromEntries(decoded)
}

async function readFile(ask: Ask, parameters: Parameters): Promise<unknown> {
  const handle = await ask('guest-file-open', { path: parameters.file, mode: 'r' })
  try {
    const chunks: Buffer[] = []
    let [bytes, eof] = [0, false]
    while (!eof && bytes < maxRead) {
      const count = Math.min(chunkBytes, maxRead - bytes)
      const chunk = (await ask('guest-file-read', { handle, count })) as { 'buf-b64': string; eof: boolean }
      const buffer = Buffer.from(chunk['buf-b64'], 'base64')
      chunks.push(buffer)
      bytes += buffer.length
      eof = chunk.eof
    }
    const content = Buffer.concat(chunks)
    const decode = !['0', 0, false].includes(parameters.decode as string | number | boolean)
    return {
      'bytes-read': bytes,
      content: content.toString(decode ? 'latin1' : 'base64'),
      ...(eof ? {} : { truncated: 1 }),
    }
  } finally {
    await close(ask, handle)
  }
}

async function writeFile(ask: Ask, parameters: Parameters): Promise<null> {
  const handle = await ask('guest-file-open', { path: parameters.file, mode: 'wb' })
  try {
    const content = Buffer.from(String(parameters.content ?? ''), 'latin1').toString('base64')
    await ask('guest-file-write', { handle, 'buf-b64': content })
  } finally {
    await close(ask, handle)
  }
  return null
}

/** Where that fails, the file is the guest's problem; what was read or written is not worse for it. */
async function close(ask: Ask, handle: unknown): Promise<void> {
  await ask('guest-file-close', { handle }).catch((error: unknown) => {
    if (!(error instanceof AgentError)) throw error
  })
}

async function setPassword(ask: Ask, parameters: Parameters): Promise<unknown> {
  const { username, password, crypted } = parameters
  return ask('guest-set-user-password', {
    username,
    password: Buffer.from(String(password ?? ''), 'utf8').toString('base64'),
    crypted: ['1', 1, true].includes(crypted as string | number | boolean),
  })
}

/** Proxmox hands bytes on as Latin-1. */
function fromBase64(value: unknown): string {
  return Buffer.from(String(value), 'base64').toString('latin1')
}
