import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { temporaryFolder } from '../support/folder.ts'
import { openNixStore, realNix } from '../support/nix.ts'
import { checkProject, nixFiles, openProject, openTemplate, root } from './project.ts'

const architectures = ['x86_64', 'aarch64'] as const
const json = (name: string) => JSON.parse(readFileSync(join(root, name), 'utf8'))

describe.skipIf(realNix === undefined)('with the real Nix (test/support/fetch-nix.sh fetches it)', () => {
  const folder = temporaryFolder()
  let value: ReturnType<typeof openProject>
  beforeAll(() => {
    value = openProject(folder.path)
  })
  afterAll(() => folder[Symbol.dispose]())

  test('every file of Nix code is one', () => {
    const { environment } = openNixStore(join(folder.path, 'parse'))
    const { stderr, status } = spawnSync('nix-instantiate', ['--parse', ...nixFiles()], {
      cwd: root,
      env: { ...process.env, ...environment },
      encoding: 'utf8',
    })
    expect(stderr).toBe('')
    expect(status).toBe(0)
  })

  test('`nix flake check` finds nothing wrong, for all systems', () => {
    using other = temporaryFolder()
    const said = checkProject(other.path)
    for (const architecture of architectures) {
      expect(said).toContain(`nixosConfigurations.${architecture}`)
      for (const name of ['boot', 'configuration', 'format', 'nci']) {
        expect(said).toContain(`checks.${architecture}-linux.${name}`)
      }
    }
  })

  test('what must hold of an installer is checked', () => {
    using other = temporaryFolder()
    const broken = openProject(other.path, {
      'nix/installer/network.nix': (text) => text.replace('usePredictableInterfaceNames = false;', ''),
      'nix/installer/access.nix': (text) => text.replace('PasswordAuthentication = false;', ''),
    })
    expect(() => broken('checks.x86_64-linux.configuration', 'check: check.drvPath')).toThrow(
      /aarch64: cards are called ethN.*aarch64: nobody logs in by password.*x86_64: cards/,
    )
  })

  test('a value that nixpkgs has set as well is forced, and not left to chance', () => {
    using other = temporaryFolder()
    const broken = openProject(other.path, {
      'nix/installer/console.nix': (text) => text.replace('lib.mkForce config.', 'config.'),
    })
    expect(() => broken('nixosConfigurations.x86_64.config.boot.loader.timeout')).toThrow(
      'boot.loader.timeout has conflicting definitions',
    )
  })

  test.each(architectures)(
    'the image for %s is the same for nix build, for either system, and has a version',
    (name) => {
      const direct = value(`nixosConfigurations.${name}.config.system.build.isoImage.drvPath`)
      for (const system of ['x86_64-linux', 'aarch64-linux']) {
        expect(
          value(`packages.${system}.iso-${name}`, 'iso: { inherit (iso) drvPath nixosVersion system; }'),
        ).toEqual({
          drvPath: direct,
          nixosVersion: '26.05.stub',
          system: `${name}-linux`,
        })
      }
      expect(value(`nixosConfigurations.${name}.config.image.filePath`)).toBe(
        `iso/nixos-cloud-init-installer-26.05.stub-${name}.iso`,
      )
    },
  )

  test('nixos-generators builds the same image: what it adds is there already or does no harm', () => {
    const generated = value(
      'nixosConfigurations.x86_64',
      'nixos: (nixos.extendModules { modules = [ { isoImage.makeEfiBootable = true; isoImage.makeUsbBootable = true; } ]; }).config.system.build.isoImage.drvPath',
    )
    expect(generated).toBe(value('packages.x86_64-linux.iso-x86_64.drvPath'))
  })

  test('each switch of the diet puts back what it says', () => {
    const settings = [
      ['hardware', 'config.hardware.enableAllHardware'],
      ['documentation', 'config.documentation.enable'],
      ['nixpkgs', 'config.nixpkgs.flake.setFlakeRegistry && config.system.installer.channel.enable'],
      ['buildInputs', 'config.system.extraDependencies != [ ]'],
      ['enable', '!(builtins.tryEval config.boot.supportedFilesystems.zfs).success'],
    ]
    for (const [name, shown] of settings) {
      const on = name === 'enable' ? 'false' : 'true'
      const apply = `nixos: let
          with_ = (nixos.extendModules { modules = [ { cloudInitInstaller.diet.${name} = ${on}; } ]; });
          show = { config, ... }: ${shown};
        in [ (show nixos) (show with_) ]`
      expect(value('nixosConfigurations.x86_64', apply), name).toEqual([false, true])
    }
  })

  test('the packages of the engine come from the lock file, without those of other platforms and tools', () => {
    const apply = `nci: { inherit (nci.arguments) npmDeps version; inherit (nci.meta) mainProgram; }`
    const names = (system: string): string[] =>
      Object.keys((value(`packages.${system}.nci`, apply) as { npmDeps: object }).npmDeps)
    const linux = names('x86_64-linux')
    expect(linux).toContain('node_modules/@esbuild/linux-x64')
    expect(linux).toContain('node_modules/@oclif/core')
    expect(
      linux.filter((name) => /biome|vitest|typescript$|node-linux|darwin|arm64|musl/.test(name)),
    ).toEqual([])
    const { npmDeps } = value('packages.x86_64-linux.nci', apply) as { npmDeps: Record<string, string> }
    const lock = json('package-lock.json').packages['node_modules/@oclif/core']
    expect(npmDeps['node_modules/@oclif/core']).toBe(
      `https://registry.npmjs.org/@oclif/core/-/core-${lock.version}.tgz ${lock.integrity}`,
    )
    expect(names('aarch64-linux')).toContain('node_modules/@esbuild/linux-arm64')
    expect(names('aarch64-darwin')).toContain('node_modules/@esbuild/darwin-arm64')
    expect(value('packages.x86_64-linux.nci', apply)).toMatchObject({
      version: json('package.json').version,
      mainProgram: 'nci',
    })
  })

  test('cloud-init is given what the tests with the real one give it', () => {
    const guest = load(readFileSync(join(root, 'test', 'guest', 'cloud.cfg'), 'utf8'))
    for (const name of architectures) {
      const settings = value(`nixosConfigurations.${name}.config.services.cloud-init.settings`)
      expect(guest).toMatchObject(settings as object)
    }
  })

  test('the engine finds the programs that it calls', () => {
    const script = value('packages.x86_64-linux.nci.arguments.installPhase')
    for (const name of ['gitMinimal', 'nix', 'nixos-anywhere', 'openssh']) {
      expect(script).toMatch(new RegExp(`--suffix PATH : \\S*-${name}/bin`))
    }
  })

  test('dependencies that are left out of the engine are ones of package.json', () => {
    const left = value('packages.x86_64-linux.nci', 'nci: nci.arguments.passthru.leftOut') as string[]
    expect(Object.keys(json('package.json').devDependencies)).toEqual(expect.arrayContaining(left))
  })

  test('the other outputs are there', () => {
    expect(value('apps.aarch64-darwin.default.program')).toMatch(/\/bin\/nci$/)
    expect(value('overlays', 'builtins.attrNames')).toEqual(['default'])
    expect(value('nixosModules', 'builtins.attrNames')).toEqual(['default', 'installer'])
    expect(value('devShells.x86_64-linux.default.drvPath')).toMatch(/\.drv$/)
    expect(value('formatter.x86_64-linux.drvPath')).toMatch(/\.drv$/)
    expect(
      value(
        'templates',
        'templates: builtins.mapAttrs (_: t: builtins.pathExists (t.path + "/flake.nix")) templates',
      ),
    ).toEqual({
      default: true,
      host: true,
    })
  })

  test('the template for hosts is a configuration, once somebody can log in', () => {
    using own = temporaryFolder()
    const host = openTemplate(own.path)
    expect(host('assertions', 'builtins.filter ({ assertion, ... }: !assertion)')).toEqual([
      expect.objectContaining({ message: expect.stringContaining('nobody could log in') }),
    ])
    expect(
      host('disko.devices.disk.main.content.partitions', 'builtins.mapAttrs (_: part: part.type or null)'),
    ).toEqual({ bios: 'EF02', esp: 'EF00', root: null })
    expect(host('services.qemuGuest.enable')).toBe(true)
    using filled = temporaryFolder()
    const withKey = openTemplate(filled.path, (text) => text.replace('# "ssh-ed25519', '"ssh-ed25519'))
    expect(withKey('assertions', 'builtins.all ({ assertion, ... }: assertion)')).toBe(true)
  })
})
