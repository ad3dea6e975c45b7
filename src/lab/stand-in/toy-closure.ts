/**
 * Toy closures: what the stand-ins "build". Store paths follow from the content of the flake and the name of
 * the configuration, so that building again gives the same paths and a change gives others.
 */
import { createHash } from 'node:crypto'
import type { FlakeFiles, LocalFlake } from './local-flake.ts'

/** A store path with what the simulated guest needs of it. */
export interface ToyPath {
  readonly path: string
  /** What it would take on the target's disk. */
  readonly narSize: number
  /** By the path below the store path; `''` is the store path itself. */
  readonly files: Readonly<Record<string, { readonly content: string; readonly mode: number }>>
  /** Store paths that it needs, in the order in which they are copied. */
  readonly references: readonly string[]
}

/** A build's result with everything that it needs, itself last. */
export type ToyClosure = readonly ToyPath[]

export type DiskoMode = 'disko' | 'mount' | 'format'

const mebibyte = 1024 * 1024

/** `config.system.build.toplevel` of a NixOS configuration. */
export function systemClosure(flake: LocalFlake, attribute: string): ToyClosure {
  const { files } = flake
  const name = configurationName(attribute)
  const facts = {
    hostname: /hostName\s*=\s*"([^"]+)"/.exec(textFor(files, name))?.[1] ?? name,
    authorizedKeys: [
      ...new Set(textFor(files, name).match(/ssh-(?:ed25519|rsa) [A-Za-z0-9+/=]{32,}(?: [\w@.-]+)?/g)),
    ],
  }
  const base = [
    dependency('linux-6.12.30', 60),
    dependency('systemd-258', 40),
    dependency('nixos-lab-software', 80),
  ]
  const system: ToyPath = {
    path: storePath(flake.digest + attribute, `nixos-system-${name}-26.05.lab`),
    narSize: mebibyte,
    files: {
      system: text(platformOf(files, name)),
      'nixos-version': text('26.05.lab'),
      'lab.json': text(JSON.stringify(facts)),
      init: { content: '#!/bin/sh\n# simulated by the lab\n', mode: 0o555 },
    },
    references: base.map(({ path }) => path),
  }
  return [...base, system]
}

/** `config.system.build.diskoScript` and its siblings: a shell script for the simulated guest. */
export function diskoClosure(flake: LocalFlake, attribute: string, mode: DiskoMode = 'disko'): ToyClosure {
  const name = configurationName(attribute)
  const device = /\bdevice\s*=\s*"(\/dev\/[^"]+)"/.exec(textFor(flake.files, name))?.[1]
  const tools = dependency('util-linux-2.41', 4)
  const script: ToyPath = {
    path: storePath(flake.digest + attribute + mode, `${mode}-script`),
    narSize: 4096,
    files: { '': { content: diskoScript(device, mode), mode: 0o555 } },
    references: [tools.path],
  }
  return [tools, script]
}

/** The toy store paths of a configuration, as `nix build` prints them. */
export function toyPaths(flake: LocalFlake, attribute: string): { disko: string; system: string } {
  const last = (closure: ToyClosure) => closure.at(-1)?.path ?? ''
  return { disko: last(diskoClosure(flake, attribute)), system: last(systemClosure(flake, attribute)) }
}

/** `nixosConfigurations."vm1".config` → `vm1` */
export function configurationName(attribute: string): string {
  const [, name] = /^(?:nixosConfigurations\.)?"?([^".]+)"?/.exec(attribute) ?? []
  return name ?? attribute
}

/** Any other build product: a path of its own with nothing in it. */
export function otherClosure(flake: LocalFlake, attribute: string): ToyClosure {
  const name = attribute
    .replace(/^nixosConfigurations\./, '')
    .replace('.config.system.build.', '-')
    .replaceAll(/[^\w.-]+/g, '-')
    .slice(-40)
  return [{ path: storePath(flake.digest + attribute, name), narSize: 4096, files: {}, references: [] }]
}

function dependency(name: string, mebibytes: number): ToyPath {
  return { path: storePath('lab', name), narSize: mebibytes * mebibyte, files: {}, references: [] }
}

function text(content: string) {
  return { content, mode: 0o444 }
}

/** Nix's base 32 leaves out e, o, t and u. */
const base32 = '0123456789abcdfghijklmnpqrsvwxyz'

function storePath(seed: string, name: string): string {
  const digest = createHash('sha256').update(seed).update('\0').update(name).digest()
  const hash = [...digest].map((byte) => base32[byte % 32]).join('')
  return `/nix/store/${hash}-${name}`
}

/** The Nix code of a host: the files with its name in their path first, then all others. */
function textFor(files: FlakeFiles, name: string): string {
  const entries = Object.entries(files)
  const own = entries.filter(([path]) => path.includes(name))
  return [...own, ...entries.filter(([path]) => !path.includes(name))]
    .map(([, content]) => content)
    .join('\n')
}

/** The system that a configuration or a package is for. */
export function platformOf(files: FlakeFiles, name: string): string {
  // An installer is called as its architecture.
  const own = /\b(x86_64|aarch64)\b/.exec(name)?.[1]
  if (own !== undefined) return `${own}-linux`
  const code = textFor(files, name)
  // Without evaluating: the first platform after the configuration's name, or the first at all.
  const after = code.slice(Math.max(0, code.indexOf(name)))
  return (
    /\b(x86_64|aarch64)-linux\b/.exec(after)?.[0] ??
    /\b(x86_64|aarch64)-linux\b/.exec(code)?.[0] ??
    'x86_64-linux'
  )
}

const bootMount = `if [ -n "$esp" ]; then
  mkdir -p /mnt/boot
  mount "$esp" /mnt/boot
fi`

function diskoScript(device: string | undefined, mode: DiskoMode): string {
  const choose = device
    ? `disk='${device}'`
    : `disk=$(lsblk -dnpo NAME,TYPE | awk '$2=="disk"{print $1}' | head -n 1)`
  // A machine that boots by UEFI needs a partition for the boot loader.
  const create = `wipefs --all -f "$disk"
if [ ! -e "$disk" ]; then
  echo "Device $disk does not exist" >&2
  exit 1
fi
if [ -n "$esp" ]; then
  printf 'label: gpt\\n,64M,C12A7328-F81F-11D2-BA4B-00A0C93EC93B\\n,,L\\n' | sfdisk "$disk"
  udevadm settle
  mkfs.vfat "$esp"
else
  printf 'label: gpt\\n,1M,21686148-6449-6E6F-744E-656564454649\\n,,L\\n' | sfdisk "$disk"
  udevadm settle
fi
mkfs.ext4 -q -F -L nixos "$root"`
  return `#!/bin/sh
# Stands for disko's script; made by the lab.
set -eux
${choose}
case "$disk" in
/dev/disk/*) root="$disk-part2" esp="$disk-part1" ;;
*) root="$disk"2 esp="$disk"1 ;;
esac
if [ ! -d /sys/firmware/efi ]; then esp=; fi
${mode === 'mount' ? '' : `umount -Rv /mnt || true\n${create}`}
${mode === 'format' ? '' : `mkdir -p /mnt\nmount "$root" /mnt\n${bootMount}`}
`
}
