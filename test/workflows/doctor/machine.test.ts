import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Box, openBox } from '../../support/lab.ts'
import { writeProgram } from '../../support/program.ts'
import { examine } from './support.ts'

let box: Box
beforeAll(async () => {
  box = await openBox()
})
afterAll(() => box[Symbol.asyncDispose]())

/** A folder for PATH with these programs, and Node for those that are scripts. */
function programs(name: string, scripts: Readonly<Record<string, string>>): string {
  const folder = join(box.folder, name)
  mkdirSync(folder)
  symlinkSync(process.execPath, join(folder, 'node'))
  for (const [program, script] of Object.entries(scripts)) writeProgram(join(folder, program), script)
  return folder
}

const flakeOf = (name: string): string => join(box.folder, 'flakes', name)

/** A flake with this code. */
function flake(name: string, code: string): string {
  mkdirSync(flakeOf(name), { recursive: true })
  writeFileSync(join(flakeOf(name), 'flake.nix'), code)
  return `path:${flakeOf(name)}`
}

describe('programs', () => {
  test('none of them is there', async () => {
    const PATH = programs('empty', {})
    const found = await examine(box, box.host, { PATH: `${PATH}:/nonexistent` })
    expect(found.statuses).toMatchObject({
      login: 'ok',
      'program.nix': 'failed',
      'program.nixos_anywhere': 'failed',
      'program.ssh': 'failed',
      'program.ssh_keygen': 'failed',
      architecture: 'skipped',
      'flake.attribute': 'skipped',
    })
  })

  test('Nix is not needed for what is built elsewhere', async () => {
    const PATH = programs('elsewhere', { 'nixos-anywhere': 'exit 0', ssh: '', 'ssh-keygen': '' })
    const input = { ...box.host, build_on: 'remote' }
    const found = await examine(box, input, { PATH })
    expect(found.statuses).toMatchObject({ 'program.nix': 'skipped', 'program.nixos_anywhere': 'ok' })
    expect(found.unwell).toEqual([])
  })

  test('an old Nix that cannot show its settings is too old for nixos-anywhere', async () => {
    const nix = `case "$*" in --version) echo 'nix (Nix) 2.8.1' ;; *) echo "error: 'config' is not a recognised command" >&2; exit 1 ;; esac`
    const PATH = `${programs('old', { nix })}:${box.environment.PATH}`
    const { statuses, check } = await examine(box, box.host, { PATH })
    expect(statuses).toMatchObject({ 'program.nix': 'warning', architecture: 'failed' })
    expect(check('program.nix').details).toMatchObject({ version: '2.8.1' })
  })

  test.each([
    ['nix (Nix) 2.34.8', '2.34.8', 'ok'],
    ['nix (Lix, like Nix) 2.91.1', '2.91.1', 'ok'],
    ['nix (Determinate Nix 3.8.5) 2.30.1', '2.30.1', 'ok'],
    ['nix (Nix) 2.18.9pre20240101_abc', '2.18.9', 'warning'],
  ])('%s is version %s', async (text, version, status) => {
    const real = join(dirname(box.environment.PATH?.split(':')[0] ?? ''), 'bin', 'nix')
    const nix = `[ "$1" = --version ] && { echo '${text}'; exit; }; exec '${real}' "$@"`
    const PATH = `${programs(`nix-${version}`, { nix })}:${box.environment.PATH}`
    const found = await examine(box, box.host, { PATH })
    expect(found.check('program.nix')).toMatchObject({ status, details: { version } })
  })
})

test('a Nix that never answers ends with the time that was given, and with one document', async () => {
  const PATH = `${programs('hanging', { nix: 'exec sleep 600' })}:${box.environment.PATH}`
  const { document, exitCode } = await box.run(['doctor'], {
    input: { ...box.host, timeout: 3 },
    environment: { PATH },
  })
  expect(document).toMatchObject({ ok: false, step: 'doctor', error: { code: 'TIMEOUT' } })
  expect(exitCode).toBe(5)
})

describe('the SSH key', () => {
  test('is missing, or encrypted without its passphrase, or with it', async () => {
    const file = join(box.folder, 'encrypted')
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'correct horse', '-f', file])
    const key = { ...box.host, ssh_private_key_file: file }
    expect((await examine(box, { ...key, ssh_private_key_file: `${file}-not` })).statuses.ssh_key).toBe(
      'failed',
    )
    expect((await examine(box, key)).check('ssh_key').message).toContain('no passphrase')
    const opened = await examine(box, { ...key, ssh_private_key_passphrase: 'correct horse' })
    expect(opened.statuses.ssh_key).toBe('ok')
    expect(opened.end.stdout).not.toContain('correct horse')
  })
})

describe('the flake', () => {
  const system = (name: string, more = ''): string =>
    `{ outputs = { nixpkgs, ... }: { nixosConfigurations.${name} = nixpkgs.lib.nixosSystem { ${more} }; }; }`

  test('has no such attribute: the names that it has are told, and the one that was meant', async () => {
    const uri = flake('names', system('web1', 'modules = [ disko ];'))
    const found = await examine(box, { ...box.host, flake: `${uri}#wep1` })
    expect(found.check('flake.attribute')).toMatchObject({
      status: 'failed',
      hint: expect.stringMatching(/It has web1\. Did you mean `web1`\?/),
    })
    expect(found.statuses['flake.system']).toBe('skipped')
  })

  test('is not there', async () => {
    const found = await examine(box, { ...box.host, flake: 'path:/nonexistent/flake#web1' })
    expect(found.check('flake.attribute').details).toMatchObject({ code: 'FLAKE_NOT_FOUND' })
  })

  test('has no disko layout', async () => {
    const uri = flake('bare', system('web1'))
    const found = await examine(box, { ...box.host, flake: `${uri}#web1` })
    expect(found.check('flake.system').message).toContain('no disko layout')
  })

  test.skipIf(process.arch !== 'x64')(
    'is for another architecture, which this machine cannot build either',
    async () => {
      const uri = flake('arm', system('web1', 'system = "aarch64-linux"; modules = [ disko ];'))
      const input = { ...box.host, flake: `${uri}#web1` }
      expect((await examine(box, input)).check('flake.system').message).toContain('aarch64-linux')
      const arm = await examine(box, { ...input, architecture: 'aarch64' })
      expect(arm.statuses['flake.system']).toBe('ok')
      expect(arm.check('architecture').message).toContain('built in the installer')
      const local = await examine(box, { ...input, architecture: 'aarch64', build_on: 'local' })
      expect(local.statuses.architecture).toBe('failed')
      expect(
        (await examine(box, { ...input, architecture: 'aarch64', build_on: 'remote' })).statuses.architecture,
      ).toBe('skipped')
    },
  )
})
