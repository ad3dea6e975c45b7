import { architecture } from './architecture.ts'
import { bridgeChecks } from './bridges.ts'
import { certificateCheck } from './certificate.ts'
import type { Check, Group } from './check.ts'
import { clockCheck } from './clock.ts'
import { endpointCheck } from './endpoint.ts'
import { fileChecks } from './files.ts'
import { flakeChecks } from './flake.ts'
import { imageChecks } from './images.ts'
import { loginCheck } from './login.ts'
import { memory } from './memory.ts'
import { node } from './node.ts'
import type { Patient } from './patient.ts'
import { poolCheck } from './pool.ts'
import { privilegeChecks } from './privileges.ts'
import { programChecks } from './programs.ts'
import { quorum } from './quorum.ts'
import { rootOptionChecks } from './root-options.ts'
import { sshKey } from './ssh-key.ts'
import { storageChecks } from './storages.ts'
import { token } from './token.ts'
import { version } from './version.ts'
import { vm } from './vm.ts'

/** All checks for an input, in the order of the report. Each comes after those that it needs. */
export function groupsFor(patient: Patient): Group[] {
  const { input, isHost } = patient
  return [
    {
      title: 'Proxmox',
      checks: [
        ...connectionChecks(patient),
        version,
        token,
        quorum,
        node,
        ...(isHost ? [vm, memory] : []),
        ...(input.pool === undefined ? [] : [poolCheck(input.pool)]),
      ],
    },
    { title: 'Permissions', checks: [...privilegeChecks, ...rootOptionChecks(input)] },
    { title: 'Storage', checks: [...storageChecks(input), ...imageChecks(input)] },
    { title: 'Network', checks: bridgeChecks(input) },
    { title: 'This machine', checks: [...programChecks, architecture, sshKey, ...fileChecks(input)] },
    { title: 'Flake', checks: flakeChecks(input) },
  ]
}

/** The checks of each endpoint, which have its name where there are several, and those that take one that is good. */
function connectionChecks({ endpoints }: Patient): Check[] {
  const suffixes = endpoints.length > 1 ? endpoints.map(({ origin }) => origin.replace('https://', '')) : ['']
  const ids = (kind: string): string[] => suffixes.map((name) => (name === '' ? kind : `${kind}.${name}`))
  const title = (kind: string, index: number): string => `${kind} ${suffixes[index]}`.trim()
  const [names, certificates] = [ids('endpoint'), ids('tls')]
  return [
    ...names.map((id, index) => endpointCheck(id, title('Endpoint', index), index)),
    ...certificates.map((id, index) =>
      certificateCheck(id, title('Certificate', index), names[index] ?? '', index),
    ),
    clockCheck(names),
    loginCheck(certificates),
  ]
}
