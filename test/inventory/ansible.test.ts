import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { documentMaker } from '../../src/inventory/host-document.ts'
import { oldest } from '../ansible/support/requirements.ts'
import { temporaryFolder } from '../support/folder.ts'
import { until } from '../support/lab.ts'
import { writeProgram } from '../support/program.ts'
import { namesOf, read, realAnsible, valuesOf, writeTree } from './support.ts'

let folder: ReturnType<typeof temporaryFolder>
let program: string

beforeEach(async (context) => {
  folder = temporaryFolder()
  // Nobody else's leftovers are looked at.
  vi.stubEnv('TMPDIR', folder.path)
  program = join(await realAnsible(context, folder.path), 'ansible-playbook')
})
afterEach(() => {
  vi.unstubAllEnvs()
  folder[Symbol.dispose]()
})

/** Reads what the test wrote. */
const readHere = (name: string, more: object = {}) =>
  read({ inventory: join(folder.path, name), ansible_playbook: program, ...more })

const leftovers = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('nci-inventory-'))

test('INI: values arrive as Ansible gives them', async () => {
  writeTree(folder.path, {
    'hosts.ini': `[web]
web[1:2] nixos_vm='{"cores": 4, "tags": ["a"]}' proxmox_api_host=pve
[web:vars]
nixos_vm_defaults={'memory': 1024, 'onboot': True}
`,
  })
  const inventory = await readHere('hosts.ini')
  expect(inventory.reader).toBe('ansible')
  expect(valuesOf(inventory)).toEqual({ web1: { cores: 4, tags: ['a'] }, web2: { cores: 4, tags: ['a'] } })
  expect(inventory.hosts[0]?.variables).toMatchObject({
    nixos_vm_defaults: { memory: 1024, onboot: true },
    proxmox_api_host: 'pve',
  })
  expect(inventory.hosts[0]?.groups).toEqual(['web'])
})

test('templates, lookups, hostvars and groups are what a play has', async () => {
  writeTree(folder.path, {
    'hosts.yml': {
      web: { hosts: { web1: { ansible_host: '192.0.2.1' }, web2: { nixos_vm: { onboot: '{{ omit }}' } } } },
    },
    'group_vars/all.yml': {
      nixos_vm_defaults: {
        memory: '{{ 1024 * 2 }}',
        description:
          '{{ inventory_hostname }} of {{ groups.web | length }}: {{ hostvars.web1.ansible_host }}',
        tags: '{{ ansible_play_hosts }}',
        ci_user: "{{ lookup('env', 'NCI_TEST_USER') }}",
        ssh_public_keys: ["{{ lookup('file', inventory_dir ~ '/key.pub') }}"],
      },
    },
    'key.pub': 'ssh-ed25519 AAAA me\n',
  })
  vi.stubEnv('NCI_TEST_USER', 'alice')
  const inventory = await readHere('hosts.yml')
  expect(inventory.hosts[1]).toMatchObject({
    variables: {
      nixos_vm_defaults: {
        memory: 2048,
        description: 'web2 of 2: 192.0.2.1',
        tags: ['web1', 'web2'],
        ci_user: 'alice',
        ssh_public_keys: ['ssh-ed25519 AAAA me'],
      },
    },
    problems: [],
  })
  expect(valuesOf(inventory).web2).toEqual({})
})

test('one undefined variable, one failing lookup and one broken template spoil their own hosts only', async () => {
  writeTree(folder.path, {
    'hosts.yml': {
      all: {
        hosts: {
          good: { nixos_vm: { cores: 1 }, unrelated: '{{ nothing }}' },
          undefined: { nixos_vm: { cores: 1, networks: [{ ip: '{{ no_such }}/24' }] } },
          lookup: { nixos_vm: { tags: "{{ lookup('file', '/nonexistent/file') }}" } },
          broken: { nixos_vm: '{{ cores' },
        },
      },
    },
  })
  const { hosts } = await readHere('hosts.yml')
  const file = expect.stringContaining(join(folder.path, 'hosts.yml:'))
  const problems = Object.fromEntries(hosts.map((host) => [host.name, host.problems]))
  expect(problems).toEqual({
    good: [],
    undefined: [
      {
        variable: 'nixos_vm.networks[0].ip',
        reason: expect.stringContaining("'no_such' is undefined"),
        file,
      },
    ],
    lookup: [{ variable: 'nixos_vm.tags', reason: expect.stringContaining('/nonexistent/file'), file }],
    broken: [{ variable: 'nixos_vm', reason: expect.stringMatching(/template/i), file }],
  })
  expect(hosts[1]?.variables.nixos_vm).toEqual({ cores: 1, networks: [{}] })
})

