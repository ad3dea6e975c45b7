import type { Input } from './patient.ts'

/** Whether the system may be built on this machine: `auto` builds it in the installer only where it must. */
export function mayBuildHere({ store_paths, build_on }: Input): boolean {
  return store_paths === undefined && build_on !== 'remote'
}
