import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import type { Fault } from './faults.ts'
import { type Lab, type LabOptions, startLab } from './lab.ts'
import type { Latency } from './latency.ts'
import { type QemuOptions, qemuGuests } from './qemu/qemu-guests.ts'
import { keepPort, lastPort, takeFolder } from './sandbox-folder.ts'
import type { Faults as GuestFaults, Latency as GuestLatency } from './simulated/options.ts'
import { type SimulatedGuests, simulatedGuests } from './simulated/simulated-guests.ts'
import { writeStandIns } from './stand-in/install.ts'

/** What a sandbox may be told; the JSON file of `nci lab --config` is the same. */
export interface SandboxConfig {
  /** PVE release that the API imitates. */
  readonly version?: '9.2' | '8.4'
  readonly nodes?: LabOptions['nodes']
  readonly storages?: LabOptions['storages']
  readonly users?: LabOptions['users']
  readonly groups?: LabOptions['groups']
  readonly tokens?: LabOptions['tokens']
  readonly roles?: LabOptions['roles']
  readonly acl?: LabOptions['acl']
  readonly pools?: LabOptions['pools']
  readonly latency?: Partial<Latency>
  readonly faults?: readonly Fault[]
  /** What a VM is when it is switched on: nothing but an SSH server that behaves like one, or a process of QEMU. */
  readonly guests?: 'simulated' | 'qemu' | undefined
  readonly qemu?: QemuOptions
  /** Of simulated guests. */
  readonly guestLatency?: Partial<GuestLatency>
  readonly guestFaults?: GuestFaults
  /**
   * Whether the lab's stand-ins for Nix and nixos-anywhere go first in PATH. Unless given: they do for simulated guests,
   * and for real ones where there is no Nix.
   */
  readonly standIns?: boolean
  /** Factor on the waiting times of the stand-in for nixos-anywhere; 1 is genuine. */
  readonly pace?: number
}

export interface SandboxOptions extends SandboxConfig {
  /** Kept; without it a temporary folder is made, and removed at the end. */
  readonly folder?: string | undefined
  /** Of the API. Unless given: that of the last lab in the folder, where it is free, or any free one. */
  readonly port?: number | undefined
  readonly log?: (line: string, isNotice: boolean) => void
}

/** A lab with all that a client needs to provision a host on it. */
export interface Sandbox extends AsyncDisposable {
  readonly folder: string
  readonly lab: Lab
  /** Changes how simulated guests behave; real ones do not mind. */
  readonly guests: SimulatedGuests
  /** Folder of the stand-ins, where they are used. */
  readonly programs: string | undefined
  /** Variables that point the engine, and what it starts, to the lab. */
  readonly environment: Readonly<Record<string, string>>
  /** The document of a host that can be provisioned at once: its ISO, flake and key are in the folder. */
  readonly host: Readonly<Record<string, unknown>>
  /** File with {@link host}. */
  readonly hostFile: string
}

const demoIsoBytes = 48 * 1024 * 1024

/**
 * Starts a lab, and puts beside it what a newcomer lacks: an ISO for simulated guests, a flake, a key, Nix.
 *
 * @throws {NciError} `LAB_QEMU_UNSUITABLE`; `LAB_FAILED` where another lab is in the folder
 */
export async function openSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  // Its files name each other, for shells that are anywhere.
  const folder = resolve(options.folder ?? mkdtempSync(join(tmpdir(), 'nci-lab-')))
  const lock = await takeFolder(folder)
  const remove = (): void => {
    lock[Symbol.dispose]()
    if (options.folder === undefined) rmSync(folder, { recursive: true, force: true })
  }
  try {
    return await openIn(folder, options, remove)
  } catch (error) {
    remove()
    throw error
  }
}

async function openIn(folder: string, options: SandboxOptions, remove: () => void): Promise<Sandbox> {
  const isReal = options.guests === 'qemu'
  const [first] = options.nodes ?? []
  const files = writeFiles(folder, { ...options, node: first?.name ?? 'pve', isReal })
  const {
    folder: _,
    pace: __,
    guests: ___,
    qemu,
    standIns,
    guestLatency,
    guestFaults,
    ...labOptions
  } = options
  const simulated = simulatedGuests({
    ...(guestLatency === undefined ? {} : { latency: guestLatency }),
    ...(guestFaults === undefined ? {} : { faults: { ...guestFaults } }),
  })
  const lab = await startLab({
    ...given(labOptions),
    port: options.port ?? (await lastPort(folder)) ?? 0,
    folder: join(folder, 'pve'),
    guests: isReal ? await qemuGuests(join(folder, 'pve', 'guests'), qemu) : simulated,
  })
  keepPort(folder, lab.port)
  const programs = (standIns ?? (!isReal || !isInPath('nix'))) ? files.programs : undefined
  return {
    folder,
    lab,
    guests: simulated,
    programs,
    host: files.host,
    hostFile: files.hostFile,
    environment: {
      PROXMOX_HOST: `127.0.0.1:${lab.port}`,
      PROXMOX_TOKEN_ID: lab.tokenId,
      PROXMOX_TOKEN_SECRET: lab.tokenSecret,
      PROXMOX_FINGERPRINT: lab.fingerprint,
      NCI_SSH_ADDRESS_MAP: lab.addressMapFile,
      NCI_SSH_PRIVATE_KEY_FILE: files.key,
      NCI_CACHE_DIR: join(folder, 'cache'),
      PATH: [...(programs === undefined ? [] : [programs]), process.env.PATH ?? ''].join(delimiter),
    },
    async [Symbol.asyncDispose]() {
      await lab.close()
      remove()
    },
  }
}

