import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { BuildFacts } from './evaluate.ts'

/** A machine that Nix may build on. */
export interface Builder {
  readonly uri: string
  readonly systems: readonly string[]
}

/** How a system can be built on this machine. */
export type BuildWay =
  | { readonly way: 'natively' }
  | { readonly way: 'emulated' }
  | { readonly way: 'remotely'; readonly builder: string }
  /** `isEmulated`: the kernel could run its programs, Nix has not been told. */
  | { readonly way: 'none'; readonly isEmulated: boolean }

const emulators = '/proc/sys/fs/binfmt_misc'

/** How Nix, as it is configured, would build for a system. @param system `aarch64-linux` */
export function buildWay(system: string, facts: BuildFacts, binfmtFolder = emulators): BuildWay {
  if (facts.system === system) return { way: 'natively' }
  // Nix asks its builders first, also where it could do it itself.
  const builder = parseBuilders(facts.builders).find(({ systems }) => systems.includes(system))
  if (builder !== undefined) return { way: 'remotely', builder: builder.uri }
  if (facts.extraPlatforms.includes(system)) return { way: 'emulated' }
  return { way: 'none', isEmulated: isEmulated(system, binfmtFolder) }
}

/** Reads the setting `builders`: machines a line or between semicolons, `@file` for those of a file. */
export function parseBuilders(setting: string): Builder[] {
  return setting
    .split(/[;\n]/)
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '')
    .flatMap((line) => {
      if (line.startsWith('@')) return parseBuilders(readIfPresent(line.slice(1)))
      const [uri = '', systems = '-'] = line.split(/\s+/)
      return [{ uri, systems: systems === '-' ? [] : systems.split(',') }]
    })
}

/** Whether the kernel hands programs of a system to an emulator. */
function isEmulated(system: string, folder: string): boolean {
  const [machine = ''] = system.split('-')
  return (
    existsSync(folder) && readdirSync(folder).some((name) => name === system || name === `qemu-${machine}`)
  )
}

function readIfPresent(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
