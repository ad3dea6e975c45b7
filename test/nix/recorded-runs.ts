import { readdirSync, readFileSync } from 'node:fs'
import { type InstallPhase, phaseOf } from '../../src/nix/markers.ts'
import { hasReference, referencePath } from '../support/reference.ts'

/** A line of a run, with the stream that it was printed on. */
export interface Line {
  readonly stream: 'stdout' | 'stderr'
  readonly line: string
}

/** Names of recordings of the real nixos-anywhere. */
export const recordedRuns = hasReference ? readdirSync(referencePath('nixos-anywhere', 'logs')) : []

/** A recorded run: `seconds O|E| line`. */
export function readRun(name: string): Line[] {
  return readFileSync(referencePath('nixos-anywhere', 'logs', name), 'utf8')
    .split('\n')
    .flatMap((text): Line[] => {
      const [, stream = '', line = ''] = /^\s*[\d.]+ ([OE])\| ?([^\r]*)/.exec(text) ?? []
      // The recorder's own lines.
      if (stream === '' || line.startsWith('## ')) return []
      return [{ stream: stream === 'O' ? 'stdout' : 'stderr', line }]
    })
}

export function phasesOf(name: string): InstallPhase[] {
  const found = readRun(name).flatMap(({ stream, line }) =>
    stream === 'stdout' ? (phaseOf(line) ?? []) : [],
  )
  return found.filter((phase, index) => phase !== found[index - 1])
}
