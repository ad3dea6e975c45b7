import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { inventoryLines } from '../../src/cli/inventory-report.ts'
import { newest } from '../ansible/support/requirements.ts'
import { until } from '../support/lab.ts'
import { runNci, startNci } from '../support/nci.ts'
import { writeProgram } from '../support/program.ts'
import { pythonEnvironment } from '../support/python.ts'
import { treeFolder } from './support.ts'

const secret = 'correct-horse-battery'
const hosts = {
  'hosts.yml': {
    all: {
      vars: { proxmox_api_host: 'pve', proxmox_api_token_id: 'root@pam!x', proxmox_api_token_secret: secret },
      children: {
        web: { hosts: { web1: { nixos_vm: { flake: '.#web1', description: `uses ${secret}` } } } },
      },
    },
  },
}

test('it prints the hosts with their documents, secrets masked', async () => {
  using folder = treeFolder(hosts)
  const { code, document, stdout, stderr } = await runNci(
    ['inventory', '--inventory', 'hosts.yml', '--inventory-reader', 'yaml'],
    { cwd: folder.path },
  )
  expect(code).toBe(0)
  expect(document).toMatchObject({ ok: true, step: 'inventory', changed: false, warnings: [] })
  expect(document.output).toMatchObject({
    reader: 'yaml',
    hosts: [
      {
        name: 'web1',
        groups: ['web'],
        problems: [],
        values: { name: 'web1', flake: '.#web1', api_token_secret: '********', description: 'uses ********' },
      },
    ],
  })
  expect(document.output.hosts[0].values).not.toHaveProperty('log_file')
  expect(stdout + stderr).not.toContain(secret)
})

test('where a host has mistakes the others are printed all the same', async () => {
  using folder = treeFolder({
    'hosts.yml': {
      all: {
        hosts: {
          good: { nixos_vm: { flake: '.#x', vmid: 100 } },
          bad: { nixos_vm: { flake: '.#x', vmid: 1 } },
        },
      },
    },
  })
  const { code, document } = await runNci(
    ['inventory', '--inventory', 'hosts.yml', '--inventory-reader', 'yaml'],
    { cwd: folder.path },
  )
  expect(code).toBe(3)
  expect(document.error).toMatchObject({
    code: 'INVENTORY_INVALID',
    details: {
      hosts: [
        { name: 'good', problems: [], values: { vmid: 100 } },
        { name: 'bad', problems: [{ code: 'INVENTORY_VALUE', details: { variable: 'nixos_vm.vmid' } }] },
      ],
    },
  })
})

test('where no host is found the warnings say why', async () => {
  using folder = treeFolder({ 'hosts.yml': { all: { host: { web1: {} } } } })
  const words = ['inventory', '--inventory', 'hosts.yml', '--inventory-reader', 'yaml']
  const { document } = await runNci(words, { cwd: folder.path })
  expect(document).toMatchObject({
    error: { code: 'INVENTORY_EMPTY' },
    warnings: ['hosts.yml: `host` of the group `all` means nothing to Ansible.'],
  })
})

test('a limit of which nothing is left is refused, and not taken for all hosts', async () => {
  using folder = treeFolder({ ...hosts, empty: '\n' })
  for (const limit of ['', ' ', '@empty']) {
    for (const command of [['inventory'], ['provision', '--check'], ['vm', 'destroy', '--yes']]) {
      const words = [...command, '--inventory', 'hosts.yml', '--inventory-reader', 'yaml', '--limit', limit]
      const { document } = await runNci(words, { cwd: folder.path })
      expect(document.error?.code, words.join(' ')).toBe('LIMIT_INVALID')
    }
  }
})

test('a misspelt variable is told once for all hosts, and none of what others call theirs', async () => {
  using folder = treeFolder({
    'hosts.yml': {
      all: {
        vars: { proxmox_api_hots: 'pve', nixos_vm: { flake: '.#x' } },
        hosts: {
          web1: { nixos_vm_default: {} },
          web2: { proxmox_net0: '', proxmox_node: 'pve', proxmox_vmid: 1 },
        },
      },
    },
  })
  const words = ['inventory', '--inventory', 'hosts.yml', '--inventory-reader', 'yaml']
  const { document } = await runNci(words, { cwd: folder.path })
  expect(document.warnings).toEqual([
    'The variable `nixos_vm_default` means nothing here: did you mean `nixos_vm_defaults`?',
    'The variable `proxmox_api_hots` means nothing here: did you mean `proxmox_api_host`?',
  ])
})

test('two hosts that want the same are told of, once', async () => {
  using folder = treeFolder({
    'hosts.yml': { all: { hosts: { a: null, b: null }, vars: { nixos_vm: { flake: '.#x', vmid: 500 } } } },
  })
  const words = ['inventory', '--inventory', 'hosts.yml', '--inventory-reader', 'yaml']
  const { document } = await runNci(words, { cwd: folder.path })
  expect(document.error.message).toMatch(
    /have them: a and b want the same VM id: 500\.$|: a and b want the same VM id: 500\.$/,
  )
  expect(document.error.message).not.toContain('b and a')
})