test('a dynamic inventory is run, and its variables are templates too', async () => {
  const list = {
    web: { hosts: ['web1', 'web2'], vars: { nixos_vm: { name: 'vm-{{ inventory_hostname }}' } } },
    _meta: { hostvars: { web2: { proxmox_api_host: 'other' } } },
  }
  writeProgram(join(folder.path, 'dynamic'), `cat <<'END'\n${JSON.stringify(list)}\nEND`)
  const inventory = await readHere('dynamic')
  expect(namesOf(inventory)).toEqual(['web1', 'web2'])
  expect(inventory.hosts[1]?.variables.proxmox_api_host).toBe('other')
})

describe('vault', () => {
  beforeEach(async () => {
    writeTree(folder.path, { password: 'sesame\n', other: 'tabby\n' })
    const vault = join(program, '..', 'ansible-vault')
    const encrypt = (...words: string[]) =>
      execa(vault, [...words, '--vault-password-file', join(folder.path, 'password')])
    const { stdout } = await encrypt('encrypt_string', 'top secret', '--name', 'proxmox_api_host')
    writeTree(folder.path, {
      'inventory/hosts.yml': {
        all: { hosts: { plain: { nixos_vm: { cores: 1 } }, inline: null, file: null } },
      },
      'inventory/host_vars/inline.yml': `${stdout}\n`,
      'inventory/host_vars/file.yml': { proxmox_api_host: 'whole file' },
    })
    await encrypt('encrypt', join(folder.path, 'inventory/host_vars/file.yml'))
  })

  test('opens with a password file', async () => {
    const inventory = await readHere('inventory', { vault_password_file: join(folder.path, 'password') })
    expect(valuesOf(inventory, 'proxmox_api_host')).toEqual({ inline: 'top secret', file: 'whole file' })
  })

  test('opens with what the environment and ansible.cfg name', async () => {
    writeFileSync(
      join(folder.path, 'ansible.cfg'),
      `[defaults]\nvault_password_file=${folder.path}/password\n`,
    )
    const inventory = await readHere('inventory')
    expect(valuesOf(inventory, 'proxmox_api_host')).toMatchObject({ inline: 'top secret' })
  })

  test.each([undefined, 'other'])('without the password (%s) it spoils its own hosts', async (name) => {
    const more = name === undefined ? {} : { vault_password_file: join(folder.path, name) }
    const { hosts } = await readHere('inventory', more)
    expect(hosts.map(({ problems }) => problems.length)).toEqual([0, 1, 1])
    expect(hosts[1]?.problems[0]).toMatchObject({
      variable: 'proxmox_api_host',
      file: expect.stringContaining('host_vars/inline.yml'),
    })
    const documentOf = await documentMaker()
    for (const host of hosts.slice(1))
      expect(documentOf(host).problems[0]).toMatchObject({
        hint: expect.stringContaining('`--vault-password-file`'),
      })
  })
})

test('limits are Ansible’s own', async () => {
  writeTree(folder.path, {
    'hosts.ini': '[web]\nweb[1:4]\n[db]\ndb1\n',
    retry: 'web2\ndb1\n',
  })
  const limited = async (limit: string) => namesOf(await readHere('hosts.ini', { limit }))
  expect(await limited('web:!web3')).toEqual(['web1', 'web2', 'web4'])
  expect(await limited(`@${join(folder.path, 'retry')}`)).toEqual(['web2', 'db1'])
  const partly = await readHere('hosts.ini', { limit: 'web1,nobody' })
  expect(namesOf(partly)).toEqual(['web1'])
  expect(partly.warnings).toEqual([expect.stringContaining('nobody')])
  await expect(limited('nobody')).rejects.toMatchObject({ code: 'LIMIT_NO_MATCH' })
  await expect(limited('@nowhere')).rejects.toMatchObject({ code: 'LIMIT_INVALID' })
  // To Ansible itself these are all hosts.
  writeTree(folder.path, { nobody: '\n' })
  for (const limit of [' ', ':!web3', `@${join(folder.path, 'nobody')}`])
    await expect(limited(limit), limit).rejects.toMatchObject({ code: 'LIMIT_INVALID' })
})

test('sources that Ansible cannot read say why', async () => {
  writeTree(folder.path, { 'hosts.yml': 'all: {hosts: [\n', 'empty.ini': '[web]\n' })
  await expect(readHere('hosts.yml')).rejects.toMatchObject({
    code: 'INVENTORY_UNREADABLE',
    message: expect.stringMatching(/parse/i),
  })
  await expect(readHere('empty.ini')).rejects.toMatchObject({
    code: 'INVENTORY_EMPTY',
    hint: expect.stringContaining(`\`ansible-inventory -i '${folder.path}/empty.ini' --graph\``),
  })
  writeProgram(join(folder.path, 'failing'), 'echo "no contact" >&2; exit 3')
  await expect(readHere('failing')).rejects.toMatchObject({ code: 'INVENTORY_UNREADABLE' })
})

