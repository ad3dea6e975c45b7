import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import type { TestContext } from 'vitest'

/** A part of a package that is too large to be installed whole: a wheel, of which only these folders are taken. */
export interface PartOfWheel {
  /** `ansible==12.3.0` */
  readonly wheel: string
  /** Folders in it, by their path from the top. */
  readonly folders: readonly string[]
}

/** What pip installs, and parts of what it only fetches. */
export type Requirement = string | PartOfWheel

/** What the packages in use need. */
const minimum: readonly [number, number] = [3, 11]
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'nci-tests')

/** A virtual environment with these packages; skips the test where there is no Python, or no way to get them. */
export async function pythonEnvironment(
  context: Pick<TestContext, 'skip'>,
  requirements: readonly Requirement[],
): Promise<string> {
  const python = await findPython()
  if (python === undefined) return context.skip(`needs Python ${minimum.join('.')} or later`)
  const key = createHash('sha256')
    .update(JSON.stringify([python, requirements]))
    .digest('hex')
    .slice(0, 16)
  const folder = join(cache, `python-${key}`)
  const release = await lock(`${folder}.lock`)
  try {
    if (!existsSync(join(folder, 'complete'))) await build(python.command, folder, requirements)
    return folder
  } catch (error) {
    return context.skip(`the Python packages are out of reach: ${String(error).split('\n')[0]}`)
  } finally {
    release()
  }
}

interface Python {
  readonly command: string
  readonly version: readonly number[]
}

async function findPython(): Promise<Python | undefined> {
  for (const command of ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11']) {
    const script = 'import sys, venv; print(*sys.version_info[:2])'
    const { stdout, failed } = await execa(command, ['-c', script], { reject: false })
    const version = failed ? [] : stdout.split(' ').map(Number)
    const [major = 0, minor = 0] = version
    if (major > minimum[0] || (major === minimum[0] && minor >= minimum[1])) return { command, version }
  }
  return undefined
}

async function build(python: string, folder: string, requirements: readonly Requirement[]): Promise<void> {
  // What a broken attempt left.
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  await execa(python, ['-m', 'venv', folder])
  const pip = async (...words: string[]) =>
    await execa(join(folder, 'bin', 'python'), ['-m', 'pip', '--disable-pip-version-check', ...words])
  const packages = requirements.filter((requirement) => typeof requirement === 'string')
  if (packages.length > 0) await pip('install', '--quiet', ...packages)
  for (const requirement of requirements) {
    if (typeof requirement !== 'string') await takeFolders(folder, requirement, pip)
  }
  writeFileSync(join(folder, 'complete'), '')
}

/** Unpacks folders of a wheel into the environment's packages. */
async function takeFolders(
  environment: string,
  { wheel, folders }: PartOfWheel,
  pip: (...words: string[]) => Promise<unknown>,
): Promise<void> {
  const temporary = mkdtempSync(join(tmpdir(), 'wheel-'))
  try {
    await pip('download', '--quiet', '--no-deps', '--only-binary', ':all:', '--dest', temporary, wheel)
    const unpack = `
import glob, sys, sysconfig, zipfile
folder, *wanted = sys.argv[1:]
with zipfile.ZipFile(glob.glob(folder + '/*.whl')[0]) as wheel:
    names = [name for name in wheel.namelist() if name.startswith(tuple(wanted))]
    assert names, 'nothing of that is in the wheel'
    wheel.extractall(sysconfig.get_path('purelib'), names)
`
    const prefixes = folders.map((folder) => `${folder}/`)
    await execa(join(environment, 'bin', 'python'), ['-c', unpack, temporary, ...prefixes])
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}

/** Waits for whoever else makes the environment; a lock whose owner is gone does not count. */
async function lock(folder: string): Promise<() => void> {
  mkdirSync(cache, { recursive: true })
  const owner = join(folder, 'pid')
  for (;;) {
    try {
      mkdirSync(folder)
      writeFileSync(owner, String(process.pid))
      return () => rmSync(folder, { recursive: true, force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    if (existsSync(owner) && !isAlive(Number(readFileSync(owner, 'utf8')))) {
      rmSync(folder, { recursive: true, force: true })
    } else {
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
