import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')
/** What the build writes last. */
const built = join(root, 'oclif.manifest.json')

/**
 * Tests run the real command: it is built first, where the sources are newer. All temporary folders are made in one,
 * which goes at the end, however the tests end.
 */
export default function setup(): () => void {
  if (!existsSync(built) || !existsSync(join(root, 'dist', 'nci.cjs')) || newest('src') >= timeOf(built)) {
    execFileSync(process.execPath, [join('src', 'codegen', 'bundle.ts')], { cwd: root, stdio: 'inherit' })
  }
  const before = process.env.TMPDIR
  const folder = mkdtempSync(join(tmpdir(), 'nci-tests-'))
  process.env.TMPDIR = folder
  return () => {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
    rmSync(folder, { recursive: true, force: true })
  }
}

function newest(folder: string): number {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
  return Math.max(...files.map((file) => timeOf(join(root, folder, file))))
}

function timeOf(file: string): number {
  return statSync(file).mtimeMs
}
