import type { NixOptions } from '../../nix/evaluate.ts'
import type { Patient } from './patient.ts'

/** Seconds that Nix may take: it may have to fetch the inputs of a flake. */
const patience = 120

/** How Nix is asked for a host. */
export function nixOptions({ input, context }: Patient): NixOptions {
  return { seconds: patience, options: input.nix_options ?? {}, signal: context.signal }
}
