import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Figure } from './figures.ts'
import { type Cost, cost, median } from './measure.ts'

const root = join(import.meta.dirname, '..', '..')
const tasks = 10

/**
 * What a task costs beyond the engine itself: the same call by the module and by hand, and beside it a task that does
 * nothing at all, which shows Ansible's own share.
 */
export async function ansible(): Promise<Figure[]> {
  const program = ansiblePlaybook()
  if (program === undefined) return []
  const folder = mkdtempSync(join(tmpdir(), 'nci-bench-'))
  try {
    const environment = prepare(folder)
    // An ISO that is there already: the engine starts, reads its input, looks at a file, and ends.
    const iso = join(folder, 'installer.iso')
    const content = Buffer.alloc(17 * 2048)
    content.write('\u0001CD001\u0001', 16 * 2048, 'latin1')
    writeFileSync(iso, content)
    const call = { 'nixos.cloud_init_installer.iso_download': { iso_path: iso } }
    const idle = { 'ansible.builtin.meta': 'noop' }
    const nothing = { 'ansible.builtin.debug': { msg: 'x' } }
    const ours = playbook(folder, 'ours', Array(tasks).fill(call))
    const theirs = playbook(folder, 'theirs', Array(tasks).fill(nothing))
    const empty = playbook(folder, 'empty', [idle])
    const play = (file: string): Promise<Cost> =>
      cost({ file: program, arguments: ['-i', 'localhost,', '-c', 'local', file], environment })
    const engine = (): Promise<Cost> =>
      cost({
        file: join(root, 'bin', 'nci'),
        arguments: ['iso', 'download', '--progress', 'none', '--iso-path', iso],
        environment,
      })
    await play(ours)
    const measured = async () => {
      const [base, busy, plain, alone] = [
        await play(empty),
        await play(ours),
        await play(theirs),
        await engine(),
      ]
      const perTask = (one: Cost, key: 'seconds' | 'cpuSeconds'): number => (one[key] - base[key]) / tasks
      return {
        seconds: perTask(busy, 'seconds') - alone.seconds,
        cpu: perTask(busy, 'cpuSeconds') - alone.cpuSeconds,
        plainSeconds: perTask(plain, 'seconds'),
        plainCpu: perTask(plain, 'cpuSeconds'),
      }
    }
    const runs: Awaited<ReturnType<typeof measured>>[] = []
    while (runs.length < 5) runs.push(await measured())
    const milliseconds = (key: keyof (typeof runs)[number]): number =>
      median(runs.map((one) => one[key])) * 1000
    return [
      { name: 'task beyond the engine, time', value: milliseconds('seconds'), unit: 'ms' },
      { name: 'task beyond the engine, CPU', value: milliseconds('cpu'), unit: 'ms' },
      { name: 'ansible.builtin.debug, time', value: milliseconds('plainSeconds'), unit: 'ms' },
      { name: 'ansible.builtin.debug, CPU', value: milliseconds('plainCpu'), unit: 'ms' },
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The one of the tests' environment, or of the machine. */
function ansiblePlaybook(): string | undefined {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'nci-tests')
  const made = existsSync(cache) ? readdirSync(cache).filter((name) => name.startsWith('python-')) : []
  const candidates = [...made.map((name) => join(cache, name, 'bin', 'ansible-playbook')), 'ansible-playbook']
  return candidates.find((file) => spawnSync(file, ['--version']).status === 0)
}

function prepare(folder: string): Record<string, string> {
  const collections = join(folder, 'ansible_collections', 'nixos')
  mkdirSync(collections, { recursive: true })
  symlinkSync(join(root, 'ansible'), join(collections, 'cloud_init_installer'))
  return {
    PATH: process.env.PATH ?? '',
    HOME: folder,
    LC_ALL: 'C.UTF-8',
    ANSIBLE_HOME: join(folder, '.ansible'),
    ANSIBLE_COLLECTIONS_PATH: folder,
    ANSIBLE_LOCALHOST_WARNING: 'false',
  }
}

function playbook(folder: string, name: string, list: readonly object[]): string {
  const file = join(folder, `${name}.yml`)
  writeFileSync(file, JSON.stringify([{ hosts: 'localhost', gather_facts: false, tasks: list }]))
  return file
}
