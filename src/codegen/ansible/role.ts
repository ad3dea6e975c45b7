import { flatten, inputSchema, type Schema } from '../schema.ts'
import { optionsOf, yaml } from './documentation.ts'
import { collection } from './modules.ts'

const banner = '---\n# Generated from schemas/ by `npm run generate`; do not edit.\n'

/** Path to content of what the role has for each property: its arguments, their names, the task that hands them on. */
export function generateRole(): Map<string, string> {
  const role = 'ansible/roles/provision'
  return new Map([
    [
      `${role}/meta/argument_specs.yml`,
      banner + yaml({ argument_specs: { main: specification() } }).concat('\n'),
    ],
    [`${role}/vars/main.yml`, banner + yaml(names()).concat('\n')],
    [`${role}/tasks/engine.yml`, banner + yaml([task()]).concat('\n')],
  ])
}

const hostSchema = flatten('host.json')
const connection = flatten('parts/connection.json')

/** `api_host` is `proxmox_api_host`, as in the plugins of community.proxmox. */
function variable(name: string): string {
  return `proxmox_${name}`
}

function specification(): Record<string, unknown> {
  const { name, ...rest } = optionsOf({ ...hostSchema, required: [] })
  const values = {
    name: { ...(name as object), description: ['Name of the VM. Unless given, the name in the inventory.'] },
    ...rest,
  }
  const variables: Schema = {
    properties: Object.fromEntries(
      Object.entries(connection.properties ?? {}).map(([key, property]) => [variable(key), property]),
    ),
  }
  return {
    short_description: 'Takes hosts from nothing to a proved NixOS on Proxmox VE',
    description: [
      'Creates the VM of each host of the play, installs the NixOS of its flake, and proves that it runs.',
      'What is there already is kept: a play that was interrupted is run again and carries on.',
      'All work is done on the controller. A host that fails does not stop the others.',
      'Afterwards the host is known by its address, user and host key: the tasks that follow in the same run reach it under its name in the inventory. The module returned C(nixos_provision_result).',
    ],
    author: ['nixos-cloud-init-installer contributors'],
    options: {
      nixos_vm: {
        description: [
          'The values of the host. They are laid over C(nixos_vm_defaults).',
          'Either C(flake) or C(store_paths) is needed, here or among the defaults.',
        ],
        type: 'dict',
        default: {},
        options: withOptions(values),
      },
      nixos_vm_defaults: {
        description: [
          'The same values, for a group or for all hosts. Dicts are combined with those of C(nixos_vm), lists and all else are replaced by them.',
        ],
        type: 'dict',
        default: {},
      },
      ...withOptions(optionsOf(variables)),
      ...roleOptions,
    },
  }
}

const roleOptions = {
  nixos_provision_known_hosts: {
    description: ['File of known hosts that gets the host keys of the installed systems; empty for none.'],
    type: 'str',
    default: '~/.ssh/known_hosts',
  },
  nixos_provision_ssh_config: {
    description: [
      'File that gets an entry for each host, to be included in the configuration of OpenSSH, so that later runs reach the hosts under their names even where the inventory has no address; empty for none.',
    ],
    type: 'str',
    default: '',
  },
  nixos_provision_log_dir: {
    description: [
      'Folder for two logs of each host: all that the engine reports, as lines of JSON, and all that the installation prints; empty for none. Unless given, C($XDG_STATE_HOME/nixos-cloud-init-installer) or C(~/.local/state/nixos-cloud-init-installer).',
    ],
    type: 'str',
  },
  nixos_provision_engine_path: {
    description: ['The engine, the program C(nci). Unless given, it is looked for.'],
    type: 'path',
  },
  ...withOptions(optionsOf({ properties: runProperties() })),
}

/** Roles say `options` where modules say `suboptions`; and their defaults are the engine's. */
function withOptions(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).map(([name, option]) => {
      const {
        suboptions,
        default: _,
        ...rest
      } = option as { suboptions?: Record<string, unknown> } & Record<string, unknown>
      return [name, suboptions === undefined ? rest : { ...rest, options: withOptions(suboptions) }]
    }),
  )
}

/** What is said of a run, beside the host. */
function runProperties(): Record<string, Schema> {
  const shared = { ...hostSchema.properties, ...connection.properties }
  const properties = Object.entries(inputSchema('provision').properties ?? {})
  return Object.fromEntries(
    properties
      .filter(([name]) => shared[name] === undefined)
      .map(([name, property]) => [`nixos_provision_${name}`, property]),
  )
}

/** What `nixos_vm_defaults` may hold. */
function names(): Record<string, unknown> {
  return { nixos_provision_names: Object.keys(hostSchema.properties ?? {}) }
}

function task(): Record<string, unknown> {
  const given = (from: string): string => `{{ ${from} | default(omit) }}`
  const taken = (properties: object = {}, from: (name: string) => string): [string, string][] =>
    Object.keys(properties).map((name) => [name, given(from(name))])
  const log = (suffix: string): string =>
    `nixos_provision_log_dir ~ '/' ~ inventory_hostname ~ '${suffix}' if nixos_provision_log_dir else omit`
  return {
    name: 'Take the host from nothing to NixOS',
    [`${collection}.provision`]: {
      ...Object.fromEntries(taken(connection.properties, variable)),
      ...Object.fromEntries(taken(hostSchema.properties, (name) => `nixos_provision_values.${name}`)),
      ...Object.fromEntries(
        Object.keys(runProperties()).map((name) => [name.replace('nixos_provision_', ''), given(name)]),
      ),
      name: '{{ nixos_provision_values.name | default(inventory_hostname) }}',
      log_file: `{{ nixos_provision_values.log_file | default(${log('.log')}) }}`,
      engine_log: `{{ ${log('.ndjson')} }}`,
      engine_path: given('nixos_provision_engine_path'),
    },
    register: 'nixos_provision_result',
  }
}
