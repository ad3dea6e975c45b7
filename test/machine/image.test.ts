/** What can be said of the stand-in installer without building it. */
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../support/folder.ts'
import { realNix } from '../support/nix.ts'
import { writeHostFlake } from './host-flake/host-flake.ts'

const image = join(import.meta.dirname, 'image')
const system = join(image, 'system')
const hasShellcheck = spawnSync('shellcheck', ['--version']).status === 0

const scripts = readdirSync(image, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map(({ parentPath, name }) => join(parentPath, name))
  .filter((file) => /^#!\/bin\/(?:busybox )?sh\n/.test(readFileSync(file, 'utf8')))

describe('the stand-in installer', () => {
  test('is told from NixOS by people, and taken for its installer by programs', () => {
    const release = readFileSync(join(system, 'etc/os-release'), 'utf8')
    expect(release).toMatch(/^PRETTY_NAME=".*not NixOS.*"$/m)
    expect(release).toMatch(/^ID_LIKE=nixos$/m)
    expect(release).toMatch(/^VARIANT_ID=installer$/m)
    expect(readFileSync(join(system, 'etc/issue'), 'utf8')).toContain('not NixOS')
  })

  test('installs a system that says so as well, and is no installer', () => {
    const release = readFileSync(join(system, 'usr/share/stand-in/etc/os-release'), 'utf8')
    expect(release).toMatch(/^PRETTY_NAME=".*not NixOS.*"$/m)
    expect(release).not.toContain('VARIANT_ID')
  })

  test.for(scripts.map((file) => [basename(file), file] as const))('has a sound %s', ([, file]) => {
    execFileSync('sh', ['-n', file])
  })

  test.skipIf(!hasShellcheck)(
    `has scripts that shellcheck has no objection to${hasShellcheck ? '' : ' (skipped: there is no shellcheck)'}`,
    () => {
      const { stdout, status } = spawnSync('shellcheck', ['-x', '--shell=dash', ...scripts], {
        encoding: 'utf8',
        cwd: join(import.meta.dirname, '..', '..'),
      })
      expect(stdout).toBe('')
      expect(status).toBe(0)
    },
  )

  test('is found in the cache under a name that follows from what it is built from', () => {
    using folder = temporaryFolder()
    const copy = join(folder.path, 'image')
    cpSync(image, copy, { recursive: true })
    const before = wanted(copy, folder.path)
    expect(wanted(image, folder.path)).toBe(before)
    writeFileSync(join(copy, 'packages/system.list'), 'hello\n', { flag: 'a' })
    expect(wanted(copy, folder.path)).not.toBe(before)
  })
})

test('where the packages are out of reach there is no image, for that reason, and nothing is left of it', () => {
  using folder = temporaryFolder()
  // Knows a mirror, and gets nothing from it; apt takes that for a warning.
  const apt = '#!/bin/sh\nif [ "$1" = indextargets ]; then echo http://mirror.invalid/debian; fi\n'
  for (const program of ['apt-get', 'dpkg-deb'])
    writeFileSync(join(folder.path, program), apt, { mode: 0o755 })
  const module = join(image, 'stand-in-image.ts')
  const ask = `import { whyNoImage } from '${module}'; console.log(await whyNoImage())`
  const cache = join(folder.path, 'cache')
  const env = { ...process.env, PATH: `${folder.path}:${process.env.PATH}`, XDG_CACHE_HOME: cache }
  const words = ['--input-type=module', '--eval', ask]
  const reason = execFileSync(process.execPath, words, { encoding: 'utf8', env }).trim()
  expect(reason).toMatch(/^Debian's packages are out of reach|^the stand-in installer is built /)
  expect(existsSync(cache) ? readdirSync(join(cache, 'nci-tests')) : ['stand-in.lock']).toEqual([
    'stand-in.lock',
  ])
})

test.skipIf(realNix === undefined)(
  'the flake of toy systems gives each host a disk script and a system',
  () => {
    using folder = temporaryFolder()
    const busybox = join(folder.path, 'busybox')
    writeFileSync(busybox, '')
    const hosts = [
      { hostName: 'web1', authorizedKeys: ['ssh-ed25519 AAAA $me'] },
      { hostName: 'db.example', address: '192.0.2.8/24', payloadMiB: 2 },
    ]
    writeHostFlake(join(folder.path, 'flake'), hosts, busybox)
    const apply =
      'builtins.mapAttrs (name: one: map (part: part.name) [ one.config.system.build.diskoScript one.config.system.build.toplevel ])'
    const words = ['eval', '--json', '--apply', apply, `path:${folder.path}/flake#nixosConfigurations`]
    const store = ['--store', `${folder.path}/store`, '--extra-experimental-features', 'nix-command flakes']
    const printed = execFileSync(realNix ?? '', [...store, ...words], {
      encoding: 'utf8',
      env: { ...process.env, HOME: folder.path },
    })
    expect(JSON.parse(printed)).toEqual({
      web1: ['disko', 'nixos-system-web1-26.05.stand-in'],
      'db.example': ['disko', 'nixos-system-db.example-26.05.stand-in'],
    })
  },
)

/** The folder that build.sh would build. */
function wanted(folder: string, cache: string): string {
  const { stdout } = spawnSync('sh', [join(folder, 'build.sh'), '--name'], {
    encoding: 'utf8',
    env: { ...process.env, XDG_CACHE_HOME: cache },
  })
  return stdout.trim()
}
