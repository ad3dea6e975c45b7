import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Box } from '../../support/lab.ts'
import { writeProgram } from '../../support/program.ts'
import type { ErrorCase } from '../error-cases.ts'

const store = '/nix/store/abcdefghijklmnopqrstuvwxyz012345-nixos.iso'

/** A `nix` that answers as told: shell commands for what it is asked, the usual answers for the rest. */
interface Script {
  readonly version?: string
  readonly system?: string
  readonly platform?: string
  readonly eval?: string
  readonly build?: string
  readonly settings?: object
}

/** Runs `nci iso build` with such a `nix` alone in PATH. */
function build(box: Box, script: Script, input: Readonly<Record<string, unknown>> = {}) {
  const folder = join(box.folder, `nix-${readdirSync(box.folder).length}`)
  mkdirSync(folder)
  const { version = 'nix (Nix) 2.34.8', system = 'x86_64-linux', platform = system, settings = {} } = script
  const facts = { derivation: `${store}.drv`, output: store, system, platform, version: '26.05' }
  const config = { system: 'x86_64-linux', 'extra-platforms': [], builders: '', ...settings }
  const shown = Object.fromEntries(Object.entries(config).map(([name, value]) => [name, { value }]))
  writeProgram(
    join(folder, 'nix'),
    `case $* in
*' --version') echo '${version}' ;;
*' eval '*) ${script.eval ?? `echo '${JSON.stringify(facts)}'`} ;;
*' config show '*) echo '${JSON.stringify(shown)}' ;;
*' path-info '*) exit 1 ;;
*' build '*) ${script.build ?? 'exit 0'} ;;
esac`,
  )
  return box.run(['iso', 'build'], {
    input: { flake: 'path:/flake', out_link: join(folder, 'result'), ...input },
    environment: { PATH: `${folder}:/usr/bin:/bin` },
  })
}

/** Shell commands that end as Nix does, with a message. */
const fails = (...lines: string[]): string =>
  `printf '%s\\n' ${lines.map((line) => `"${line}"`).join(' ')} >&2; exit 1`

/** Shell commands that link a folder with these files, as a build does. */
const links = (box: Box, ...names: string[]): string => {
  const built = join(box.folder, `built-${names.join('-')}`)
  mkdirSync(join(built, 'iso'), { recursive: true })
  for (const name of names) writeFileSync(join(built, 'iso', name), '')
  return `while [ "$1" != --out-link ]; do shift; done; ln -s ${built} "$2"`
}

const foreignBuilder = { architecture: 'aarch64', builders: ['ssh-ng://arm1 aarch64-linux'] }
const ignored =
  "warning: ignoring the client-specified setting 'builders', because it is a restricted setting and you are not a trusted user"
const untrusted = fails(
  ignored,
  "error: a 'aarch64-linux' with features {} is required to build '/nix/store/a.drv', but I am a 'x86_64-linux' with features {kvm}",
)
const untrustedNewer = fails(
  ignored,
  "error: Cannot build '/nix/store/a.drv'.",
  '       Reason: required system or feature not available',
  "       Required system: 'aarch64-linux' with features {}",
  "       Current system: 'x86_64-linux' with features {kvm}",
)