function isInPath(program: string): boolean {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((one) => one !== '')
  return folders.some((one) => existsSync(join(one, program)))
}

/** Without what is `undefined`: a flag that was not given. */
function given<Values extends object>(
  values: Values,
): { [Key in keyof Values]: Exclude<Values[Key], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as { [Key in keyof Values]: Exclude<Values[Key], undefined> }
}

interface Files {
  readonly key: string
  readonly programs: string
  readonly host: Readonly<Record<string, unknown>>
  readonly hostFile: string
}

function writeFiles(
  folder: string,
  { pace, node, isReal }: { pace?: number; node: string; isReal: boolean },
): Files {
  const key = join(folder, 'id_ed25519')
  if (!existsSync(key)) {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'lab', '-f', key], { stdio: 'ignore' })
  }
  const iso = join(folder, 'simulated-installer.iso')
  if (!isReal && !existsSync(iso)) writeIso(iso)
  const flake = join(folder, 'flake')
  if (!existsSync(flake)) {
    mkdirSync(flake)
    writeFileSync(join(flake, 'flake.nix'), demoFlake(readFileSync(`${key}.pub`, 'utf8').trim()))
  }
  const programs = join(folder, 'bin')
  writeStandIns(programs, {
    node: process.execPath,
    scripts: standInScripts(),
    store: join(folder, 'store'),
    ...(pace === undefined ? {} : { pace }),
  })
  const host = {
    name: 'web1',
    node,
    cores: 2,
    memory: 2048,
    storage: 'local-lvm',
    disks: [{ size: '8G' }],
    networks: [{ bridge: 'vmbr0', ip: '192.0.2.21/24', gateway: '192.0.2.1' }],
    nameservers: ['192.0.2.1'],
    tags: ['demo'],
    // A real machine does not boot what simulated ones do.
    ...(isReal ? {} : { iso_path: iso }),
    flake: `path:${flake}#web1`,
  }
  const hostFile = join(folder, 'host.json')
  writeFileSync(hostFile, `${JSON.stringify(host, null, 2)}\n`)
  return { key, programs, host, hostFile }
}

/** As the bundles beside this one, or as the sources. */
function standInScripts(): { readonly nixosAnywhere: string; readonly nix: string } {
  const folder = import.meta.dirname
  return import.meta.filename.endsWith('.ts')
    ? {
        nixosAnywhere: join(folder, 'stand-in', 'nixos-anywhere.ts'),
        nix: join(folder, 'stand-in', 'nix.ts'),
      }
    : { nixosAnywhere: join(folder, 'nixos-anywhere.mjs'), nix: join(folder, 'nix.mjs') }
}

/** Not an installer, but an ISO 9660 image as far as anybody looks: simulated guests do not read it. */
function writeIso(file: string): void {
  const header = Buffer.alloc(17 * 2048)
  header.write('\u0001CD001\u0001', 16 * 2048, 'latin1')
  header.write('NIXOS_SIMULATED_INSTALLER', 16 * 2048 + 40, 'latin1')
  writeFileSync(file, header)
  truncateSync(file, demoIsoBytes)
}

const demoFlake = (publicKey: string): string => `{
  description = "A host for the lab. The lab's stand-in for Nix does not evaluate this; a real one would.";
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
  inputs.disko.url = "github:nix-community/disko";

  outputs = { nixpkgs, disko, ... }: {
    nixosConfigurations.web1 = nixpkgs.lib.nixosSystem {
      system = "x86_64-linux";
      modules = [
        disko.nixosModules.disko
        "\${nixpkgs}/nixos/modules/profiles/qemu-guest.nix"
        {
          networking.hostName = "web1";
          services.openssh.enable = true;
          users.users.root.openssh.authorizedKeys.keys = [ "${publicKey}" ];
          services.qemuGuest.enable = true;
          boot.loader.grub.enable = true;
          disko.devices.disk.main = {
            device = "/dev/sda";
            type = "disk";
            content = {
              type = "gpt";
              partitions.boot = { size = "1M"; type = "EF02"; };
              partitions.root = {
                size = "100%";
                content = { type = "filesystem"; format = "ext4"; mountpoint = "/"; };
              };
            };
          };
          system.stateVersion = "26.05";
        }
      ];
    };
  };
}
`
