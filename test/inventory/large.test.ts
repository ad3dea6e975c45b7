import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { readHosts } from '../../src/workflows/batch/hosts.ts'
import { realAnsible, treeFolder } from './support.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

const sites = Array.from({ length: 10 }, (_, index) => `site${index}`)
const racks = Array.from({ length: 5 }, (_, index) => `rack${index}`)

/** 500 hosts: sites of racks of rows, eight levels of groups, variables at each of them. */
function deepInventory(template: (text: string) => string): Record<string, unknown> {
  const row = (name: string): object => {
    let group: object = { hosts: { [`${name}-[01:10]`]: { nixos_vm: { tags: [name] } } } }
    for (const level of ['bay', 'shelf', 'slot', 'unit', 'cell']) {
      group = { children: { [`${level}_${name}`]: { ...group, vars: { [level]: name } } } }
    }
    return group
  }
  const rack = (site: string) =>
    Object.fromEntries(
      racks.map((name) => [`${site}_${name}`, row(`${site}${name}`.replaceAll(/[aeiou]/g, ''))]),
    )
  return {
    'hosts.yml': {
      all: {
        children: {
          world: { children: Object.fromEntries(sites.map((site) => [site, { children: rack(site) }])) },
        },
      },
    },
    'group_vars/all.yml': {
      nixos_vm_defaults: { memory: 2048, flake: template('{{ repository }}#{{ inventory_hostname }}') },
      repository: 'github:example/infrastructure',
      proxmox_api_host: 'pve.example.org',
    },
    ...Object.fromEntries(
      sites.map((site, index) => [`group_vars/${site}.yml`, { nixos_provision_timeout: 1000 + index }]),
    ),
    'host_vars/st3rck2-07.yml': { nixos_vm: { memory: 4096 } },
  }
}

const options = {
  signal: new AbortController().signal,
  emit: () => undefined,
  redact: String,
  keepSecret: () => undefined,
}

test('an inventory of 500 hosts with deep groups is read by Ansible and without it, with one result', async (context) => {
  using plain = treeFolder(deepInventory(() => 'github:example/infrastructure#host'))
  const program = join(await realAnsible(context, plain.path), 'ansible-playbook')
  const inventory = join(plain.path, 'hosts.yml')
  const read = async (inventory_reader: 'ansible' | 'yaml') =>
    (await readHosts({ inventory, inventory_reader, ansible_playbook: program }, options)).hosts
  const [byAnsible, byUs] = [await read('ansible'), await read('yaml')]
  expect(byUs).toHaveLength(500)
  expect(byUs.flatMap(({ problems }) => problems)).toEqual([])
  expect(byUs).toEqual(byAnsible)
  expect(byUs[0]?.groups).toHaveLength(8)
  const changed = byUs.find(({ name }) => name === 'st3rck2-07')
  expect(changed?.input).toMatchObject({
    memory: 4096,
    timeout: 1003,
    flake: expect.stringContaining('#host'),
  })
})

test('of 500 hosts with templates each has its own values', async (context) => {
  using templated = treeFolder(deepInventory((text) => text))
  const ansible_playbook = join(await realAnsible(context, templated.path), 'ansible-playbook')
  const input = {
    inventory: join(templated.path, 'hosts.yml'),
    inventory_reader: 'auto',
    ansible_playbook,
  } as const
  const { hosts } = await readHosts(input, options)
  expect(hosts.map(({ input }) => input?.flake)).toEqual(
    hosts.map(({ name }) => `github:example/infrastructure#${name}`),
  )
  expect(hosts).toHaveLength(500)
})
