/** One session of a login: a command with its standard input, or a shell. */
import type { ServerChannel, Session } from 'ssh2'
import type { Machine } from './machine.ts'
import type { Outcome } from './shell.ts'

export interface SessionOptions {
  readonly machine: Machine
  readonly user: string
  /** `SSH_CONNECTION` */
  readonly connection: string
  /** `false` when the connection has been cut instead. */
  readonly begin: () => boolean
}

export function serveSession(session: Session, options: SessionOptions): void {
  let terminal = false
  session.on('pty', (accept) => {
    terminal = true
    accept?.()
  })
  session.on('env', (accept) => accept?.())
  session.on('window-change', (accept) => accept?.())
  session.on('exec', (accept, _reject, info) => {
    if (options.begin()) void runCommand(accept(), info.command, terminal, options)
  })
  session.on('shell', (accept) => {
    if (options.begin()) void (terminal ? converse : runScript)(accept(), options)
  })
  session.on('subsystem', (_accept, reject) => reject?.())
}

async function runCommand(
  channel: ServerChannel,
  command: string,
  terminal: boolean,
  options: SessionOptions,
): Promise<void> {
  const input = collect(channel)
  const { shell } = options.machine
  const stdin = !terminal && shell.readsStdin(command) ? await input : Buffer.alloc(0)
  await answer(channel, command, stdin, options)
}

/** `ssh host < script`: a shell that reads its commands from standard input. */
async function runScript(channel: ServerChannel, options: SessionOptions): Promise<void> {
  await answer(channel, 'sh -s', await collect(channel), options)
}

async function answer(
  channel: ServerChannel,
  command: string,
  stdin: Buffer,
  options: SessionOptions,
): Promise<void> {
  let outcome: Outcome
  try {
    outcome = await run(command, stdin, options)
  } catch (error) {
    outcome = { stdout: '', stderr: `${error}\n`, exitCode: 254, binary: false }
  }
  if (channel.destroyed || !channel.writable) return options.machine.power.commandEnded()
  channel.stderr.write(outcome.stderr)
  const { stdout, binary } = outcome
  channel.write(Buffer.from(stdout, binary ? 'latin1' : 'utf8'), () => {
    channel.exit(outcome.exitCode)
    channel.end()
    options.machine.power.commandEnded()
  })
}

/** A person at the prompt: one line at a time, no job control, no editing but backspace. */
async function converse(channel: ServerChannel, options: SessionOptions): Promise<void> {
  const { machine, user } = options
  const prompt = () => channel.write(`\r\n[${user}@${machine.hostname}:~]# `)
  const text = (value: string) => value.replaceAll('\n', '\r\n')
  channel.write(text(await machine.fs.readFile('/etc/motd').catch(() => '')))
  prompt()
  let line = ''
  for await (const chunk of channel as AsyncIterable<Buffer>) {
    for (const key of chunk.toString()) {
      if (key === '\u0004' && line === '') {
        channel.exit(0)
        return void channel.end()
      }
      if (key === '\u007f') {
        if (line !== '') channel.write('\b \b')
        line = line.slice(0, -1)
      } else if (key === '\r' || key === '\n') {
        channel.write('\r\n')
        if (line.trim() === 'exit' || line.trim() === 'logout') {
          channel.exit(0)
          return void channel.end()
        }
        if (line.trim() !== '') {
          const outcome = await run(line, Buffer.alloc(0), options)
          channel.write(text(outcome.stdout + outcome.stderr).replace(/\r\n$/, ''))
          options.machine.power.commandEnded()
        }
        line = ''
        prompt()
      } else if (key === '\u0003') {
        line = ''
        prompt()
      } else {
        channel.write(key)
        line += key
      }
    }
  }
}

function run(command: string, stdin: Buffer, options: SessionOptions): Promise<Outcome> {
  const [clientAddress = '', clientPort = ''] = options.connection.split(' ')
  return options.machine.shell.run(command, {
    user: options.user,
    stdin,
    environment: {
      SSH_CONNECTION: options.connection,
      SSH_CLIENT: `${clientAddress} ${clientPort} 22`,
    },
  })
}

function collect(channel: ServerChannel): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    channel.on('data', (chunk: Buffer) => chunks.push(chunk))
    const done = () => resolve(Buffer.concat(chunks))
    channel.once('end', done)
    channel.once('close', done)
  })
}
