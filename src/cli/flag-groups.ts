import type { Interfaces } from '@oclif/core'
import type { DocumentId } from '../generated/types.ts'

/**
 * The groups of the help page, in the order in which a host is thought of, and what is asked for first in each of them.
 * What is in none of them is the VM's.
 */
const groups: readonly (readonly [title: string, members: RegExp, first: readonly string[]])[] = [
  [
    'HOST',
    /^(name|node|vmid|flake|system|architecture|storage|detach|on_failure|reinstall|mode|expect|start|stop|force|expected_uuid|unreferenced)$/,
    ['name', 'node', 'vmid', 'flake', 'storage', 'reinstall', 'detach', 'mode', 'expect', 'stop'],
  ],
  [
    'PROXMOX',
    /^(api_|validate_certs$|ca_path$)/,
    [
      ...['api_host', 'api_user', 'api_token_id', 'api_token_secret', 'api_password'],
      ...['api_fingerprint', 'ca_path', 'validate_certs'],
    ],
  ],
  ['VM', /^$/, ['cores', 'memory', 'cpu', 'bios', 'machine', 'agent', 'onboot', 'pool', 'description']],
  ['CLOUD-INIT', /^(ci_|cloud_init|search_domain$)/, ['ci_user', 'ci_password']],
  [
    'SSH',
    /^(ssh_|system_ssh_)/,
    ['ssh_private_key_file', 'ssh_user', 'ssh_host', 'ssh_port', 'ssh_proxy_jump', 'ssh_generate_key'],
  ],
  [
    'ISO',
    /^(iso$|iso_|cache_dir$|github_|via$|url$|path$|filename$|checksum$|replace$|url_validate|prune)/,
    ['node', 'storage', 'iso_path', 'path', 'iso_url', 'url', 'iso_release', 'iso', 'iso_storage'],
  ],
  [
    'INSTALL',
    /^(disko_mode|no_disko_deps|extra_files|generate_host_key|host_key_file|copy_host_keys|age_recipient|nixos_anywhere|log_file|silence_timeout|install_timeout|boot_timeout|cloud_init_timeout|reboot)$/,
    ['disko_mode', 'extra_files', 'generate_host_key', 'host_key_file'],
  ],
  [
    'BUILD',
    /^(build_on|builder|out_link|attribute|substitute_on_destination|use_machine_substituters|from_store|print_build_logs|show_trace)$/,
    ['flake', 'attribute', 'architecture', 'path', 'build_on'],
  ],
  [
    'INVENTORY',
    /^(inventory|inventory_reader|limit|vault_password_file|ansible_playbook)$/,
    ['inventory', 'limit', 'yes', 'forks', 'max_failures', 'host_timeout'],
  ],
  ['RUN', /^timeout$/, ['input', 'check', 'json', 'timeout']],
]

/** The group of a property's flag on the help page of its document. */
export function flagGroup(id: DocumentId, name: string): string {
  const group = groups.find(([, members]) => members.test(name))?.[0] ?? 'VM'
  // An image has neither host nor VM: all that is about it stands together.
  if (!id.startsWith('iso.') || group === 'PROXMOX' || group === 'RUN') return group
  return id === 'iso.build' ? 'BUILD' : 'ISO'
}

/** The same flags in the order of the help page; it shows them as they come (`oclif.helpOptions` in package.json). */
export function inHelpOrder(flags: Interfaces.FlagInput): Interfaces.FlagInput {
  const rank = ([name, { helpGroup }]: [string, { helpGroup?: string }]): readonly [number, number] => {
    const index = groups.findIndex(([title]) => title === helpGroup)
    const first = groups[index]?.[2].map((property) => property.replaceAll('_', '-')) ?? []
    const place = first.indexOf(name.replace(/(?<=^api-(?:token-secret|password))-file$/, ''))
    return [index, place === -1 ? first.length : place]
  }
  const ranked = Object.entries(flags).map((entry) => ({ entry, rank: rank(entry) }))
  // Sorting is stable: the rest of a group stays in the order of the schema.
  ranked.sort((a, b) => a.rank[0] - b.rank[0] || a.rank[1] - b.rank[1])
  return Object.fromEntries(ranked.map(({ entry }) => entry))
}
