import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { freemem, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { atLeast, atMost, type Figure } from './figures.ts'
import { inspect, median } from './measure.ts'

const nci = join(import.meta.dirname, '..', '..', 'bin', 'nci')
const mebibyte = 1024 * 1024
const pairs = 5

/**
 * An upload to a lab in another process, against curl that sends the same form over the same TLS. What is compared is the
 * time from the request to its answer; that the lab then verifies the checksum is the same for both, and is waited for.
 */
export async function upload(): Promise<Figure[]> {
  const folder = mkdtempSync(join(roomy(), 'nci-bench-'))
  await using lab = await startLab(join(folder, 'lab'))
  try {
    const small = writeIso(folder, 128 * mebibyte)
    const large = writeIso(folder, 2048 * mebibyte)
    const memory = [small, large].map((iso) => {
      lab.clear()
      return inspect({ file: nci, arguments: uploadArguments(iso), environment: lab.environment }).peakMiB
    })
    const runs: { ours: number; theirs: number }[] = []
    for (let pair = 0; pair < pairs; pair++) {
      lab.clear()
      const ours = await nciSeconds(lab, large)
      lab.clear()
      runs.push({ ours, theirs: await curlSeconds(lab, large) })
    }
    const [least = 0, most = 0] = memory
    const rate = (seconds: readonly number[]): number => 2048 / median(seconds)
    return [
      { name: 'upload rate, nci iso upload', value: rate(runs.map(({ ours }) => ours)), unit: 'MiB/s' },
      { name: 'upload rate, curl', value: rate(runs.map(({ theirs }) => theirs)), unit: 'MiB/s' },
      atLeast(
        'upload rate, nci iso upload / curl',
        median(runs.map(({ ours, theirs }) => theirs / ours)),
        '×',
        0.9,
      ),
      { name: 'peak memory of the upload, 128 MiB', value: least, unit: 'MiB' },
      atMost('peak memory of the upload, 2 GiB', most, 'MiB', 200),
      atMost('peak memory of the upload, 2 GiB / 128 MiB', most / least, '×', 1.25),
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** In memory where there is room: the disk would be what is measured. */
function roomy(): string {
  const memory = '/dev/shm'
  if (!existsSync(memory)) return tmpdir()
  const { bavail, bsize } = statfsSync(memory)
  return bavail * bsize > 6 * 1024 * mebibyte && freemem() > 6 * 1024 * mebibyte ? memory : tmpdir()
}

interface Iso {
  readonly file: string
  readonly sha256: string
}

/** A file with holes that has the mark of ISO 9660. */
function writeIso(folder: string, size: number): Iso {
  const file = join(folder, `${size}.iso`)
  const first = Buffer.alloc(mebibyte)
  first.write('CD001', 16 * 2048 + 1, 'latin1')
  writeFileSync(file, first)
  truncateSync(file, size)
  const hash = createHash('sha256').update(first)
  const block = Buffer.alloc(mebibyte)
  for (let done = mebibyte; done < size; done += mebibyte) hash.update(block)
  return { file, sha256: hash.digest('hex') }
}

interface BenchLab extends AsyncDisposable {
  readonly environment: Readonly<Record<string, string>>
  readonly certificate: string
  /** Removes what was uploaded. */
  clear(): void
  /** Waits until an upload is verified and in place. */
  stored(): Promise<void>
}

async function startLab(folder: string): Promise<BenchLab> {
  const child = spawn(nci, ['lab', 'start', '--folder', folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(createInterface(child.stdout), 'line')
  const lines = readFileSync(join(folder, 'environment'), 'utf8').matchAll(/^export (\w+)='(.*)'$/gm)
  const storage = join(folder, 'pve', 'storage', 'local', 'template', 'iso')
  return {
    environment: Object.fromEntries([...lines].map(([, name = '', value = '']) => [name, value])),
    certificate: join(folder, 'pve', 'pve-ssl.pem'),
    clear() {
      for (const name of readdirSync(storage)) rmSync(join(storage, name))
    },
    async stored() {
      while (!existsSync(storage) || readdirSync(storage).length === 0) await sleep(50)
    },
    async [Symbol.asyncDispose]() {
      child.kill()
      await once(child, 'exit')
    },
  }
}

/** The checksum is given, as the workflow does that has just verified a download. */
function uploadArguments({ file, sha256 }: Iso, progress = 'none'): string[] {
  return ['iso', 'upload', '--progress', progress, '--path', file, '--checksum', sha256]
}

/** From the phase that sends the file to the one that waits for its verification. */
async function nciSeconds({ environment }: BenchLab, iso: Iso): Promise<number> {
  const child = spawn(nci, uploadArguments(iso, 'ndjson'), {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { HOME: process.env.HOME, ...environment },
  })
  let [began, received] = [Number.NaN, Number.NaN]
  for await (const line of createInterface(child.stderr)) {
    const { phase = '' } = JSON.parse(line) as { phase?: string }
    if (phase.startsWith('uploading')) began = performance.now()
    if (phase.startsWith('Proxmox verifies and stores')) received = performance.now()
  }
  if (child.exitCode === null) await once(child, 'exit')
  const seconds = (received - began) / 1000
  if (child.exitCode !== 0 || Number.isNaN(seconds))
    throw new Error(`the upload ended with ${child.exitCode}`)
  return seconds
}

async function curlSeconds({ environment, certificate, stored }: BenchLab, iso: Iso): Promise<number> {
  const { PROXMOX_HOST: host, PROXMOX_TOKEN_ID: id, PROXMOX_TOKEN_SECRET: secret } = environment
  const form = [
    'content=iso',
    'checksum-algorithm=sha256',
    `checksum=${iso.sha256}`,
    `filename=@${iso.file};filename=curl.iso;type=application/octet-stream`,
  ]
  const { status, stdout } = spawnSync(
    'curl',
    [
      ...[
        '--silent',
        '--fail',
        '--cacert',
        certificate,
        '--output',
        '/dev/null',
        '--write-out',
        '%{time_total}',
      ],
      ...['--header', `Authorization: PVEAPIToken=${id}=${secret}`],
      ...form.flatMap((field) => ['--form', field]),
      `https://${host}/api2/json/nodes/pve/storage/local/upload`,
    ],
    { encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(`curl ended with ${status}`)
  await stored()
  return Number(stdout)
}
