import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { execa } from 'execa'
import { expect, it } from 'vitest'
import { pythonEnvironment } from '../support/python.ts'
import { layOut } from './support/layout.ts'
import { newest } from './support/requirements.ts'

/**
 * `ansible-test` fetches the pip that it bootstraps its environments with from a site of its own. This does the same with
 * what Python brings along and the package index.
 */
const bootstrap = `import runpy, subprocess, sys
subprocess.run([sys.executable, "-m", "ensurepip"], check=True)
sys.argv = ["pip", "install"] + [word for word in sys.argv[1:] if word not in ("--no-setuptools", "--no-wheel")]
runpy.run_module("pip", run_name="__main__")
`

it('ansible-test sanity finds nothing, and nothing is ignored', { timeout: 900_000 }, async (context) => {
  const environment = await pythonEnvironment(context, newest)
  const folder = mkdtempSync(join(tmpdir(), 'nci-sanity-'))
  try {
    const copy = layOut(folder)
    expect(existsSync(join(copy, 'tests', 'sanity'))).toBe(false)
    const { exitCode, all = '' } = await execa(
      'ansible-test',
      ['sanity', '--color', 'no', '--python', await version(environment)],
      {
        cwd: copy,
        env: {
          PATH: [join(environment, 'bin'), process.env.PATH].join(delimiter),
          HOME: home(),
          LC_ALL: 'C.UTF-8',
        },
        all: true,
        reject: false,
      },
    )
    if (/Download failed|No matching distribution|Temporary failure in name resolution/.test(all))
      return context.skip('the requirements of ansible-test are out of reach')
    expect(exitCode, all).toBe(0)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

/** Where `ansible-test` keeps its environments from one run to the next. */
function home(): string {
  const path = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'nci-tests', 'ansible-test')
  const cache = join(path, '.ansible', 'test', 'cache')
  mkdirSync(cache, { recursive: true })
  writeFileSync(join(cache, 'get_pip_24_2.py'), bootstrap)
  return path
}

async function version(environment: string): Promise<string> {
  const script = 'import sys; print("%d.%d" % sys.version_info[:2])'
  return (await execa(join(environment, 'bin', 'python'), ['-c', script])).stdout
}
