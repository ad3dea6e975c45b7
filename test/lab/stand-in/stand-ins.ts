/** The stand-ins in a folder, a flake to install, and their processes. */
import { spawn } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeStandIns } from '../../../src/lab/stand-in/install.ts'
import { type Answer, outcomeOf, type Vm } from '../simulated/vm.ts'

const script = (name: string) =>
  fileURLToPath(new URL(`../../../src/lab/stand-in/${name}.ts`, import.meta.url))

export interface StandIns {
  readonly bin: string
  readonly flake: string
  run(program: 'nix' | 'nixos-anywhere', args: readonly string[], signal?: AbortSignal): Promise<Answer>
}

export async function standIns(folder: string): Promise<StandIns> {
  const bin = join(folder, 'bin')
  const flake = join(folder, 'flake')
  writeStandIns(bin, {
    node: process.execPath,
    scripts: { nixosAnywhere: script('nixos-anywhere'), nix: script('nix') },
    pace: 0.01,
  })
  await mkdir(flake)
  await writeFile(
    join(flake, 'flake.nix'),
    `{ outputs = { nixpkgs, ... }: {
      nixosConfigurations.vm1 = nixpkgs.lib.nixosSystem {
        system = "x86_64-linux";
        modules = [ { networking.hostName = "vm-one"; disko.devices.disk.main.device = "/dev/sda"; } ];
      };
      packages.x86_64-linux.iso-x86_64 = nixpkgs.iso;
    }; }\n`,
  )
  return {
    bin,
    flake,
    run(program, args, signal) {
      const child = spawn(join(bin, program), args, {
        cwd: folder,
        env: { PATH: process.env.PATH, HOME: folder, TMPDIR: folder },
        stdio: ['ignore', 'pipe', 'pipe'],
        ...(signal ? { signal, killSignal: 'SIGTERM' as const } : {}),
      })
      return outcomeOf(child)
    },
  }
}

/** The arguments that lead to a VM. */
export function target(vm: Vm): string[] {
  const { host, port } = vm.guest.ssh ?? { host: '', port: 0 }
  return ['-i', vm.key, '-p', String(port), '--target-host', `root@${host}`, '--build-on', 'local']
}

export function markers(stdout: string): string[] {
  return [...stdout.matchAll(/^### (.*) ###$/gm)].map(([, text = '']) => text)
}