test('several sources and lists of hosts are taken as with ANSIBLE_INVENTORY', async () => {
  writeTree(folder.path, { 'one.ini': 'web1\n', 'two.ini': 'web2\n' })
  const both = `${join(folder.path, 'one.ini')},${join(folder.path, 'two.ini')}`
  expect(namesOf(await read({ inventory: both, ansible_playbook: program }))).toEqual(['web1', 'web2'])
  expect(namesOf(await read({ inventory: 'web1,web2,', ansible_playbook: program }))).toEqual([
    'web1',
    'web2',
  ])
})

test('an Ansible that is not there is said to be missing', async () => {
  writeTree(folder.path, { 'hosts.yml': { web: { hosts: { web1: null } } } })
  await expect(readHere('hosts.yml', { ansible_playbook: '/nonexistent/ansible' })).rejects.toMatchObject({
    code: 'INVENTORY_NEEDS_ANSIBLE',
    message: expect.stringContaining('/nonexistent/ansible'),
  })
})

test('nothing is left behind, and nothing secret is in the arguments or the output', async () => {
  // In place of Ansible: it notes what it was given, and then is Ansible.
  const spy = writeProgram(
    join(folder.path, 'spy'),
    `printf '%s\\n' "$@" >"${folder.path}/words"; stat -c '%a %n' "$NCI_INVENTORY_FOLDER" >"${folder.path}/mode"
"${program}" "$@" >"${folder.path}/output" 2>&1; code=$?
stat -c %a "$NCI_INVENTORY_FOLDER/answer.json" >>"${folder.path}/mode"; exit $code`,
  )
  writeTree(folder.path, { 'hosts.yml': { all: { hosts: { web1: { proxmox_api_host: 'hunter2' } } } } })
  const inventory = await readHere('hosts.yml', { ansible_playbook: spy })
  expect(valuesOf(inventory, 'proxmox_api_host')).toEqual({ web1: 'hunter2' })
  const seen = (name: string): string => readFileSync(join(folder.path, name), 'utf8')
  expect(seen('words') + seen('output')).not.toContain('hunter2')
  expect(seen('mode')).toMatch(/^700 .*\n600\n$/)
  expect(leftovers()).toEqual([])
  await expect(readHere('hosts.yml', { ansible_playbook: '/bin/false' })).rejects.toMatchObject({
    code: 'INVENTORY_UNREADABLE',
  })
  expect(leftovers()).toEqual([])
})

test('an abort ends Ansible with all that it started, and leaves nothing behind', async () => {
  const controller = new AbortController()
  const pidFile = join(folder.path, 'pid')
  writeProgram(
    join(folder.path, 'slow'),
    `echo $$ >"${pidFile}.new" && mv "${pidFile}.new" "${pidFile}"; exec sleep 600`,
  )
  const reading = read(
    { inventory: join(folder.path, 'slow'), ansible_playbook: program },
    [],
    controller.signal,
  )
  await until(() => existsSync(pidFile))
  expect(leftovers()).toHaveLength(1)
  const reason = new Error('enough')
  controller.abort(reason)
  await expect(reading).rejects.toBe(reason)
  expect(leftovers()).toEqual([])
  const pid = readFileSync(pidFile, 'utf8').trim()
  await until(() => !existsSync(`/proc/${pid}/exe`))
})

test('the oldest supported Ansible says the same', async (context) => {
  const old = join(await realAnsible(context, folder.path, oldest), 'ansible-playbook')
  writeTree(folder.path, {
    'hosts.ini': '[web]\nweb1 ansible_host=192.0.2.1 nixos_vm=\'{"cores": 4}\'\nweb2\n',
    'group_vars/web.yml': {
      nixos_vm_defaults: { memory: 2048, networks: [{ ip: '{{ ansible_host }}/24' }] },
      proxmox_api_hots: 'pve',
      other: 1,
    },
  })
  const [ofNew, ofOld] = [await readHere('hosts.ini'), await readHere('hosts.ini', { ansible_playbook: old })]
  expect([ofOld.others, ofNew.others]).toEqual([['proxmox_api_hots'], ['proxmox_api_hots']])
  const told = ({ hosts }: typeof ofOld) =>
    hosts.map(({ name, variables, problems }) => ({ name, variables, problems }))
  expect(told(ofOld)).toEqual(told(ofNew))
  expect(ofOld.hosts.map(({ problems }) => problems.length)).toEqual([0, 1])
})
