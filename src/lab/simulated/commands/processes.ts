/** The process table, and starting things beside the session. */
import type { GuestCommand } from '../shell.ts'
import { userOf } from './identity.ts'
import { runInner } from './inner-shell.ts'
import { parseWords, quote } from './words.ts'

const list: GuestCommand = (args, context, machine) => {
  const own = context.env.get('LAB_PID')
  const rows = [
    { pid: 1, user: 'root', args: '/run/current-system/systemd/lib/systemd/systemd' },
    {
      pid: 700,
      user: 'root',
      args: 'sshd: /run/current-system/sw/bin/sshd -D -f /etc/ssh/sshd_config [listener]',
    },
    ...machine.processes.list.map((one) => ({
      pid: one.pid,
      user: one.user,
      // A session's shell shows itself as such: the text of its script is no argument.
      args: String(one.pid) === own ? 'bash -s' : (one.args.split('\n')[0] ?? ''),
    })),
  ]
  const { options } = parseWords(args, ['o', 'p', 'C', 'u'])
  const columns = options.get('o')?.replace(/=/g, '')
  if (columns === undefined) {
    return `    PID TTY          TIME CMD\n${rows.map((row) => `${String(row.pid).padStart(7)} ?        00:00:00 ${row.args}\n`).join('')}`
  }
  const names = columns.split(',')
  const cell = (row: (typeof rows)[number], name: string) =>
    name === 'pid' ? String(row.pid) : name === 'user' ? row.user : row.args
  const heading = options.get('o')?.includes('=')
    ? ''
    : `${names.map((name) => (name === 'args' || name === 'cmd' ? 'COMMAND' : name.toUpperCase())).join(' ')}\n`
  return heading + rows.map((row) => `${names.map((name) => cell(row, name)).join(' ')}\n`).join('')
}

const kill: GuestCommand = (args, _context, machine) => {
  const pids = args.filter((arg) => /^\d+$/.test(arg)).map(Number)
  let missing = ''
  for (const pid of pids) {
    const target = machine.processes.find(pid)
    if (!target) missing += `kill: (${pid}) - No such process\n`
    else if (!args.includes('-0')) target.abort.abort()
  }
  return { stderr: missing, exitCode: missing === '' ? 0 : 1 }
}

/**
 * Starts a command that goes on when the session has ended. The shell runs `&` in the foreground, so `nohup`
 * and its like are what puts something in the background here.
 */
const detached =
  (takesValue: readonly string[]): GuestCommand =>
  (args, context, machine) => {
    const words = [...args]
    let delay = 0
    while (words[0]?.startsWith('-') || /^\w+=/.test(words[0] ?? '')) {
      const [option = '', value] = (words.shift() ?? '').split('=')
      const given = value ?? (takesValue.includes(option) ? words.shift() : undefined)
      if (option === '--on-active') delay = Number.parseFloat(given ?? '0')
      if (option === '--') break
    }
    const command = (delay > 0 ? `sleep ${delay}; ` : '') + quote(words)
    const user = userOf(context)
    const environment = { ...context.exportedEnv }
    machine.shell
      .run(command, { user, environment })
      .catch((error: unknown) => machine.log(String(error)))
      .then(() => machine.power.commandEnded())
    return ''
  }

const newSession: GuestCommand = async (args, context, machine) => {
  const words = args.filter((arg) => !/^(-w|--wait|-c|--ctty|-f|--fork)$/.test(arg))
  if (args.includes('-f') || args.includes('--fork')) return detached([])(words, context, machine)
  return runInner(context, quote(words), { stdin: 'inherit' })
}

const wrapper =
  (takesValue: readonly string[]): GuestCommand =>
  async (args, context) => {
    const words = [...args]
    while (words[0]?.startsWith('-')) if (takesValue.includes(words.shift() ?? '')) words.shift()
    return runInner(context, quote(words), { stdin: 'inherit' })
  }

export const processCommands: Record<string, GuestCommand> = {
  ps: list,
  kill,
  nohup: detached([]),
  'systemd-run': detached(['--unit', '-u', '-p', '--property', '--on-active', '--description']),
  setsid: newSession,
  nice: wrapper(['-n']),
  ionice: wrapper(['-c', '-n']),
}
