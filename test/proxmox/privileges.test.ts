import { describe, expect, test } from 'vitest'
import { type Request, type Requirement, requests, requirementsOf } from '../../src/proxmox/privileges.ts'
import { hasReference, referenceJson } from '../support/reference.ts'

interface Recorded {
  readonly path?: string
  readonly privilege?: string
}

interface Reference {
  readonly pve9: Readonly<Record<string, { readonly 'checks-in-order': readonly Recorded[] }>>
  readonly 'pve8-differences': Readonly<Record<string, Readonly<Record<'8' | '9', readonly Recorded[]>>>>
}

/** What each of our requests is called in the recording of the genuine server. */
const recordedAs: Partial<Record<Request, string>> = {
  'upload an ISO': 'POST /nodes/{n}/storage/{s}/upload',
  'list a storage': 'GET content iso',
  'read a VM': 'GET pending',
  'create a VM': 'create: vmid only',
  'set name, agent, firmware, start at boot': 'create: +agent/ostype/onboot/bios/name',
  'set tags': 'create: +tags',
  'set CPUs': 'create: +cores/cpu',
  'set memory': 'create: +memory',
  'set machine, controller, display': 'create: +machine/scsihw/vga',
  'add a serial console': 'create: +serial0 socket',
  'allocate a disk': 'create: +scsi0',
  'allocate an EFI disk': 'create: +bios/efidisk0',
  'allocate a TPM’s state': 'create: +tpmstate0',
  'attach an ISO': 'create: +ide2 iso',
  'add a network card': 'create: +net0',
  'set cloud-init values': 'create: +sshkeys/ipconfig0/ciuser',
  'set the start order': 'create: +startup',
  'set disks and boot order': 'PUT config boot',
  'start a VM': 'POST status/start',
  'stop a VM': 'POST status/stop',
  'read addresses from the guest agent': 'GET agent/network-get-interfaces',
  'change a CD-ROM': 'PUT config delete=ide2',
  'remove the cloud-init drive': 'PUT config delete=ide0 (cloudinit)',
  'regenerate the cloud-init drive': 'PUT cloudinit',
  'delete a VM': 'DELETE vm',
}

/** Those whose checks the table does not name by the request; other recordings have them. */
const otherwiseKnown: readonly Request[] = ['fetch a URL', 'read files from the guest agent']

const places: readonly (readonly [RegExp, Requirement['at']])[] = [
  [/^\/vms\//, 'vm'],
  [/^\/storage\//, 'storage'],
  [/^\/sdn\//, 'bridge'],
  [/^\/nodes\//, 'node'],
  [/^\/$/, 'root'],
]

/** Recorded checks as ours: those that any request about settings makes first are met by the ones after them. */
function requirements(checks: readonly Recorded[]): string[] {
  const texts = checks.flatMap(({ path = '', privilege = '' }) => {
    const at = places.find(([pattern]) => pattern.test(path))?.[1]
    return privilege === '' ? [] : [`${at} ${privilege}`]
  })
  const ofAnyKind = (text: string): boolean => text.split('|').length > 5
  const specific = texts.filter((text) => !ofAnyKind(text))
  // Where nothing follows, it was the first of the list that the recording granted.
  return sorted(specific.length > 0 ? specific : texts.map((text) => text.split('|')[0] ?? ''))
}

const ours = (request: Request, major: number): string[] =>
  sorted(requirementsOf(request, major).map(({ at, anyOf }) => `${at} ${anyOf.join('|')}`))
const sorted = (texts: readonly string[]): string[] =>
  texts.map((text) => text.replace(/\S+$/, (list) => list.split('|').sort().join('|'))).sort()
const created = 'vm VM.Allocate'

describe.skipIf(!hasReference)('as recorded of the genuine server', () => {
  // This body runs where the tests are skipped, too.
  const none: Reference = { pve9: {}, 'pve8-differences': {} }
  const reference = hasReference ? (referenceJson('pve', 'privileges.json') as Reference) : none

  test('every request is looked up', () => {
    expect([...Object.keys(recordedAs), ...otherwiseKnown].sort()).toEqual(Object.keys(requests).sort())
  })

  test.each(Object.entries(recordedAs) as [Request, string][])('%s', (request, name) => {
    const recorded = requirements(reference.pve9[name]?.['checks-in-order'] ?? [])
    expect(recorded.length).toBeGreaterThan(0)
    // What is recorded of a creation has the creation's own check as well.
    const own = name.startsWith('create: +') ? recorded.filter((text) => text !== created) : recorded
    expect(ours(request, 9)).toEqual(own)
  })

  test('a whole creation needs what its parts need', () => {
    const parts: Request[] = [
      'create a VM',
      'set name, agent, firmware, start at boot',
      'set tags',
      'set CPUs',
      'set memory',
      'set machine, controller, display',
      'allocate a disk',
      'set disks and boot order',
      'set cloud-init values',
      'add a network card',
    ]
    const recorded = requirements(reference.pve9['create: full']?.['checks-in-order'] ?? [])
    expect([...new Set(parts.flatMap((request) => ours(request, 9)))].sort()).toEqual(recorded)
  })

  test('version 8 differs in tags and in the guest agent', () => {
    const differences = reference['pve8-differences']
    expect(ours('set tags', 8)).toEqual(
      requirements(differences['create: +tags']?.['8'] ?? []).filter((text) => text !== created),
    )
    expect(ours('read addresses from the guest agent', 8)).toEqual(
      requirements(differences['GET agent/network-get-interfaces']?.['8'] ?? []),
    )
  })
})
