import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { buildSystems } from '../../src/nix/build-many.ts'
import { recordingContext } from '../support/context.ts'
import { writeFakeNix } from '../support/fake-nix.ts'
import { temporaryFolder } from '../support/folder.ts'
import { openNixStore, realNix } from '../support/nix.ts'

const variant = { disko_mode: 'disko', no_disko_deps: false, show_trace: false } as const

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

/** Systems without nixpkgs: `web` and `db` share their disko script, `bad` cannot be built, `wrong` not evaluated. */
const flake = `{
  outputs = { self }:
    let
      make = name: script: derivation {
        inherit name;
        system = "SYSTEM";
        builder = "/bin/sh";
        args = [ "-c" script ];
      };
      configuration = name: script: {
        config.system.build = {
          diskoScript = make "disko" "echo echo > $out";
          toplevel = make "nixos-system-\${name}" script;
        };
      };
    in {
      nixosConfigurations = {
        web = configuration "web" "echo web > $out";
        db = configuration "db" "echo db > $out";
        "db.example.org" = configuration "db2" "echo db2 > $out";
        bad = configuration "bad" "echo tried >> TRIED; exit 7";
        wrong = { config.system.build = { diskoScript = 1; toplevel = 2; }; };
      };
    };
}`

/** Builds with the real Nix, in a store of its own. */
async function build(names: readonly string[]) {
  const folder = temporaryFolder()
  const store = openNixStore(folder.path, { 'filter-syscalls': 'false' })
  const source = join(folder.path, 'flake')
  mkdirSync(source)
  const system = `${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux`
  const tried = join(folder.path, 'tried')
  writeFileSync(join(source, 'flake.nix'), flake.replace('SYSTEM', system).replace('TRIED', tried))
  for (const [name, value] of Object.entries(store.environment)) vi.stubEnv(name, value)
  const context = recordingContext()
  const wanted = names.map((name) => `path:${source}#${name}`)
  const built = await buildSystems(wanted, {}, context, variant)
  const phases = context.events.flatMap((event) => (event.type === 'phase' ? [event.phase] : []))
  const short = [...built].map(([key, value]) => [key.split('#')[1], value] as const)
  return { built: new Map(short), phases, store, tried, [Symbol.dispose]: () => folder[Symbol.dispose]() }
}

test.skipIf(realNix === undefined)(
  'all systems of a flake are evaluated once and built in one call',
  async () => {
    using done = await build(['web', 'db', 'db.example.org'])
    expect([...done.built.keys()]).toEqual(['web', 'db', 'db.example.org'])
    const { web, db } = Object.fromEntries(done.built)
    expect(web?.disko_script).toBe(db?.disko_script)
    expect(web?.system).toMatch(/-nixos-system-web$/)
    expect(db?.system).toMatch(/-nixos-system-db$/)
    expect(existsSync(db?.system ?? '')).toBe(true)
    expect(done.phases).toEqual([
      expect.stringMatching(/^evaluating 3 systems of path:/),
      'building 3 systems',
    ])
  },
)

test.skipIf(realNix === undefined)(
  'one that cannot be built does not stop the others, and is tried once',
  async () => {
    using done = await build(['bad', 'web'])
    expect(readFileSync(done.tried, 'utf8')).toBe('tried\n')
    expect([...done.built.keys()]).toEqual(['web'])
    expect(existsSync(done.built.get('web')?.system ?? '')).toBe(true)
  },
)

test.skipIf(realNix === undefined)(
  'what cannot be evaluated is left to be built by itself, and spoils no other',
  async () => {
    using done = await build(['web', 'db', 'wrong', 'db.example.org'])
    expect([...done.built.keys()].sort()).toEqual(['db', 'db.example.org', 'web'])
  },
)

test('of very many systems no more are evaluated at once than there is memory for, and all are built at once', async () => {
  using folder = temporaryFolder()
  const path = writeFakeNix(folder.path, `echo built >> '${folder.path}/built'`)
  vi.stubEnv('PATH', `${path}:${process.env.PATH}`)
  vi.spyOn(process, 'availableMemory').mockReturnValue(10 * 500 * 1024 ** 2)
  const names = Array.from({ length: 25 }, (_, index) => `web${index}`)
  const flakes = names.map((name) => `path:/flake#${name}`)
  const built = await buildSystems(flakes, {}, recordingContext(), variant)
  expect([...built.keys()].sort()).toEqual(flakes.toSorted())
  const calls = readFileSync(join(folder.path, 'evaluated'), 'utf8').trim().split('\n')
  expect(calls.map((line) => line.split(' ').length).sort()).toEqual([10, 10, 5])
  expect(readFileSync(join(folder.path, 'built'), 'utf8')).toBe('built\n')
})
