/** The release workflow's own shell, with a Nix that makes links as the real one does. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../support/folder.ts'
import { writeProgram } from '../support/program.ts'
import { root } from './project.ts'

interface Step {
  readonly if?: string
  readonly run?: string
  readonly env?: Readonly<Record<string, string>>
}
interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>
}

const release = load(readFileSync(join(root, '.github', 'workflows', 'release.yaml'), 'utf8')) as Workflow

// A build of `iso-*` is a folder with an ISO, all others are files; the link `result` is the last one's.
const nix = `for word; do installable=\${word#.#}; done
case $* in
  *--no-link*) exit ;;
  *.#iso-*) mkdir -p "store/$installable/iso"; echo "ISO \${installable#iso-}" >"store/$installable/iso/built.iso" ;;
  *) mkdir -p store; echo a check >"store/$installable" ;;
esac
ln -sfn "store/$installable" result`
const gh = 'printf "%s\\n" "$@" >published'

/** Runs the shell steps of a job as GitHub does, one after the other in one folder. */
function runJob(name: string, folder: string, values: Readonly<Record<string, string>>): void {
  const bin = join(folder, 'bin')
  mkdirSync(bin, { recursive: true })
  writeProgram(join(bin, 'nix'), nix)
  writeProgram(join(bin, 'gh'), gh)
  const fill = (text: string): string =>
    text.replace(/\$\{\{ (\S+) \}\}/g, (_, key: string) => values[key] ?? `no ${key}`)
  for (const { run, if: condition, env = {} } of release.jobs[name]?.steps ?? []) {
    if (run === undefined) continue
    if (condition !== undefined && condition !== `matrix.architecture == '${values['matrix.architecture']}'`)
      continue
    const own = Object.fromEntries(Object.entries(env).map(([key, value]) => [key, fill(value)]))
    const { status, stderr } = spawnSync('bash', ['-e', '-c', fill(run)], {
      cwd: folder,
      env: { ...process.env, ...own, PATH: `${bin}:${process.env.PATH}` },
      encoding: 'utf8',
    })
    expect(status, `${run}\n${stderr}`).toBe(0)
  }
}

test('a tag publishes the image of each architecture under the name that `iso.download` looks for, with checksums', () => {
  using folder = temporaryFolder()
  const github = { 'github.ref_name': 'v1.2.3', 'github.token': 'none', 'github.repository': 'o/r' }
  for (const architecture of ['x86_64', 'aarch64']) {
    runJob('build', folder.path, { ...github, 'matrix.architecture': architecture })
  }
  runJob('release', folder.path, github)
  const names = ['aarch64', 'x86_64'].map((one) => `nixos-cloud-init-installer-v1.2.3-${one}.iso`)
  expect(readdirSync(folder.path).filter((name) => name.endsWith('.iso'))).toEqual(names)
  expect(readFileSync(join(folder.path, names[1] ?? ''), 'utf8')).toBe('ISO x86_64\n')
  const { status } = spawnSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: folder.path })
  expect(status).toBe(0)
  expect(readFileSync(join(folder.path, 'published'), 'utf8').split('\n')).toEqual(
    expect.arrayContaining(['v1.2.3', '--verify-tag', ...names, 'SHA256SUMS']),
  )
})
