import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { namesOf, read, treeFolder, valuesOf } from './support.ts'

const cores = (number: number): object => ({ nixos_vm: { cores: number } })

test('groups, ranges and variables are nested as deep as one likes', async () => {
  using folder = treeFolder({
    'hosts.yml': {
      all: {
        vars: cores(1),
        children: {
          europe: {
            children: { web: { hosts: { 'web[01:03]': null, 'web9:2222': cores(9) }, vars: cores(2) } },
          },
          db: { hosts: { 'db-[a:b]': {} } },
        },
        hosts: { lonely: null },
      },
    },
  })
  const inventory = await read({ inventory: join(folder.path, 'hosts.yml') })
  expect(inventory.reader).toBe('yaml')
  expect(namesOf(inventory)).toEqual(['web01', 'web02', 'web03', 'web9', 'db-a', 'db-b', 'lonely'])
  expect(inventory.hosts[0]?.groups).toEqual(['europe', 'web'])
  expect(inventory.hosts.at(-1)?.groups).toEqual([])
  const values = valuesOf(inventory)
  expect(values).toMatchObject({ web01: { cores: 2 }, web9: { cores: 9 }, 'db-a': { cores: 1 } })
})

test('the deeper group wins, then the priority, then the name', async () => {
  using folder = treeFolder({
    'hosts.yml': {
      a: { hosts: { one: null, two: null }, vars: cores(1) },
      b: { hosts: { one: null, two: null, three: null }, vars: cores(2) },
      c: { hosts: { two: null }, vars: { ...cores(3), ansible_group_priority: 10 } },
      d: { children: { a2: { hosts: { three: null }, vars: cores(4) } } },
      z: { hosts: { two: null }, vars: cores(5) },
    },
  })
  expect(valuesOf(await read({ inventory: folder.path }))).toEqual({
    one: { cores: 2 },
    two: { cores: 3 },
    three: { cores: 4 },
  })
})

test('group_vars and host_vars beside the inventory win, whatever their form', async () => {
  using folder = treeFolder({
    'hosts.yml': { web: { hosts: { web1: cores(1), web2: cores(1), web3: null, web4: null } } },
    'group_vars/all/one.yml': { proxmox_api_host: 'first' },
    'group_vars/all/two.yaml': { proxmox_api_host: 'second' },
    'group_vars/all/.hidden.yml': { proxmox_api_host: 'hidden' },
    'group_vars/all/backup.yml~': { proxmox_api_host: 'backup' },
    'group_vars/all/deeper/three.json': JSON.stringify({ nixos_vm_defaults: { memory: 4096 } }),
    'group_vars/web': { nixos_vm: { cores: 5 } },
    'host_vars/web2.json': JSON.stringify(cores(7)),
    'host_vars/web3.yaml': '',
  })
  const inventory = await read({ inventory: join(folder.path, 'hosts.yml') })
  expect(valuesOf(inventory)).toEqual({
    web1: { cores: 1 },
    web2: { cores: 7 },
    web3: { cores: 5 },
    web4: { cores: 5 },
  })
  expect(inventory.hosts[0]?.variables).toMatchObject({
    proxmox_api_host: 'second',
    nixos_vm_defaults: { memory: 4096 },
  })
  expect(inventory.hosts[0]?.origins.proxmox_api_host).toBe(join(folder.path, 'group_vars/all/two.yaml'))
})

test('several sources make one inventory, the later one wins', async () => {
  using folder = treeFolder({
    'one/hosts.yml': { web: { hosts: { web1: cores(1), web2: cores(1) } } },
    'two/more.yml': { web: { hosts: { web2: cores(2), web3: cores(2) } } },
    'two/group_vars/web.yml': { proxmox_api_host: 'two' },
    'one/group_vars/web.yml': { proxmox_api_host: 'one' },
    'two/notes.md': '# no inventory',
  })
  const [one, two] = [join(folder.path, 'one/hosts.yml'), join(folder.path, 'two')]
  const inventory = await read({ inventory: `${one},${two}` })
  expect(valuesOf(inventory)).toEqual({ web1: { cores: 1 }, web2: { cores: 2 }, web3: { cores: 2 } })
  expect(valuesOf(inventory, 'proxmox_api_host').web1).toBe('two')
})

test('scalars are those of YAML 1.1, as for Ansible', async () => {
  using folder = treeFolder({
    'hosts.yml': `all:
  hosts:
    web1:
      nixos_vm: {yes: y, no: n, a: yes, b: off, c: 010, d: 1_000, e: 2026-01-02, f: 1e3, g: ~, h: "yes"}
      nixos_vm_defaults: &shared {memory: 1024, cores: 1}
      nixos_other: 1
    web2:
      nixos_vm: {<<: *shared, cores: 2}
`,
  })
  const values = valuesOf(await read({ inventory: folder.path }))
  expect(values.web1).toEqual({
    ...{ true: 'y', false: 'n', a: true, b: false, c: 8, d: 1000 },
    ...{ e: '2026-01-02', f: '1e3', g: null, h: 'yes' },
  })
  expect(values.web2).toEqual({ memory: 1024, cores: 2 })
})

