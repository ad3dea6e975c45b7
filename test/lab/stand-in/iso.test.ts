import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type Box, type End, openBox } from '../../support/lab.ts'
import { succeeded } from '../../workflows/provisioned.ts'

const [own, foreign] = process.arch === 'arm64' ? ['aarch64', 'x86_64'] : ['x86_64', 'aarch64']
const flakeText = `{ outputs = { nixpkgs, ... }: {
  nixosConfigurations.installer = nixpkgs.lib.nixosSystem {
    system = "${own}-linux";
    modules = [ "\${nixpkgs}/nixos/modules/installer/cd-dvd/installation-cd-minimal.nix" ];
  };
  nixosConfigurations.${foreign} = nixpkgs.lib.nixosSystem { system = "${foreign}-linux"; };
}; }
`

/** Builds in a sandbox, from a flake of its own: what `nci iso build` asks of Nix is answered by the lab's stand-in. */
async function build(
  box: Box,
  input: Readonly<Record<string, unknown>> = {},
  flags: readonly string[] = [],
): Promise<End> {
  const flake = join(box.folder, 'installer')
  mkdirSync(flake, { recursive: true })
  writeFileSync(join(flake, 'flake.nix'), flakeText)
  const document = {
    flake,
    attribute: 'installer',
    architecture: own,
    out_link: join(box.folder, 'result'),
    ...input,
  }
  return box.run(['iso', 'build', ...flags], { input: document })
}

it('an ISO is built with the lab’s Nix, once, and a host is provisioned with it', async () => {
  await using box = await openBox()
  expect(succeeded(await build(box, {}, ['--check'])).changed).toBe(true)
  expect(existsSync(join(box.folder, 'result'))).toBe(false)
  const first = succeeded(await build(box))
  expect(first).toMatchObject({ changed: true, output: { nixos_version: '26.05.lab', size: 65_536 } })
  expect(succeeded(await build(box)).changed).toBe(false)
  const host = { ...box.host, iso_path: first.output.path }
  expect(succeeded(await box.run(['provision'], { input: host })).changed).toBe(true)
})

it('what has no ISO, and what this machine cannot build, is refused as Nix would', async () => {
  await using box = await openBox()
  const flake = join(box.folder, 'flake')
  const none = await build(box, { flake, attribute: 'web1' })
  expect(none.document.error).toMatchObject({ code: 'ISO_ATTRIBUTE_UNKNOWN' })
  const elsewhere = await build(box, { attribute: foreign, architecture: foreign })
  expect(elsewhere.document.error).toMatchObject({ code: 'ISO_SYSTEM_FOREIGN' })
  const wrong = await build(box, { attribute: foreign })
  expect(wrong.document.error).toMatchObject({ code: 'ISO_ARCHITECTURE_WRONG' })
})