export const buildCases: ErrorCase[] = [
  {
    code: 'NIX_MISSING',
    when: 'there is no Nix in PATH',
    run: (box) => box.run(['iso', 'build'], { input: {}, environment: { PATH: '/usr/bin:/bin' } }),
    says: ['https://nixos.org/download', '`nci iso download`'],
  },
  {
    code: 'NIX_TOO_OLD',
    when: 'Nix is an old one',
    run: (box) => build(box, { version: 'nix (Nix) 2.8.0' }),
    says: ['nix (Nix) 2.8.0 is too old', '2.20 or newer'],
  },
  {
    code: 'NIX_TOO_OLD',
    when: 'Nix does not know an option',
    run: (box) => build(box, { eval: fails("error: unrecognised flag '--apply'") }),
    says: ["unrecognised flag '--apply'"],
  },
  {
    code: 'NIX_FLAKES_DISABLED',
    when: 'flakes are forbidden',
    run: (box) =>
      build(box, { eval: fails("error: experimental Nix feature 'flakes' is disabled; add '--extra-…'") }),
    says: ['experimental-features = nix-command flakes', '/etc/nix/nix.conf'],
  },
  {
    code: 'FLAKE_NOT_FOUND',
    when: 'there is no flake to build the ISO from',
    run: (box) => build(box, { eval: fails("error: path '/flake' does not exist") }),
    says: ['path:/flake', 'flake.nix'],
  },
  {
    code: 'ISO_ATTRIBUTE_UNKNOWN',
    when: 'the flake has no such configuration',
    run: (box) =>
      build(
        box,
        {
          eval: fails(
            "error: flake 'path:/flake' does not provide attribute 'packages.x86_64-linux.nixosConfigurations.mine' or 'nixosConfigurations.mine'",
          ),
        },
        { attribute: 'mine' },
      ),
    says: ['nixosConfigurations.mine', '`nix flake show path:/flake`'],
  },
  {
    code: 'ISO_ATTRIBUTE_UNKNOWN',
    when: 'the configuration is no installation medium',
    run: (box) => build(box, { eval: fails('error: it has no config.system.build.isoImage') }),
    says: ['it has no config.system.build.isoImage', '`nix flake show'],
  },
  {
    code: 'ISO_EVALUATION_FAILED',
    when: 'the code of the flake is wrong',
    run: (box) =>
      build(box, {
        eval: fails('error:', '       … while evaluating', "       error: The option 'boot.lodaer' does not"),
      }),
    says: ["The option 'boot.lodaer'", '`show_trace`'],
  },
  {
    code: 'ISO_BUILD_FAILED',
    when: 'a build fails',
    run: (box) =>
      build(box, {
        build: fails(
          "error: Cannot build '/nix/store/a-squashfs.img.drv'.",
          '       Reason: builder failed with exit code 1.',
          "error: 1 dependency of derivation '/nix/store/b-nixos.iso.drv' failed to build",
        ),
      }),
    says: ["Cannot build '/nix/store/a-squashfs.img.drv': builder failed", '`nix build path:/flake#'],
  },
  {
    code: 'NIX_DISK_FULL',
    when: 'there is no space left',
    run: (box) =>
      build(box, {
        build: fails(
          'mksquashfs: write failed: No space left on device',
          "error: builder for '/nix/store/a-squashfs.img.drv' failed with exit code 1",
        ),
      }),
    says: ['No space left on device', '`nix-collect-garbage -d`', '/nix/store'],
  },
  {
    code: 'ISO_SYSTEM_FOREIGN',
    when: 'nothing builds for the architecture',
    run: (box) => build(box, { system: 'aarch64-linux' }, { architecture: 'aarch64' }),
    says: ['(x86_64-linux) cannot build for aarch64-linux', '`nci iso download --architecture aarch64`'],
  },
  {
    code: 'ISO_SYSTEM_FOREIGN',
    when: 'Nix does not trust the user’s builders',
    run: (box) =>
      build(
        box,
        { system: 'aarch64-linux', settings: { builders: 'ssh-ng://arm1 aarch64-linux' }, build: untrusted },
        foreignBuilder,
      ),
    says: ['takes `builders` from trusted users only', '`trusted-users = root '],
  },
  {
    code: 'ISO_SYSTEM_FOREIGN',
    when: 'a newer Nix does not trust the user’s builders',
    run: (box) =>
      build(
        box,
        {
          system: 'aarch64-linux',
          settings: { builders: 'ssh-ng://arm1 aarch64-linux' },
          build: untrustedNewer,
        },
        foreignBuilder,
      ),
    says: ['(x86_64-linux) cannot build for aarch64-linux', '/etc/nix/nix.conf'],
  },
  {
    code: 'ISO_ARCHITECTURE_WRONG',
    when: 'the configuration is for another architecture than the one asked for',
    run: (box) => build(box, { platform: 'aarch64-linux' }, { attribute: 'mine' }),
    says: ['is for aarch64-linux, and not for x86_64-linux'],
  },
  {
    code: 'ISO_NOT_IN_BUILD',
    when: 'what was built has no ISO',
    run: (box) => build(box, { build: links(box, 'nixos.iso.zst') }),
    says: ['nixos.iso.zst', '`isoImage.compressImage`'],
  },
  {
    code: 'ISO_NOT_IN_BUILD',
    when: 'what was built has several ISOs',
    run: (box) => build(box, { build: links(box, 'one.iso', 'two.iso') }),
    says: [/one\.iso, two\.iso|two\.iso, one\.iso/],
  },
  {
    code: 'ISO_DESTINATION_UNUSABLE',
    when: 'a folder is in the place of the link',
    run: (box) => build(box, {}, { out_link: box.folder }),
    says: ['`out_link`', 'no link'],
  },
  {
    code: 'INPUT_INVALID',
    when: 'the attribute is given twice',
    run: (box) => build(box, {}, { flake: 'path:/flake#a', attribute: 'b' }),
    says: ['exclude each other'],
  },
  {
    code: 'INPUT_INVALID',
    when: 'nixos-generators is to build a package',
    run: (box) => build(box, {}, { builder: 'nixos-generators', attribute: 'packages.x86_64-linux.iso' }),
    says: ['nixos-generators builds configurations'],
  },
]
