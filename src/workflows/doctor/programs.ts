import { findProgram } from '../../core/programs.ts'
import { nixVersion } from '../../nix/evaluate.ts'
import { findNixosAnywhere, pinnedNixosAnywhere } from '../../nix/programs.ts'
import { mayBuildHere } from './build-here.ts'
import { type Check, failed, ok, skipped, warning } from './check.ts'
import { nixOptions } from './nix-options.ts'
import type { Input } from './patient.ts'

/** The oldest Nix that nixos-anywhere was seen to work with. */
const oldest = [2, 26] as const

const nix: Check = {
  id: 'program.nix',
  title: 'Nix',
  async examine(patient) {
    if (!needsNix(patient.input)) return skipped('It is not needed: the system is built elsewhere.')
    const { name, version } = await nixVersion(nixOptions(patient))
    const details = { version, file: findProgram('nix') }
    const [major = 0, minor = 0] = version.split('.').map(Number)
    if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return ok(`${name}.`, { details })
    return warning(`${name}.`, `nixos-anywhere needs Nix ${oldest.join('.')} or newer.`, { details })
  },
}

const nixosAnywhere: Check = {
  id: 'program.nixos_anywhere',
  title: 'nixos-anywhere',
  examine({ input }) {
    const program = findNixosAnywhere(input.nixos_anywhere)
    const details = { file: program.file }
    if (program.arguments.length === 0) return ok(program.file, { details })
    return ok(`It is not in PATH: \`nix run ${pinnedNixosAnywhere}\` fetches it when it is needed.`, {
      details,
    })
  },
}

/** The programs that are looked at: Nix, nixos-anywhere, and what both of them call. */
export const programChecks: readonly Check[] = [
  nix,
  nixosAnywhere,
  ...['ssh', 'ssh-keygen'].map(
    (name): Check => ({
      id: `program.${name.replace('-', '_')}`,
      title: name,
      examine() {
        const file = findProgram(name)
        if (file !== undefined) return ok(file, { details: { file } })
        return failed('It is not in PATH.', 'Install the OpenSSH client.')
      },
    }),
  ),
]

function needsNix(input: Input): boolean {
  return (
    mayBuildHere(input) || (input.nixos_anywhere === undefined && findProgram('nixos-anywhere') === undefined)
  )
}
