import { expect, test } from 'vitest'
import { hintForPeople } from '../../src/cli/hint-for-people.ts'
import { errorCatalogue } from '../../src/generated/errors.ts'

test.each([
  [
    'The end of its log is in `details.log`; the whole log is in the web interface under the UPID UPID:pve:1:.',
    'The whole log is in the web interface under the UPID UPID:pve:1:.',
  ],
  [
    'The whole message is in `details.log`; `show_trace` adds where in the code it happened.',
    '`show_trace` adds where in the code it happened.',
  ],
  [
    'The end of the log is in `details.log`. Build it by hand to see more: `nix build .#x`.',
    'Build it by hand to see more: `nix build .#x`.',
  ],
  ['The end of its output is in `details.log`.', ''],
  ['Set `node`; or leave it out. It has the details.', 'Set `node`; or leave it out. It has the details.'],
])('%j is %j to a person', (hint, expected) => {
  expect(hintForPeople(hint)).toBe(expected)
})

test('no hint tells a person to look into a document that is not there', () => {
  for (const { hint } of Object.values(errorCatalogue)) {
    expect(hintForPeople(hint)).not.toContain('details')
    // What is whole stays whole.
    if (!hint.includes('`details')) expect(hintForPeople(hint)).toBe(hint)
  }
})