test('group_vars where it was started are said not to be read, unless they lie beside the inventory', async () => {
  using folder = treeFolder({
    'inventory/hosts.yml': { web: { hosts: { web1: { nixos_vm: { flake: '.#x' } } } } },
    'group_vars/all.yml': { nixos_vm_defaults: { cores: 8 } },
    'hosts.yml': { web: { hosts: { web1: { nixos_vm: { flake: '.#x' } } } } },
  })
  const run = (inventory: string) =>
    runNci(['inventory', '--inventory', inventory, '--inventory-reader', 'yaml'], { cwd: folder.path })
  const apart = (await run('inventory')).document
  expect(apart.warnings).toEqual([expect.stringContaining('group_vars')])
  expect(apart.output.hosts[0].values).not.toHaveProperty('cores')
  const beside = (await run('hosts.yml')).document
  expect(beside.warnings).toEqual([])
  expect(beside.output.hosts[0].values.cores).toBe(8)
})

test('the Ansible in PATH is used, with the ansible.cfg of where it was started; files are found there', async (context) => {
  const programs = join(await pythonEnvironment(context, newest), 'bin')
  using folder = treeFolder({
    'ansible.cfg': '[defaults]\nvault_password_file=password\n',
    password: 'sesame\n',
    'key.pub': 'ssh-ed25519 AAAA\n',
    'inventory/hosts.ini': '[web]\nweb1\n',
    'inventory/group_vars/all.yml': {
      nixos_vm: { flake: '.#{{ inventory_hostname }}', ssh_public_keys: ["{{ lookup('file', 'key.pub') }}"] },
      secret: 1,
    },
  })
  await execa(join(programs, 'ansible-vault'), ['encrypt', 'inventory/group_vars/all.yml'], {
    cwd: folder.path,
  })
  const { document } = await runNci(['inventory', '--inventory', 'inventory'], {
    cwd: folder.path,
    env: { PATH: `${programs}:${process.env.PATH}` },
  })
  expect(document.output).toMatchObject({
    reader: 'ansible',
    hosts: [{ name: 'web1', values: { flake: '.#web1', ssh_public_keys: ['ssh-ed25519 AAAA'] } }],
  })
})

test('Ctrl-C ends it with its document, and nothing is left behind', async (context) => {
  const programs = join(await pythonEnvironment(context, newest), 'bin')
  using folder = treeFolder({})
  const pidFile = join(folder.path, 'pid')
  writeProgram(
    join(folder.path, 'slow'),
    `echo $$ >"${pidFile}.new" && mv "${pidFile}.new" "${pidFile}"; exec sleep 600`,
  )
  const run = startNci(['inventory', '--inventory', 'slow'], {
    cwd: folder.path,
    env: { PATH: `${programs}:${process.env.PATH}`, TMPDIR: folder.path },
  })
  await until(() => existsSync(pidFile))
  run.child.kill('SIGINT')
  const { code, stdout } = await run.ended
  expect(code).toBe(130)
  expect(JSON.parse(stdout)).toMatchObject({ ok: false, error: { code: 'INTERRUPTED' } })
  expect(readdirSync(folder.path).filter((name) => name.startsWith('nci-inventory-'))).toEqual([])
  const pid = readFileSync(pidFile, 'utf8').trim()
  await until(() => !existsSync(`/proc/${pid}/exe`))
})

test('people get a line for each host', () => {
  const host = (name: string, values: object, problems: object[] = []) => ({
    name,
    groups: [],
    values: { name, ...values },
    problems: problems as [],
  })
  const lines = inventoryLines(
    {
      reader: 'yaml',
      hosts: [
        host('web1', { node: 'pve1', flake: '.#web1', networks: [{ ip: '192.0.2.1/24' }] }),
        host(
          'db1',
          { name: 'database', node: 'pve2', store_paths: ['/nix/store/x'], ssh_host: 'db.example.org' },
          [{}],
        ),
      ],
    },
    100,
  )
  expect(lines).toEqual([
    'host            node  address         system        problems',
    'web1            pve1  192.0.2.1       .#web1',
    'db1 (database)  pve2  db.example.org  /nix/store/x  1',
    '',
    '2 hosts, 1 with problems, read without Ansible.',
  ])
})

test('a person sees the groups: in a column where there is place, else all of them below', () => {
  const hosts = [
    { name: 'web1', groups: ['web', 'prod'], values: { flake: '.#web1' }, problems: [] },
    { name: 'db1', groups: [], values: { flake: '.#db1' }, problems: [] },
  ]
  expect(inventoryLines({ reader: 'yaml', hosts }, 60).slice(0, 3)).toEqual([
    'host  groups     node  address  system  problems',
    'web1  web, prod                 .#web1',
    'db1                             .#db1',
  ])
  expect(inventoryLines({ reader: 'yaml', hosts }, 40)).toEqual([
    'host  node  address  system  problems',
    'web1                 .#web1',
    'db1                  .#db1',
    '',
    '2 hosts, all fine, read without Ansible.',
    'Groups: web, prod.',
  ])
})
