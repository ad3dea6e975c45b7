import { flatten, inputSchema, type Schema } from '../schema.ts'
import { optionsOf, yaml } from './documentation.ts'
import { collection } from './modules.ts'

const banner = '---\n# Generated from schemas/ by `npm run generate`; do not edit.\n'

/** Path to content of what the role has for each property: its arguments, and the task that hands them on. */
export function generateRole(): Map<string, string> {
  const role = 'ansible/roles/provision'
  return new Map([
    [
      `${role}/meta/argument_specs.yml`,
      banner + yaml({ argument_specs: { main: specification() } }).concat('\n'),
    ],
    [`${role}/tasks/engine.yml`, banner + yaml([task()]).concat('\n')],
  ])
}

const hostSchema = flatten('host.json')
const connection = flatten('parts/connection.json')

/** `api_host` is `proxmox_api_host`, as in the plugins of community.proxmox. */
function variable(name: string): string {
  return `proxmox_${name}`
}

/** Said of a variable in place of its type. */
const typeWords: Readonly<Record<string, string>> = {
  int: 'A whole number.',
  float: 'A number.',
  bool: 'True or false.',
}

/**
 * All that could be of the wrong type is `raw`: Ansible answers it with the whole specification, of 30 KB, the module with
 * a sentence.
 */
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
          'The values of the host, a dict. They are laid over C(nixos_vm_defaults).',
          'Either C(flake) or C(store_paths) is needed, here or among the defaults.',
        ],
        type: 'raw',
        default: {},
        options: withOptions(values),
      },
      nixos_vm_defaults: {
        description: [
          'The same values, for a group or for all hosts. Dicts are combined with those of C(nixos_vm), lists and all else are replaced by them.',
        ],
        type: 'raw',
        default: {},
      },
      ...variablesOf(variables),
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
  ...variablesOf({ properties: runProperties() }),
}

/** Roles say `options` where modules say `suboptions`. */
function withOptions(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).map(([name, option]) => {
      const { suboptions, ...rest } = option as { suboptions?: Record<string, unknown> }
      return [name, suboptions === undefined ? rest : { ...rest, options: withOptions(suboptions) }]
    }),
  )
}

/** The variables of properties: described, and checked by the module; their defaults are the engine's. */
function variablesOf(schema: Schema): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(optionsOf(schema)).map(([name, option]) => {
      const { description, type, choices } = option as Description
      const words =
        choices === undefined ? typeWords[type] : `One of ${choices.map((one) => `C(${one})`).join(', ')}.`
      if (words === undefined) return [name, { description, type }]
      return [name, { description: [...description, words], type: 'raw' }]
    }),
  )
}

interface Description {
  readonly description: readonly string[]
  readonly type: string
  readonly choices?: readonly string[]
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

/** Variables of an inventory to the properties that they give: all but those of the host, which are in dicts. */
export function inventoryVariables(): Record<string, string> {
  const run = Object.keys(runProperties()).map((name) => [name, name.replace('nixos_provision_', '')])
  const proxmox = Object.keys(connection.properties ?? {}).map((name) => [variable(name), name])
  return Object.fromEntries([...proxmox, ...run])
}

function task(): Record<string, unknown> {
  const given = (from: string): string => `{{ ${from} | default(omit) }}`
  const log = (suffix: string): string =>
    `{{ nixos_provision_log_dir ~ '/' ~ inventory_hostname ~ '${suffix}' if nixos_provision_log_dir else omit }}`
  return {
    name: 'Take the host from nothing to NixOS',
    [`${collection}.provision`]: {
      // In one piece, so that a lookup in it is done once.
      values: '{{ [nixos_vm_defaults, nixos_vm] }}',
      name: '{{ inventory_hostname }}',
      log_file: log('.log'),
      ...Object.fromEntries(
        Object.keys(connection.properties ?? {}).map((name) => [name, given(variable(name))]),
      ),
      ...Object.fromEntries(
        Object.keys(runProperties()).map((name) => [name.replace('nixos_provision_', ''), given(name)]),
      ),
      engine_log: log('.ndjson'),
      engine_path: given('nixos_provision_engine_path'),
    },
    register: 'nixos_provision_result',
  }
}
