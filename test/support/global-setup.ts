import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')
/** What the build writes last. */
const built = join(root, 'oclif.manifest.json')

/** Tests run the real command: it is built first, where the sources are newer. */
export default function setup(): void {
  if (existsSync(built) && existsSync(join(root, 'dist', 'nci.cjs')) && newest('src') < timeOf(built)) return
  execFileSync(process.execPath, [join('src', 'codegen', 'bundle.ts')], { cwd: root, stdio: 'inherit' })
}

function newest(folder: string): number {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
  return Math.max(...files.map((file) => timeOf(join(root, folder, file))))
}

function timeOf(file: string): number {
  return statSync(file).mtimeMs
}
