import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import type { NciError } from '../../../src/core/errors.ts'
import { type HostsInput, readHosts } from '../../../src/workflows/batch/hosts.ts'
import { invalidHosts } from '../../../src/workflows/inventory.ts'
import { treeFolder } from '../../inventory/support.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

/** Reads plain YAML, and keeps what was told on the way. */
async function readTree(files: Readonly<Record<string, unknown>>, more: Partial<HostsInput> = {}) {
  using folder = treeFolder(files)
  for (const name of ['PROXMOX_HOST', 'PROXMOX_TOKEN_ID', 'PROXMOX_TOKEN_SECRET', 'PROXMOX_PASSWORD']) {
    if (process.env[name] === undefined) vi.stubEnv(name, '')
  }
  const told: string[] = []
  const input: HostsInput = { inventory: join(folder.path, 'hosts.yml'), inventory_reader: 'yaml', ...more }
  const read = await readHosts(input, {
    signal: new AbortController().signal,
    redact: String,
    emit: (event) => told.push(JSON.stringify(event)),
    keepSecret: (document) => told.push(`secrets of ${String(document.name)}`),
  })
  const byName = Object.fromEntries(read.hosts.map((host) => [host.name, host]))
  return { ...read, byName, told, input }
}

const messages = (problems: readonly NciError[] = []): string[] => problems.map(({ message }) => message)
const vm = (values: object): object => ({ nixos_vm: { flake: '.#x', ...values } })

test('values win over the inventory, the inventory over the environment, the environment over defaults', async () => {
  vi.stubEnv('PROXMOX_HOST', 'from-environment')
  vi.stubEnv('PROXMOX_PORT', '8007')
  const { byName } = await readTree(
    {
      'hosts.yml': {
        all: {
          vars: { nixos_vm_defaults: { memory: 1024, cores: 3 } },
          hosts: { web1: { ...vm({ memory: 2048 }), proxmox_api_host: 'from-inventory' }, web2: vm({}) },
        },
      },
    },
    { values: { memory: 4096 } },
  )
  expect(byName.web1?.input).toMatchObject({
    ...{ name: 'web1', api_host: 'from-inventory', api_port: 8007, memory: 4096, cores: 3, sockets: 1 },
  })
  expect(byName.web2?.input).toMatchObject({ api_host: 'from-environment', memory: 4096 })
  // Defaults are filled in there only.
  expect(byName.web1?.document).not.toHaveProperty('sockets')
})

test('a stronger source displaces what would win over it', async () => {
  vi.stubEnv('PROXMOX_TOKEN_ID', 'root@pam!ci')
  vi.stubEnv('PROXMOX_TOKEN_SECRET', 'token-secret')
  const { byName } = await readTree(
    {
      'hosts.yml': {
        all: { hosts: { web1: { ...vm({ iso_path: '/x.iso' }), proxmox_api_password: 'pass-word' } } },
      },
    },
    { values: { iso_url: 'https://example.org/x.iso' } },
  )
  expect(byName.web1?.document).toMatchObject({
    api_password: 'pass-word',
    iso_url: 'https://example.org/x.iso',
  })
  for (const name of ['api_token_id', 'api_token_secret', 'iso_path']) {
    expect(byName.web1?.document).not.toHaveProperty(name)
  }
})

test('secrets of every host are registered before anything is said', async () => {
  const { told } = await readTree({
    'hosts.yml': { all: { hosts: { web1: vm({}), web2: vm({}) }, oddity: { a: 1 } } },
  })
  expect(told).toEqual(['secrets of web1', 'secrets of web2', expect.stringContaining('oddity')])
})

test('mistakes are told by host and variable, and spoil nobody else', async () => {
  const { byName, hosts, input } = await readTree({
    'hosts.yml': {
      all: {
        vars: { proxmox_api_port: 'eight' },
        hosts: {
          good: { ...vm({}), proxmox_api_port: 8006 },
          types: vm({ cores: 'many', disks: [{ size: '1G' }, { size: 'huge' }] }),
          misspelt: { ...vm({ memmory: 1, detach: 'hot', api_host: 'x' }), proxmox_api_port: 1 },
          empty: { nixos_vm: { cores: 1 }, proxmox_api_port: 1 },
          template: { nixos_vm: { flake: '{{ x }}' }, proxmox_api_port: 1 },
          text: { nixos_vm: 'cores=1', proxmox_api_port: 1 },
        },
      },
    },
  })
  const wrong = Object.fromEntries(
    hosts.map(({ name, problems }) => [name, problems.map(({ details }) => details.variable)]),
  )
  expect(wrong).toEqual({
    good: [],
    types: expect.arrayContaining(['nixos_vm.cores', 'nixos_vm.disks[1].size', 'proxmox_api_port']),
    misspelt: ['nixos_vm.memmory', 'nixos_vm.detach', 'nixos_vm.api_host'],
    empty: ['nixos_vm'],
    template: ['nixos_vm.flake'],
    text: ['nixos_vm'],
  })
  expect(byName.good?.input).toBeDefined()
  expect(byName.types?.input).toBeUndefined()
  expect(messages(byName.misspelt?.problems).join()).toMatch(
    /did you mean `memory`.*`nixos_provision_detach`.*`proxmox_api_host`/,
  )
  expect(messages(byName.types?.problems).join()).toMatch(/of types cannot be used: .*hosts\.yml/)
  const error = invalidHosts(input, { hosts })
  expect(error).toMatchObject({ code: 'INVENTORY_INVALID', exitCode: 3 })
  expect(error?.message).toMatch(/^5 of 6 hosts/)
  expect(error?.details.hosts).toHaveLength(5)
})

test('a mistake that many hosts share is told once', async () => {
  const { hosts, input } = await readTree({
    'hosts.yml': { all: { hosts: { 'web[001:500]': null }, vars: vm({ cores: 'many' }) } },
  })
  const message = invalidHosts(input, { hosts })?.message ?? ''
  expect(message).toMatch(
    /^500 of 500 .*`nixos_vm\.cores` of web001, web002, web003 and 497 more cannot be used/,
  )
  expect(message.match(/cannot be used/g)).toHaveLength(1)
})

test('a default that cannot be had is no mistake where the host has a value of its own', async () => {
  const { hosts } = await readTree({
    'hosts.yml': {
      all: {
        vars: { nixos_vm_defaults: { networks: [{ ip: '{{ ansible_host }}/24' }], flake: '.#x' } },
        hosts: { own: { nixos_vm: { networks: [{ ip: 'dhcp' }] } }, none: null },
      },
    },
  })
  expect(hosts.map(({ problems }) => problems.length)).toEqual([0, 1])
})

test('without mistakes there is no error', async () => {
  const { hosts, input } = await readTree({ 'hosts.yml': { all: { hosts: { web1: vm({}) } } } })
  expect(invalidHosts(input, { hosts })).toBeUndefined()
})
