import { expect, test } from 'vitest'
import {
  assertOurs,
  isOurs,
  type Note,
  readNote,
  tagsOf,
  userDescription,
  writeNote,
} from '../../src/proxmox/ownership.ts'

const note: Note = {
  created: '2026-11-22T20:00:00Z',
  uuid: '3c0f5a0e-0000-4000-8000-000000000001',
  installed: { at: '2026-11-22T21:00:00Z', system: '/nix/store/x' },
}

test.each(['', 'One line.', '# Web\n\nTwo paragraphs, with {"json": 1}\n- and a list'])(
  'the note and the user’s text %j are both read again',
  (text) => {
    const description = writeNote(text, note)
    expect(readNote({ description })).toEqual(note)
    expect(userDescription(description)).toBe(text)
    // Proxmox takes white space from the end of a description.
    expect(readNote({ description: description.trimEnd() })).toEqual(note)
  },
)

test('a changed note takes the place of the one before, again and again', () => {
  let description = 'Mine.'
  for (let i = 0; i < 3; i++) description = writeNote(description, { created: `${i}`, uuid: 'u' })
  expect(description.match(/nixos-cloud-init-installer:/g)).toHaveLength(1)
  expect(readNote({ description })).toEqual({ created: '2', uuid: 'u' })
  expect(userDescription(description)).toBe('Mine.')
})

test.each([
  ['no description', {}],
  ['text about it', { description: 'see nixos-cloud-init-installer: {"created":"x"}' }],
  ['broken JSON', { description: 'nixos-cloud-init-installer: {"created"' }],
  ['a note without a time', { description: 'nixos-cloud-init-installer: {}' }],
  ['another kind of JSON', { description: 'nixos-cloud-init-installer: null' }],
])('%s is no note', (_, config) => {
  expect(readNote(config)).toBeUndefined()
})

test('a VM is ours with tag and note, and with one of them it is not', () => {
  const description = writeNote('', note)
  const vm = { vmid: 101, node: 'pve', name: 'web1' }
  const smbios1 = `uuid=${note.uuid}`
  const clone = 'uuid=3c0f5a0e-0000-4000-8000-000000000002'
  expect(isOurs({ tags: 'a;nci', description, smbios1 })).toBe(true)
  for (const config of [
    { tags: 'nci', smbios1 },
    { description, smbios1 },
    { tags: 'nci2;xnci', description, smbios1 },
    // A clone has the tag and the note as well, and is another machine.
    { tags: 'nci', description, smbios1: clone },
    // Neither note nor UUID: nothing that agrees.
    { tags: 'nci' },
    { tags: 'nci', smbios1: 'serial=1' },
  ]) {
    expect(isOurs(config)).toBe(false)
    expect(() => assertOurs(vm, config, 'Do that.')).toThrow(
      expect.objectContaining({ code: 'PVE_VM_FOREIGN', hint: expect.stringMatching(/Do that\.$/) }),
    )
  }
  expect(() => assertOurs(vm, { tags: 'nci', description, smbios1 }, '')).not.toThrow()
})

test('tags are read with whatever separates them', () => {
  expect(tagsOf({ tags: 'a;b,c d' })).toEqual(['a', 'b', 'c', 'd'])
  expect(tagsOf({ tags: ' ' })).toEqual([])
  expect(tagsOf({})).toEqual([])
})
