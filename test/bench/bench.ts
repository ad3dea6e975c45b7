/**
 * `npm run bench`: ratios within one run, as a table and, with `--json`, as JSON. Fails where a goal is missed.
 * `npm run bench -- life upload` measures only these parts.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { ansible } from './ansible.ts'
import { batch } from './batch/batch.ts'
import { atLeast, atMost, type Figure } from './figures.ts'
import { fuzz } from './fuzz.ts'
import { life } from './life.ts'
import { lives } from './lives.ts'
import { machine } from './machine.ts'
import { type Command, compare, inspect, median, run } from './measure.ts'
import { sshWaitLatency } from './ssh-wait.ts'
import { upload } from './upload.ts'

const root = join(import.meta.dirname, '..', '..')
const nci = join(root, 'bin', 'nci')
const mebibyte = 1024 * 1024

/** A step that reads its input, refuses it, and ends: all of the engine but the work. */
function startUp(): Figure[] {
  const step: Command = { file: nci, arguments: ['vm', 'create', '--progress', 'none'], exitCode: 3 }
  const { ours, theirs, ratio } = compare(step, { file: process.execPath, arguments: ['-e', '0'] }, 21)
  const libraries = ['undici.cjs', 'ssh2.cjs', 'execa.cjs', 'listr2.cjs', 'schemas.cjs']
  const loaded = inspect(step).modules.filter((name) => libraries.includes(name))
  return [
    { name: 'start-up of a step', value: ours * 1000, unit: 'ms' },
    { name: 'start-up of node -e 0', value: theirs * 1000, unit: 'ms' },
    atMost('start-up, step / node -e 0', ratio, '×', 3.5),
    atMost('libraries loaded without need', loaded.length, '', 0),
  ]
}

/** Download, verification and writing the file, against a pipe that writes nothing. */
async function download(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'nci-bench-'))
  const [small, large] = [128 * mebibyte, 1024 * mebibyte]
  try {
    const memory = new Map<number, number>()
    const ratios: number[] = []
    for (const size of [small, large]) {
      await using server = await serve(size)
      const cache = join(folder, String(size))
      const ours: Command = {
        file: nci,
        arguments: [
          'iso',
          'download',
          '--progress',
          'none',
          '--iso-url',
          server.url,
          '--iso-checksum',
          sha256(size),
          '--cache-dir',
          cache,
        ],
      }
      memory.set(size, inspect(ours).peakMiB)
      for (let pair = 0; size === large && pair < 5; pair++) {
        rmSync(cache, { recursive: true, force: true })
        const mine = run(ours)
        const pipe = run({ file: 'sh', arguments: ['-c', `curl -fsS ${server.url} | sha256sum`] })
        ratios.push(pipe / mine)
      }
    }
    const [least = 0, most = 0] = [memory.get(small), memory.get(large)]
    return [
      atLeast('download rate, nci iso download / curl | sha256sum', median(ratios), '×', 0.9),
      { name: 'peak memory, 128 MiB', value: least, unit: 'MiB' },
      { name: 'peak memory, 1 GiB', value: most, unit: 'MiB' },
      atMost('peak memory, 1 GiB / 128 MiB', most / least, '×', 1.25),
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function serve(size: number): Promise<{ url: string } & AsyncDisposable> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'file-server.ts'), String(size)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [port] = await once(createInterface(child.stdout), 'line')
  return {
    url: `http://127.0.0.1:${port}/bench.iso`,
    async [Symbol.asyncDispose]() {
      child.kill()
      await once(child, 'exit')
    },
  }
}

/** Of what the server sends. */
function sha256(size: number): string {
  const block = Buffer.alloc(mebibyte, 'nixos')
  const first = Buffer.from(block)
  first.write('CD001', 16 * 2048 + 1, 'latin1')
  const hash = createHash('sha256').update(first)
  for (let sent = mebibyte; sent < size; sent += mebibyte) hash.update(block)
  return hash.digest('hex')
}

/** By name, so that `npm run bench -- life` measures one thing alone. */
const parts: Readonly<Record<string, () => Promise<Figure[]>>> = {
  start: async () => startUp(),
  download,
  upload,
  life,
  lives,
  ssh: sshWaitLatency,
  ansible,
  batch,
  fuzz,
  machine,
}
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('-'))
const figures: Figure[] = []
for (const [name, measure] of Object.entries(parts)) {
  if (wanted.length === 0 || wanted.includes(name)) figures.push(...(await measure()))
}
if (process.argv.includes('--json')) console.log(JSON.stringify(figures, null, 2))
else {
  for (const { name, value, unit, goal } of figures) {
    const verdict = goal === undefined ? '' : `${goal.text}: ${goal.met ? 'met' : 'MISSED'}`
    console.log(`${name.padEnd(52)} ${value.toFixed(2).padStart(9)} ${unit.padEnd(4)} ${verdict}`.trimEnd())
  }
}
process.exitCode = figures.every(({ goal }) => goal?.met ?? true) ? 0 : 1
