import { buildWay } from '../../nix/builders.ts'
import { buildFacts } from '../../nix/evaluate.ts'
import { mayBuildHere } from './build-here.ts'
import { type Check, failed, ok, skipped } from './check.ts'
import { nixOptions } from './nix-options.ts'

/** Whether this machine, or a builder of its Nix, can build for the VM’s architecture. */
export const architecture: Check = {
  id: 'architecture',
  title: 'Architecture',
  needs: ['program.nix'],
  async examine(patient) {
    const { input } = patient
    if (!mayBuildHere(input)) return skipped('Nothing is built on this machine.')
    const system = `${input.architecture}-linux`
    const facts = await buildFacts(nixOptions(patient))
    const found = buildWay(system, facts)
    const details = { system, own: facts.system, ...found }
    switch (found.way) {
      case 'natively':
        return ok(`${system} is built natively.`, { details })
      case 'emulated':
        return ok(`${system} is built by emulation.`, { details })
      case 'remotely':
        return ok(`${system} is built by ${found.builder}.`, { details })
      case 'none': {
        if (input.build_on === 'auto') {
          return ok(
            `This machine’s Nix builds for ${facts.system} alone: ${system} is built in the installer.`,
            { details },
          )
        }
        const way = found.isEmulated
          ? `The kernel can emulate it: add \`extra-platforms = ${system}\` to nix.conf.`
          : `Add a builder for it (\`builders\` in nix.conf), or emulation (\`boot.binfmt.emulatedSystems\`), or set \`build_on: remote\`.`
        return failed(`This machine’s Nix builds for ${facts.system}, not for ${system}.`, way, { details })
      }
    }
  },
}
