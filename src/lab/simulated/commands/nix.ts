/** Nix and the installer's tools. */
import type { GuestCommand } from '../shell.ts'
import { importPath } from './import-path.ts'
import { runInner } from './inner-shell.ts'
import { installSystem } from './install-system.ts'
import { failure, parseWords, quote } from './words.ts'

const nix: GuestCommand = (args, _context, machine) => {
  const system = `${machine.hardware.architecture}-linux`
  if (args.includes('--version')) return 'nix (Nix) 2.34.8 (simulated)\n'
  const words = parseWords(args, ['extra-experimental-features', 'experimental-features', 'option']).operands
  const text = words.join(' ')
  if (/^config show system$/.test(text)) return `${system}\n`
  if (/^config show extra-platforms$/.test(text)) return '\n'
  if (/^config show$/.test(text)) return `experimental-features = flakes nix-command\nsystem = ${system}\n`
  return failure(`error: 'nix ${text}' is not simulated`)
}

const nixStore: GuestCommand = async (args, context, machine) => {
  if (args.includes('--import')) return importPath(args, context, machine)
  const { operands } = parseWords(args, ['store', 'add-root'])
  if (args.includes('--serve')) return failure("error: the protocol of 'nix copy' is not simulated")
  const existing = await Promise.all(
    operands.map(async (path) => ((await context.fs.exists(path)) ? path : undefined)),
  )
  const missing = operands.find((_, index) => existing[index] === undefined)
  if (missing) return failure(`error: path '${missing}' is not valid`)
  return operands.map((path) => `${path}\n`).join('')
}

const nixEnvironment: GuestCommand = async (args, context) => {
  const { options, operands } = parseWords(args, ['p', 'profile', 'set'])
  const profile = options.get('p') ?? options.get('profile')
  const system = options.get('set') ?? operands[0]
  if (!profile || !system) return ''
  await context.fs.mkdir(profile.slice(0, profile.lastIndexOf('/')), { recursive: true })
  await context.fs.rm(profile, { force: true })
  await context.fs.symlink(system, profile)
  return ''
}

const enter: GuestCommand = async (args, context) => {
  const { options, operands } = parseWords(args, ['root', 'c', 'command', 'system'])
  const command = options.get('c') ?? options.get('command') ?? quote(operands)
  if (!(await context.fs.exists('/mnt/etc/NIXOS')))
    return failure("nixos-enter: '/mnt' is not a NixOS installation")
  return runInner(context, command)
}

const hardwareConfiguration: GuestCommand = (
  _args,
  _context,
  machine,
) => `# Written by a simulated guest of the lab.
{ lib, modulesPath, ... }:
{
  imports = [ (modulesPath + "/profiles/qemu-guest.nix") ];
  boot.initrd.availableKernelModules = [ "ahci" "virtio_pci" "virtio_scsi" "sd_mod" "sr_mod" ];
  networking.useDHCP = lib.mkDefault true;
  nixpkgs.hostPlatform = lib.mkDefault "${machine.hardware.architecture}-linux";
}
`

const facter: GuestCommand = (_args, _context, machine) =>
  `${JSON.stringify({ version: 1, system: `${machine.hardware.architecture}-linux`, virtualisation: 'kvm', hardware: {} }, undefined, 2)}\n`

export const nixCommands: Record<string, GuestCommand> = {
  nix,
  'nix-store': nixStore,
  'nix-env': nixEnvironment,
  'nix-channel': () => '',
  'nixos-install': installSystem,
  'nixos-enter': enter,
  'nixos-generate-config': hardwareConfiguration,
  'nixos-facter': facter,
}
