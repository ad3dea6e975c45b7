import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { validate } from '../../src/core/validate.ts'
import { documents } from '../../src/generated/commands.ts'
import { readHosts } from '../../src/workflows/batch/hosts.ts'
import { openStage, prefix, type Stage } from '../ansible/support/play.ts'
import { newest, oldest } from '../ansible/support/requirements.ts'
import { writeProgram } from '../support/program.ts'
import { writeTree } from './support.ts'

/** Hosts that say the same things in many ways. */
const inventory = {
  'hosts.yml': {
    all: {
      vars: { proxmox_api_host: 'pve.example.org', proxmox_api_port: '8006', proxmox_validate_certs: 'no' },
      children: {
        web: {
          hosts: {
            plain: { ansible_host: '192.0.2.1' },
            texts: {
              ansible_host: '192.0.2.2',
              nixos_vm: { cores: '4', onboot: 'yes', tags: 'a,b', vmid: '{{ 100 + 20 }}', balloon: null },
            },
            renamed: { ansible_host: '192.0.2.3', nixos_vm: { name: 'other-name', log_file: '~/own.log' } },
            omitted: {
              ansible_host: '192.0.2.4',
              nixos_vm: { cores: '{{ omit }}', memory: '{{ mem | default(omit) }}' },
            },
          },
          vars: { nixos_provision_timeout: '3600', nixos_provision_detach: 'hot' },
        },
        db: {
          hosts: {
            combined: {
              nixos_vm: {
                networks: [{ bridge: 'vmbr1', vlan: '7', firewall: 'on' }],
                options: { numa: 1 },
                disks: [{ size: '10G' }, { size: '20G', ssd: 'true' }],
                description: 5,
                ssh_private_key_file: '~/.ssh/$NCI_TEST_KEY',
              },
            },
            logged: { ansible_host: '192.0.2.5', nixos_provision_log_dir: '' },
            elsewhere: {
              ansible_host: '192.0.2.6',
              nixos_provision_log_dir: '/var/log/nci',
              nixos_provision_on_failure: 'destroy',
            },
          },
        },
      },
    },
  },
  'group_vars/all.yml': {
    nixos_vm_defaults: {
      flake: '.#{{ inventory_hostname }}',
      memory: '{{ 1024 * 2 }}',
      networks: [{ bridge: 'vmbr0', ip: '{{ ansible_host }}/24' }],
      options: { hotplug: 'disk', numa: 0 },
      description: '{{ group_names | join(" ") }}',
    },
  },
}

for (const [age, requirements] of Object.entries({ newest, oldest })) {
  test(`a host has the document that the role hands to the engine, on the ${age} ansible-core`, {
    timeout: 300_000,
  }, async (context) => {
    await using stage = await openStage(context, {}, requirements)
    await compare(stage)
  })
}

async function compare(stage: Stage): Promise<void> {
  const { folder } = stage.box
  writeTree(join(folder, 'inventory'), inventory)
  // In place of the engine: it keeps what it is told.
  const engine = writeProgram(
    join(folder, 'engine'),
    `file=$(mktemp "${folder}/told.XXXXXX"); cat >"$file"; mv "$file" "$file.json"
echo '{"ok":true,"step":"provision","changed":false,"check":false,"diff":[],"output":{"seconds":0,"steps":[]},"warnings":[]}'`,
  )
  const words = ['-i', join(folder, 'inventory', 'hosts.yml'), `${prefix}.provision`, '--forks', '2']
  const environment = { NCI_ENGINE: engine, NCI_TEST_KEY: 'key' }
  const played = await stage.play(words, { environment })
  expect(played.exitCode, played.text).toBe(0)
  const told = await toldDocuments(folder)

  const ofDocument = new Set(documents.provision.properties.flatMap(({ environment: names }) => names))
  for (const [name, value] of Object.entries({ ...stage.environment, NCI_TEST_KEY: 'key' })) {
    // What the environment fills in is not the inventory's.
    vi.stubEnv(name, ofDocument.has(name) ? '' : value)
  }
  onTestFinished(() => {
    vi.unstubAllEnvs()
  })
  const { hosts, reader } = await readHosts(
    {
      inventory: join(folder, 'inventory', 'hosts.yml'),
      inventory_reader: 'ansible',
      ansible_playbook: join(stage.programs, 'ansible-playbook'),
    },
    {
      signal: new AbortController().signal,
      emit: () => undefined,
      redact: String,
      keepSecret: () => undefined,
    },
  )
  expect(reader).toBe('ansible')
  expect(hosts.flatMap(({ problems }) => problems.map(({ message }) => message))).toEqual([])
  const ours = Object.fromEntries(hosts.map(({ name, input }) => [name, input]))
  // A batch has logs of its own, unless the inventory has a folder for them.
  for (const [name, document] of Object.entries(told) as [string, Record<string, unknown>][])
    if (String(document.log_file).endsWith(`/nixos-cloud-init-installer/${name}.log`))
      delete document.log_file
  expect(Object.keys(ours).sort()).toEqual(Object.keys(told).sort())
  expect(ours).toEqual(told)
}

/** What the engine was told, by the host's name in the inventory, with the defaults filled in. */
async function toldDocuments(folder: string): Promise<Record<string, unknown>> {
  const told: Record<string, unknown> = {}
  for (const file of globSync(join(folder, 'told.*.json'))) {
    const document = JSON.parse(readFileSync(file, 'utf8'))
    await validate('provision', document)
    told[document.name === 'other-name' ? 'renamed' : document.name] = document
  }
  return told
}