test('a key that is there twice is a warning with its line, and the last one counts', async () => {
  using folder = treeFolder({
    'hosts.yml': `all:
  hosts:
    web1: {nixos_vm: {cores: 1, cores: 2, <<: {cores: 9, memory: 1}, <<: {memory: 2}}}
    web2:
    "web1": {nixos_vm: {cores: 3}}
`,
    'group_vars/all.yml': 'proxmox_api_host: one\nother: {a: 1}\nproxmox_api_host: two\n',
  })
  const inventory = await read({ inventory: join(folder.path, 'hosts.yml') })
  const twice = (file: string, key: string, line: number): string =>
    `${join(folder.path, file)}: \`${key}\` is there a second time in line ${line}, and only the last one counts.`
  expect(inventory.warnings).toEqual([
    twice('hosts.yml', 'cores', 3),
    twice('hosts.yml', 'web1', 5),
    twice('group_vars/all.yml', 'proxmox_api_host', 3),
  ])
  expect(valuesOf(inventory)).toMatchObject({ web1: { cores: 3 } })
  expect(valuesOf(inventory, 'proxmox_api_host').web2).toBe('two')
})

test.each(['', '\n \n', '---\n', '# all of it\n# is a comment\n'])(
  'a file with %j in it says nothing',
  async (text) => {
    using folder = treeFolder({
      'inventory/hosts.yml': { web: { hosts: { web1: cores(1) } } },
      'inventory/more.yml': text,
      'inventory/group_vars/all.yml': text,
      empty: text,
    })
    const { warnings, hosts } = await read({ inventory: join(folder.path, 'inventory') })
    expect(warnings).toEqual([`There is nothing in ${join(folder.path, 'inventory', 'more.yml')}.`])
    expect(hosts).toHaveLength(1)
    await expect(read({ inventory: join(folder.path, 'empty') })).rejects.toMatchObject({
      code: 'INVENTORY_EMPTY',
      hint: expect.not.stringContaining('ansible'),
    })
  },
)

test('a file for the password of a vault has to be there, also where it is of no use', async () => {
  using folder = treeFolder({ 'own/hosts.yml': { web: { hosts: { web1: null } } }, password: 'sesame' })
  const reading = (vault_password_file: string) =>
    read({ inventory: join(folder.path, 'own'), vault_password_file })
  await expect(reading('/nonexistent/password')).rejects.toMatchObject({
    code: 'INVENTORY_UNREADABLE',
    message: expect.stringContaining('there is no file /nonexistent/password for the password of its vault'),
    hint: expect.stringContaining('--vault-password-file'),
  })
  expect(namesOf(await reading(join(folder.path, 'password')))).toEqual(['web1'])
})

test('variables that only begin like those that are read are named as well', async () => {
  using folder = treeFolder({
    'hosts.yml': {
      web: {
        hosts: { web1: { proxmox_net0: 'x' }, web2: { nixos_vms: 1 } },
        vars: { proxmox_api_hots: 'y', other: 1 },
      },
    },
  })
  const { others } = await read({ inventory: folder.path })
  expect(others).toEqual(['nixos_vms', 'proxmox_api_hots', 'proxmox_net0'])
})

test('a template spoils its own host, and names variable and file', async () => {
  using folder = treeFolder({
    'hosts.yml': {
      all: {
        hosts: {
          web1: { nixos_vm: { networks: [{ bridge: 'vmbr0', ip: '{{ ansible_host }}/24' }], cores: 2 } },
          web2: { nixos_vm: { cores: 2 }, unrelated: '{{ not_looked_at }}' },
        },
      },
    },
  })
  const { hosts } = await read({ inventory: folder.path })
  expect(hosts[0]?.problems).toEqual([
    {
      variable: 'nixos_vm.networks[0].ip',
      reason: expect.stringContaining('template'),
      file: join(folder.path, 'hosts.yml'),
    },
  ])
  expect(hosts[0]?.variables.nixos_vm).toEqual({ networks: [{ bridge: 'vmbr0' }], cores: 2 })
  expect(hosts[1]?.problems).toEqual([])
})

test('an encrypted value spoils its own host; what is marked as unsafe is a text', async () => {
  using folder = treeFolder({
    'hosts.yml': `all:
  hosts:
    web1: {proxmox_api_host: !vault "$ANSIBLE_VAULT;1.1;AES256"}
    web2: {proxmox_api_host: !unsafe "{{ pve }}"}
`,
  })
  const { hosts } = await read({ inventory: folder.path })
  expect(hosts[0]?.problems).toMatchObject([
    { variable: 'proxmox_api_host', reason: expect.stringContaining('encrypted') },
  ])
  expect(hosts[1]).toMatchObject({ problems: [], variables: { proxmox_api_host: '{{ pve }}' } })
})

