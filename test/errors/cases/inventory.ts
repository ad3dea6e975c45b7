import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Box } from '../../support/lab.ts'
import type { ErrorCase } from '../error-cases.ts'

/** Prints an inventory that is read without Ansible. */
function inventory(box: Box, content: unknown, words: readonly string[] = [], ending = '.yml') {
  const file = join(box.folder, `${randomUUID()}${ending}`)
  // JSON is YAML.
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return box.run(['inventory', '--inventory', file, '--inventory-reader', 'yaml', ...words])
}

const hosts = { all: { hosts: { a: { nixos_vm: { flake: '.#a' } }, b: { nixos_vm: { flake: '.#b' } } } } }

export const inventoryCases: ErrorCase[] = [
  {
    code: 'INVENTORY_NOT_FOUND',
    when: 'one of two inventories does not exist',
    run: (box) => box.run(['inventory', '--inventory', `${box.folder},${join(box.folder, 'none.yml')}`]),
    says: ['none.yml', 'ends with a comma'],
  },
  {
    code: 'INVENTORY_UNREADABLE',
    when: 'an inventory has a syntax error',
    run: (box) => inventory(box, 'all: {hosts: [\n'),
    says: [/line \d+, column \d+/, 'ansible-inventory -i'],
  },
  {
    code: 'INVENTORY_EMPTY',
    when: 'an inventory has groups and no hosts',
    run: (box) => inventory(box, { all: { children: { web: null } } }),
    says: ['no hosts'],
  },
  {
    code: 'INVENTORY_EMPTY',
    when: 'an inventory is an empty file',
    run: (box) => inventory(box, '', [], ''),
    says: ['no hosts', '`hosts` of a group'],
  },
  {
    code: 'INVENTORY_NEEDS_ANSIBLE',
    when: 'an inventory is INI and Ansible is not to be used',
    run: (box) => inventory(box, '[web]\na ansible_host=192.0.2.1\n', [], ''),
    says: ['not YAML', 'pipx install ansible-core', '--ansible-playbook'],
  },
  {
    code: 'INVENTORY_NEEDS_ANSIBLE',
    when: 'the Ansible to use does not exist',
    run: (box) => box.run(['inventory', '--inventory', 'a,', '--ansible-playbook', '/nonexistent/play']),
    says: ['/nonexistent/play'],
  },
  {
    code: 'LIMIT_NO_MATCH',
    when: 'a limit leaves no host',
    run: (box) => inventory(box, hosts, ['--limit', 'a:!a']),
    says: ['`a:!a`'],
  },
  {
    code: 'LIMIT_INVALID',
    when: 'a limit names a file that does not exist',
    run: (box) => inventory(box, hosts, ['--limit', '@/nonexistent/retry']),
    says: ['/nonexistent/retry'],
  },
  {
    code: 'LIMIT_INVALID',
    when: 'a limit is a file without any name',
    run: (box) => {
      const file = join(box.folder, randomUUID())
      writeFileSync(file, '\n')
      return inventory(box, hosts, ['--limit', `@${file}`])
    },
    says: ['is empty', '`@` before a file'],
  },
  {
    code: 'INVENTORY_INVALID',
    when: 'hosts have mistakes, all of which it names',
    run: (box) =>
      inventory(box, {
        all: {
          hosts: {
            a: { nixos_vm: { flake: '.#a', memmory: 1 } },
            b: { nixos_vm: { cores: 'x' } },
            c: { nixos_vm: { flake: '.#c' } },
          },
        },
      }),
    says: [
      '2 of 3 hosts',
      'did you mean `memory`',
      '`nixos_vm.cores` of b',
      'needs `flake` or `store_paths`',
    ],
  },
  {
    code: 'INVENTORY_VALUE',
    within: 'INVENTORY_INVALID',
    when: 'a variable is a template and there is no Ansible',
    run: (box) =>
      inventory(box, { all: { hosts: { a: { nixos_vm: { flake: '.#{{ inventory_hostname }}' } } } } }),
    says: ['`nixos_vm.flake` of a', 'template', '.yml'],
  },
]
