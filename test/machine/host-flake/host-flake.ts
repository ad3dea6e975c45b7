/** A flake of toy systems that Nix itself builds without nixpkgs, and that the lab's stand-in for Nix reads as well. */
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A system of the flake; host.nix tells what each of it means. */
export interface FlakeHost {
  readonly hostName: string
  /** `/dev/sda` unless given. */
  readonly device?: string
  /** Public keys of root. */
  readonly authorizedKeys?: readonly string[]
  /** `192.0.2.7/24`; unless given, the system keeps the installer's network. */
  readonly address?: string
  readonly gateway?: string
  /** Size of the closure. */
  readonly payloadMiB?: number
}

/** Writes the flake with a `nixosConfigurations` of each host's name into a folder. */
export function writeHostFlake(folder: string, hosts: readonly FlakeHost[], busybox: string): void {
  const tools = join(folder, 'tools')
  mkdirSync(tools, { recursive: true })
  copyFileSync(busybox, join(tools, 'busybox'))
  chmodSync(join(tools, 'busybox'), 0o755)
  copyFileSync(join(import.meta.dirname, 'host.nix'), join(folder, 'host.nix'))
  writeFileSync(join(folder, 'flake.nix'), flake(hosts))
}

function flake(hosts: readonly FlakeHost[]): string {
  const systems = hosts.map((host) => {
    const settings = Object.entries(host).map(([name, value]) => `      ${name} = ${toNix(value)};\n`)
    return `    nixosConfigurations.${toNix(host.hostName)} = import ./host.nix {\n${settings.join('')}    };\n`
  })
  return `{\n  outputs = { self }: {\n${systems.join('')}  };\n}\n`
}

function toNix(value: string | number | readonly string[]): string {
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return JSON.stringify(value).replaceAll('$', '\\$')
  return `[ ${value.map(toNix).join(' ')} ]`
}
