/** Flakes without Nix: the files of a local folder, and whether they can hold a configuration. */
import { createHash } from 'node:crypto'
import { type Dirent, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'

/** Text files of a flake by their path in it. */
export type FlakeFiles = Readonly<Record<string, string>>

export interface LocalFlake {
  /** The folder. */
  readonly path: string
  readonly files: FlakeFiles
  /** Changes with every file. */
  readonly digest: string
}

/** What `nix` would have said. */
export class FlakeError extends Error {}

const skipped = new Set(['.git', 'node_modules', 'result', '.direnv'])
const maxFiles = 2000

/** Opens `path:/dir`, `git+file:///dir?dir=sub`, `./dir`, `/dir`. */
export function openFlake(uri: string): LocalFlake {
  const [reference = '', query = ''] = uri.split('?')
  if (/^(github|gitlab|sourcehut|git\+ssh|git\+https|https?|tarball\+https?|ssh):/.test(reference)) {
    throw new FlakeError(`unable to fetch '${uri}': the lab's stand-in for Nix builds local flakes only`)
  }
  const sub = new URLSearchParams(query).get('dir') ?? ''
  const path = resolve(reference.replace(/^(path|git\+file|file):(\/\/)?/, '') || '.', sub)
  if (!existsSync(path)) throw new FlakeError(`path '${path}' does not exist`)
  if (!existsSync(join(path, 'flake.nix')))
    throw new FlakeError(`source tree referenced by 'path:${path}' does not contain a '/flake.nix' file`)
  const files: Record<string, string> = {}
  const hash = createHash('sha256')
  for (const file of walk(path)) {
    const content = readFileSync(file)
    hash.update(relative(path, file)).update('\0').update(content).update('\0')
    if (/\.(nix|pub|json|toml|ya?ml)$/.test(file)) files[relative(path, file)] = content.toString()
  }
  return { path, files, digest: hash.digest('hex') }
}

/** Nothing is evaluated: a configuration exists when the flake's files or their names mention it. */
export function requireAttribute(flake: LocalFlake, attribute: string): void {
  const configuration = /^nixosConfigurations\."?([^".]+)"?/.exec(attribute)?.[1]
  const last = attribute.split('.').at(-1)?.replaceAll('"', '') ?? attribute
  const wanted = configuration ?? last
  const word = new RegExp(`(^|[^\\w-])${wanted.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}($|[^\\w-])`)
  const code = Object.entries(flake.files)
  const declared =
    configuration === undefined || code.some(([, content]) => content.includes('nixosConfigurations'))
  if (declared && code.some(([path, content]) => word.test(path) || word.test(content))) return
  throw new FlakeError(
    `flake 'path:${flake.path}' does not provide attribute 'packages.x86_64-linux.${attribute}', 'legacyPackages.x86_64-linux.${attribute}' or '${attribute}'`,
  )
}

/** The configurations that a flake's files spell out. */
export function configurationNames({ files }: LocalFlake): string[] {
  const code = Object.values(files).join('\n')
  const named = [
    ...code.matchAll(/nixosConfigurations\.(?:"([^"]+)"|([\w-]+))\s*=/g),
    ...code.matchAll(/(?:"([^"]+)"|([\w-]+))\s*=\s*(?:[\w.]+\.)?nixosSystem\b/g),
  ]
  return [...new Set(named.map(([, quoted, plain]) => quoted ?? plain ?? ''))].sort()
}

/** Whether the code of a flake has a word, comments and descriptions apart. */
export function mentions({ files }: LocalFlake, word: string): boolean {
  const code = Object.values(files)
    .join('\n')
    .replace(/#.*|"[^"]*"/g, '')
  return new RegExp(`\\b${word}\\b`).test(code)
}

function walk(folder: string, found: string[] = []): string[] {
  const entries: Dirent[] = readdirSync(folder, { withFileTypes: true })
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (skipped.has(entry.name) || found.length >= maxFiles) continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) walk(path, found)
    else if (entry.isFile()) found.push(path)
  }
  return found
}