test('a list of hosts ends with a comma', async () => {
  expect(namesOf(await read({ inventory: 'web1, web2:22,' }))).toEqual(['web1', 'web2'])
  expect(namesOf(await read({ inventory: 'web1,web2,', limit: '!web1' }))).toEqual(['web2'])
})

describe('what only Ansible can read says so', () => {
  const cases: Record<string, Record<string, unknown>> = {
    'INI without an ending': { hosts: '[web]\nweb1 ansible_host=192.0.2.1\n' },
    'INI with an ending': { 'hosts.ini': '[web]\nweb1\n' },
    'a script': { 'hosts.sh': '#!/bin/sh\necho {}\n' },
    'a plugin': { 'proxmox.yml': { plugin: 'community.proxmox.proxmox' } },
    'an encrypted file': {
      'hosts.yml': { all: { hosts: { a: null } } },
      'group_vars/all.yml': '$ANSIBLE_VAULT;1.1;AES256\n00',
    },
  }
  test.each(Object.entries(cases))('%s', async (_name, files) => {
    using folder = treeFolder(files)
    const [first = ''] = Object.keys(files)
    const file = join(folder.path, first)
    if (first.endsWith('.sh')) chmodSync(file, 0o755)
    await expect(read({ inventory: file })).rejects.toMatchObject({
      code: 'INVENTORY_NEEDS_ANSIBLE',
      hint: expect.stringContaining('pipx install ansible-core'),
    })
  })
})

describe('what is wrong with an inventory', () => {
  const cases: Record<string, [unknown, string | RegExp]> = {
    'broken syntax': ['all: {hosts: [\n', /line \d+, column \d+/],
    'hosts as a list': [{ web: { hosts: ['web1'] } }, '`hosts` of the group `web` is no dictionary'],
    'a group within itself': [{ a: { children: { b: { children: { a: null } } } } }, 'within itself'],
    'a broken range': [{ a: { hosts: { 'web[3]': null } } }, 'no range'],
    'ranges of different width': [{ a: { hosts: { 'web[01:100]': null } } }, 'same number of digits'],
  }
  test.each(Object.entries(cases))('%s', async (_name, [content, reason]) => {
    using folder = treeFolder({ 'hosts.yml': content })
    const reading = read({ inventory: join(folder.path, 'hosts.yml') })
    await expect(reading).rejects.toMatchObject({
      code: 'INVENTORY_UNREADABLE',
      message: expect.stringMatching(reason),
    })
  })

  test('what is said to be done names the inventory, also for a file beside it, in words of a shell', async () => {
    using folder = treeFolder({
      "it's here/hosts": { web: { hosts: { web1: null } } },
      "it's here/group_vars/all.yml": 'a: [',
      'more.yml': { web: { hosts: { web2: null } } },
    })
    const first = join(folder.path, "it's here", 'hosts')
    await expect(read({ inventory: `${first},${join(folder.path, 'more.yml')}` })).rejects.toMatchObject({
      code: 'INVENTORY_UNREADABLE',
      message: expect.stringContaining('all.yml'),
      hint: expect.stringContaining(
        `\`ansible-inventory -i '${folder.path}/it'\\''s here/hosts' -i '${folder.path}/more.yml' --list\``,
      ),
    })
    const limited = read({ inventory: join(folder.path, 'more.yml'), limit: 'web9' })
    await expect(limited).rejects.toMatchObject({
      code: 'LIMIT_NO_MATCH',
      hint: expect.stringContaining(`nci inventory --inventory '${folder.path}/more.yml'`),
    })
  })

  test('a syntax error does not quote the line, which may hold a secret', async () => {
    using folder = treeFolder({ 'hosts.yml': 'all:\n  vars:\n    password: "hunter2\n' })
    const error = await read({ inventory: folder.path }).catch((thrown: unknown) => thrown)
    expect(JSON.stringify(error) + String(error)).not.toContain('hunter2')
  })
})

test('an inventory without hosts, a missing one and a limit without match are errors of their own', async () => {
  using folder = treeFolder({
    'hosts.yml': { all: { children: { web: null } } },
    'one.yml': { a: { hosts: { b: null } } },
  })
  const missing = join(folder.path, 'missing.yml')
  await expect(read({ inventory: join(folder.path, 'hosts.yml') })).rejects.toMatchObject({
    code: 'INVENTORY_EMPTY',
  })
  await expect(read({ inventory: `${join(folder.path, 'one.yml')},${missing}` })).rejects.toMatchObject({
    code: 'INVENTORY_NOT_FOUND',
    message: expect.stringContaining(missing),
  })
  const limited = read({ inventory: join(folder.path, 'one.yml'), limit: 'c' })
  await expect(limited).rejects.toMatchObject({ code: 'LIMIT_NO_MATCH' })
})
