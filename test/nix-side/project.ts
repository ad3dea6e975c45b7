/** This project's flake, evaluated by the real Nix with a stand-in for nixpkgs, which no test can fetch. */
import { spawnSync } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openNixStore } from '../support/nix.ts'

export const root = join(import.meta.dirname, '..', '..')
const parts = ['bin', 'flake.lock', 'flake.nix', 'nix', 'package-lock.json', 'package.json', 'schemas', 'src']

/** Gives an attribute as JSON, or what a function of Nix makes of it; throws what Nix says. */
export type Evaluate = (attribute: string, apply?: string) => unknown

const nixpkgs = standIn('nixpkgs')

/** The project's files of Nix code. */
export function nixFiles(): string[] {
  const below = ['nix', 'test/nix-side'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  )
  return ['flake.nix', ...below].filter((name) => name.endsWith('.nix'))
}

/**
 * Opens the flake in a folder of its own: what git has not, Nix does not have either.
 *
 * @param changes what is done to the text of its files
 */
export function openProject(
  folder: string,
  changes: Readonly<Record<string, (text: string) => string>> = {},
): Evaluate {
  return evaluator(projectIn(folder, changes))
}

/** What `nix flake check` says of all systems, nothing being built; throws what it finds wrong. */
export function checkProject(folder: string): string {
  const nix = projectIn(folder)
  return nix.run(['flake', 'check', '--no-build', '--all-systems'], [nix.flake]).stderr
}

/** The configuration of the template for hosts. @param change what is done to its configuration.nix */
export function openTemplate(folder: string, change = (text: string): string => text): Evaluate {
  const flake = join(folder, 'host')
  cpSync(join(root, 'nix', 'templates', 'host'), flake, { recursive: true })
  const file = join(flake, 'configuration.nix')
  writeFileSync(file, change(readFileSync(file, 'utf8')))
  const value = evaluator(openFlake(folder, flake, { nixpkgs, disko: standIn('disko') }))
  return (option, apply) => value(`nixosConfigurations.web1.config.${option}`, apply)
}

function projectIn(folder: string, changes: Readonly<Record<string, (text: string) => string>> = {}): Flake {
  const flake = join(folder, 'project')
  for (const name of parts) cpSync(join(root, name), join(flake, name), { recursive: true })
  for (const [name, change] of Object.entries(changes)) {
    const file = join(flake, name)
    writeFileSync(file, change(readFileSync(file, 'utf8')))
  }
  return openFlake(folder, flake, { nixpkgs })
}

function standIn(name: string): string {
  return `path:${join(import.meta.dirname, name)}`
}

/** A flake whose inputs are others, and the Nix that reads it. */
interface Flake {
  /** As Nix takes it. */
  readonly flake: string
  /** Runs `nix`; throws what it says where it fails. */
  run(
    command: readonly string[],
    words: readonly string[],
  ): { readonly stdout: string; readonly stderr: string }
}

function openFlake(folder: string, path: string, inputs: Readonly<Record<string, string>>): Flake {
  const { environment } = openNixStore(join(folder, 'nix'))
  const overrides = Object.entries(inputs).flatMap(([name, uri]) => ['--override-input', name, uri])
  const features = ['--extra-experimental-features', 'nix-command flakes']
  return {
    flake: `path:${path}`,
    run(command, words) {
      const all = [...features, ...command, '--no-write-lock-file', ...overrides, ...words]
      const env = { ...process.env, ...environment }
      const { status, stdout, stderr } = spawnSync('nix', all, { env, encoding: 'utf8' })
      if (status !== 0) throw new Error(stderr)
      return { stdout, stderr }
    },
  }
}

function evaluator({ flake, run }: Flake): Evaluate {
  return (attribute, apply = 'value: value') =>
    JSON.parse(run(['eval', '--json'], [`${flake}#${attribute}`, '--apply', apply]).stdout)
}
