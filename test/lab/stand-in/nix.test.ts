import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type StandIns, standIns } from './stand-ins.ts'

let folder: string
let tools: StandIns
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lab-nix-'))
  tools = await standIns(folder)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const toplevel = () => `${tools.flake}#nixosConfigurations."vm1".config.system.build.toplevel`

describe('the stand-in for nix', () => {
  it('says what it is', async () => {
    expect((await tools.run('nix', ['--version'])).stdout).toBe('nix (Nix) 2.34.8 (lab stand-in)\n')
    const built = await tools.run('nix', ['build', '--no-link', toplevel()])
    expect(built.stderr).toMatch(/^nix: this is the lab's stand-in/)
  })

  it('builds the same paths again, and others after a change', async () => {
    const build = async () =>
      (await tools.run('nix', ['build', '--no-link', '--print-out-paths', toplevel()])).stdout
    const first = await build()
    expect(first).toMatch(/^\/nix\/store\/[0-9abcdfghijklmnpqrsvwxyz]{32}-nixos-system-vm1-26\.05\.lab\n$/)
    expect(await build()).toBe(first)
    await writeFile(join(tools.flake, 'more.nix'), '{ }')
    expect(await build()).not.toBe(first)
  })

  it('prints results as JSON and progress as messages', async () => {
    const args = ['build', '--no-link', '--json', '--log-format', 'internal-json', toplevel()]
    const { stdout, stderr } = await tools.run('nix', args)
    expect(JSON.parse(stdout)).toEqual([
      {
        drvPath: expect.stringMatching(/\.drv$/),
        outputs: { out: expect.stringContaining('nixos-system-vm1') },
      },
    ])
    const messages = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line.replace(/^@nix /, '')))
    const started = messages.filter(({ action }) => action === 'start').map(({ id }) => id)
    const stopped = messages.filter(({ action }) => action === 'stop').map(({ id }) => id)
    expect(started.length).toBeGreaterThan(0)
    expect(stopped.sort()).toEqual(started.sort())
    expect(messages.some(({ action, type }) => action === 'result' && type === 105)).toBe(true)
  })

  it.each([
    ['a missing folder', () => '/nowhere#x', "error: path '/nowhere' does not exist"],
    ['a folder without flake', () => `${folder}#x`, "does not contain a '/flake.nix' file"],
    [
      'a missing configuration',
      () => `${tools.flake}#nixosConfigurations.vm2.config.system.build.toplevel`,
      "does not provide attribute 'packages.x86_64-linux.nixosConfigurations.vm2",
    ],
    ['a flake elsewhere', () => 'github:owner/repo#x', 'builds local flakes only'],
  ])('fails for %s', async (_what, installable, message) => {
    const { exitCode, stdout, stderr } = await tools.run('nix', ['build', installable()])
    expect(exitCode).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toContain(message)
  })

  it('builds an image to link to', async () => {
    const { exitCode } = await tools.run('nix', [
      'build',
      '--out-link',
      'iso',
      `${tools.flake}#packages.x86_64-linux.iso-x86_64`,
    ])
    expect(exitCode).toBe(0)
    const [name = ''] = await readdir(join(folder, 'iso/iso'))
    expect(name).toMatch(/x86_64-linux\.iso$/)
    expect((await readFile(join(folder, 'iso/iso', name))).toString('latin1', 0x8001, 0x8006)).toBe('CD001')
  })

  it('tells of a path whether it is there', async () => {
    const { stdout } = await tools.run('nix', ['build', '--no-link', '--print-out-paths', toplevel()])
    expect((await tools.run('nix', ['path-info', stdout.trim()])).stdout).toBe(stdout)
    const { exitCode, stderr } = await tools.run('nix', ['path-info', '/nix/store/0-nothing'])
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringContaining("path '/nix/store/0-nothing' is not valid"),
    ])
  })

  it('knows its settings', async () => {
    const { stdout } = await tools.run('nix', [
      '--extra-experimental-features',
      'nix-command flakes',
      'config',
      'show',
      'system',
    ])
    expect(stdout).toMatch(/^(x86_64|aarch64)-linux\n$/)
    expect((await tools.run('nix', ['config', 'show'])).stdout).toContain(
      'experimental-features = flakes nix-command',
    )
    const { stdout: json } = await tools.run('nix', ['config', 'show', '--json'])
    expect(JSON.parse(json)).toMatchObject({
      system: { value: stdout.trim() },
      'extra-platforms': { value: [] },
    })
  })

  it('lists the configurations of a flake, and says of one whether it has disko', async () => {
    const evaluate = async (attribute: string, apply: string): Promise<unknown> => {
      const words = ['eval', '--json', '--apply', apply, `${tools.flake}#${attribute}`]
      return JSON.parse((await tools.run('nix', words)).stdout)
    }
    expect(await evaluate('nixosConfigurations', 'builtins.attrNames')).toEqual(['vm1'])
    const facts = 'config: { disko = config.system.build ? diskoScript; }'
    expect(await evaluate('nixosConfigurations."vm1".config', facts)).toEqual({
      disko: expect.any(Boolean),
      platform: expect.stringMatching(/^(x86_64|aarch64)-linux$/),
    })
  })
})
