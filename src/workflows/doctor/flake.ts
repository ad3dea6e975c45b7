import { isNciError } from '../../core/errors.ts'
import { closest } from '../../core/validate.ts'
import { configurationNames, systemFacts } from '../../nix/evaluate.ts'
import { configurationName } from '../../nix/flake.ts'
import { type Check, failed, ok, skipped, warning } from './check.ts'
import { nixOptions } from './nix-options.ts'
import type { Input } from './patient.ts'

/** The checks of the flake: whether it has the system, and whether that can be installed. */
export function flakeChecks({ flake, store_paths }: Input): Check[] {
  if (flake === undefined || store_paths !== undefined) return [noFlake(store_paths !== undefined)]
  return [attribute(flake), system(flake)]
}

function noFlake(isBuilt: boolean): Check {
  return {
    id: 'flake.attribute',
    title: 'Attribute',
    examine: () => skipped(isBuilt ? 'The system is built already (`store_paths`).' : 'No flake was given.'),
  }
}

function attribute(flake: string): Check {
  return {
    id: 'flake.attribute',
    title: 'Attribute',
    needs: ['program.nix'],
    async examine(patient) {
      patient.context.emit({ type: 'phase', phase: `evaluating ${flake}` })
      const wanted = configurationName(flake)
      const names = await withinTime(configurationNames(flake, nixOptions(patient)))
      if (names === undefined) return tooSlow
      if (wanted === undefined || names.includes(wanted)) return ok(`${flake} is there.`)
      const meant = closest(wanted, names)
      const hint =
        names.length === 0
          ? 'Its `nixosConfigurations` are empty.'
          : `It has ${names.join(', ')}.${meant === undefined ? '' : ` Did you mean \`${meant}\`?`}`
      return failed(`The flake has no \`nixosConfigurations.${wanted}\`.`, hint, { details: { names } })
    },
  }
}

/** Whether it has a disko layout, and is for the VM’s architecture. */
function system(flake: string): Check {
  return {
    id: 'flake.system',
    title: 'System',
    needs: ['flake.attribute'],
    async examine(patient) {
      const facts = await withinTime(systemFacts(flake, nixOptions(patient)))
      if (facts === undefined) return tooSlow
      const { disko, platform } = facts
      const wanted = `${patient.input.architecture}-linux`
      const details = { disko, platform }
      if (!disko) {
        const hint =
          'Import `disko.nixosModules.disko` in the configuration, and describe its disks in `disko.devices`.'
        return failed('It has no disko layout: nothing would partition the disks.', hint, { details })
      }
      if (platform !== null && platform !== wanted) {
        const hint =
          'Set `architecture` to the one of the configuration, or `nixpkgs.hostPlatform` to the VM’s.'
        return failed(`It is for ${platform}, and the VM is ${wanted}.`, hint, { details })
      }
      return ok(`It is for ${platform ?? 'an unknown platform'} and has a disko layout.`, { details })
    },
  }
}

const tooSlow = warning(
  'Nix did not answer within two minutes.',
  'Try `nix flake metadata` on it: its inputs may be slow to fetch.',
)

/** `undefined` where it takes too long: that alone is no fault of the flake. */
async function withinTime<Value>(work: Promise<Value>): Promise<Value | undefined> {
  try {
    return await work
  } catch (error) {
    if (isNciError(error, 'TIMEOUT')) return undefined
    throw error
  }
}
