/** `nci iso build` with the real Nix on flakes whose ISOs are made by a shell, without nixpkgs. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runNci } from '../../support/nci.ts'
import { openNixStore } from '../../support/nix.ts'

/** This machine's architecture and the other one, as the schemas call them. */
export const [own, other] =
  process.arch === 'arm64' ? (['aarch64', 'x86_64'] as const) : (['x86_64', 'aarch64'] as const)

/** Makes what passes for an ISO; counts its builds in a file. */
const makeIso = `echo one >> COUNTER
  mkdir -p $out/iso
  printf '\\001CD001\\001' | dd of=$out/iso/toy-26.05.iso bs=1 seek=32768 status=none`

/** A flake in a folder of its own, and a Nix to build from it. */
export interface Toy {
  readonly folder: string
  readonly flake: string
  readonly environment: Readonly<Record<string, string>>
  /** The folder of the store's objects. */
  readonly objects: string
  /** How often an ISO was really built. */
  builds(): number
  run(
    input: Readonly<Record<string, unknown>>,
    environment?: Readonly<Record<string, string>>,
    ...words: string[]
  ): ReturnType<typeof runNci>
}

interface ToyOptions {
  /** Shell commands that make `$out`. */
  readonly script?: string
  /** Nix code of more outputs. */
  readonly outputs?: string
  readonly settings?: Readonly<Record<string, string>>
}

export function openToy(folder: string, { script = makeIso, outputs = '', settings }: ToyOptions = {}): Toy {
  const counter = join(folder, 'counter')
  writeFileSync(counter, '')
  const flake = join(folder, 'flake')
  const { environment, objects } = openNixStore(join(folder, 'nix'), settings)
  writeFlake(flake, script.replaceAll('COUNTER', counter), outputs)
  return {
    folder,
    flake,
    environment,
    objects,
    builds: () => readFileSync(counter, 'utf8').split('\n').length - 1,
    run: (input, more = {}, ...words) =>
      runNci(['iso', 'build', '--input', '-', ...words], {
        input: { flake: `path:${flake}`, architecture: own, ...input },
        env: { ...environment, ...more },
        cwd: folder,
      }),
  }
}

function writeFlake(folder: string, script: string, outputs: string): void {
  mkdirSync(folder)
  writeFileSync(
    join(folder, 'flake.nix'),
    `{
  outputs = { self }:
    let
      image = system: derivation {
        name = "toy.iso";
        inherit system;
        builder = "/bin/sh";
        PATH = "/usr/bin:/bin";
        args = [ "-e" "-c" ''${script}'' ];
      };
      made = script: derivation {
        name = if script == "echo broken; exit 3" then "failing" else "made";
        system = "${own}-linux";
        builder = "/bin/sh";
        args = [ "-c" script ];
      };
      installer = system: {
        config.system.build.isoImage = image system;
        config.system.nixos.version = "26.05.toy";
        pkgs.stdenv.hostPlatform = { inherit system; };
        extendModules = _: installer system;
      };
    in
    {
      nixosConfigurations.x86_64 = installer "x86_64-linux";
      nixosConfigurations.aarch64 = installer "aarch64-linux";
      nixosConfigurations.mine = installer "${own}-linux";
      nixosConfigurations.broken = throw "the option boot.lodaer does not exist";
      nixosConfigurations.host = { config.system.build.toplevel = image "${own}-linux"; };
      packages.${own}-linux.iso = image "${own}-linux";
      ${outputs}
    };
}
`,
  )
}
