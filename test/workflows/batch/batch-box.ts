/** Batches against a lab: an inventory of alike hosts, a flake with their systems, and what to look for afterwards. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { SandboxOptions } from '../../../src/lab/sandbox.ts'
import { type Box, type Document, type End, openBox } from '../../support/lab.ts'

export interface BatchBox extends Box {
  readonly inventory: string
  /** The words of a batch over all of the hosts. */
  readonly words: readonly string[]
  /** Writes the inventory anew, with values of single hosts, and variables of theirs beside `nixos_vm`. */
  write(own: OwnValues, variables?: OwnValues): void
}

/** Values by host. */
export type OwnValues = Readonly<Record<string, Readonly<Record<string, unknown>>>>

export interface BatchBoxOptions extends SandboxOptions {
  readonly hosts: readonly string[]
  readonly own?: OwnValues
}

/** A lab of two nodes; the hosts are on them in turn, with ids from 101 on. */
export async function openBatchBox({ hosts, own = {}, ...options }: BatchBoxOptions): Promise<BatchBox> {
  const nodes = [{ name: 'pve1' }, { name: 'pve2' }]
  const box = await openBox({ nodes, ...options })
  const flake = join(box.folder, 'flake-of-many')
  mkdirSync(flake, { recursive: true })
  const systems = hosts.map((name) => `nixosConfigurations.${name} = nixpkgs.lib.nixosSystem { };`)
  writeFileSync(
    join(flake, 'flake.nix'),
    `{ outputs = { self, nixpkgs, disko }: {\n${systems.join('\n')}\n}; }\n`,
  )
  const inventory = join(box.folder, 'inventory.yml')
  const { name: _, node: __, networks: ___, flake: ____, ...common } = box.host
  const write = (values: OwnValues, variables: OwnValues = {}): void => {
    const entries = hosts.map((name, index) => [
      name,
      {
        ...variables[name],
        nixos_vm: {
          vmid: 101 + index,
          node: nodes[index % nodes.length]?.name,
          flake: `path:${flake}#${name}`,
          networks: [{ bridge: 'vmbr0', ip: `192.0.2.${101 + index}/24`, gateway: '192.0.2.1' }],
          ...values[name],
        },
      },
    ])
    // JSON is YAML.
    const all = { vars: { nixos_vm_defaults: common }, hosts: Object.fromEntries(entries) }
    writeFileSync(inventory, JSON.stringify({ all }))
  }
  write(own)
  const words = ['provision', '--inventory', inventory, '--inventory-reader', 'yaml']
  return Object.assign(box, { inventory, words, write })
}

/** The report of a batch, whether it succeeded or failed. */
export function reportOf({ document, stdout, stderr }: End) {
  const report = document.ok ? document.output : document.error.details.report
  if (report === undefined) throw new Error(`there is no report:\n${stdout}\n${stderr}`)
  return report as Document['output']
}

/** How hosts ended, by name: `changed`, or `failed NIX_BUILD_FAILED`. */
export function endings(end: End): Record<string, string> {
  const hosts: { name: string; state: string; error?: { code: string } }[] = reportOf(end).hosts
  return Object.fromEntries(
    hosts.map(({ name, state, error }) => [name, error === undefined ? state : `${state} ${error.code}`]),
  )
}

/** That the cluster is what an undisturbed batch leaves: a VM for each host, an ISO for each node, all installed. */
export function expectAllProvisioned(box: BatchBox, names: readonly string[]): void {
  expect(box.vmids()).toEqual(names.map((_, index) => 101 + index))
  for (const vmid of box.vmids()) {
    const config = box.config(vmid)
    expect(config).not.toMatch(/^(ide|ipconfig|sshkeys|ci\w+|nameserver|lock|\[)/m)
    expect(config).toMatch(/^boot: order=scsi0$/m)
    expect(decodeURIComponent(config)).toMatch(/"installed":\{.*"proved":/)
  }
}

export const upload = /^POST \/nodes\/\w+\/storage\/local\/upload$/
export const create = /^POST \/nodes\/\w+\/qemu$/

/** How often a request was made: {@link create}. */
export function requests(box: Box, pattern: RegExp): number {
  return box.lab.requests.filter(({ method, path }) => pattern.test(`${method} ${path}`)).length
}
