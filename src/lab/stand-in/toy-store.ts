/**
 * Where the stand-ins keep what they built: `/nix/store` belongs to a real Nix, so the paths are printed as if
 * they were there while their descriptions lie in a folder of the lab.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { basename, join } from 'node:path'
import type { ToyClosure, ToyPath } from './toy-closure.ts'

export const storeVariable = 'NIXOS_LAB_STORE'

export function storeFolder(): string {
  return process.env[storeVariable] ?? join(tmpdir(), `nixos-lab-store-${userInfo().uid}`)
}

export function addClosure(closure: ToyClosure): void {
  mkdirSync(storeFolder(), { recursive: true })
  for (const one of closure) writeFileSync(descriptionOf(one.path), JSON.stringify(one))
}

export function hasPath(path: string): boolean {
  return existsSync(descriptionOf(path))
}

/** A path with everything that it needs, itself last. */
export function closureOf(path: string): ToyClosure {
  const one = JSON.parse(readFileSync(descriptionOf(path), 'utf8')) as ToyPath
  return [...one.references.flatMap(closureOf), one]
}

/** The folder for build products that have files on this machine, such as ISO images. */
export function outputFolder(path: string): string {
  return join(storeFolder(), basename(path))
}

function descriptionOf(path: string): string {
  return join(storeFolder(), `${basename(path)}.json`)
}
