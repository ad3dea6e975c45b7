import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Facts } from '../../../src/ssh/facts.ts'
import type { Session } from '../../../src/ssh/session.ts'
import { mayBeUsed } from '../../../src/steps/nixos/used-look.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { writeProgram } from '../../support/program.ts'

let folder: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  folder = temporaryFolder()
  for (const name of ['bin', 'disk', 'tmp']) mkdirSync(join(folder.path, name))
  const program = (name: string, script: string): unknown =>
    writeProgram(join(folder.path, 'bin', name), script)
  // What is mounted is a copy of a folder; how, is written down.
  program(
    'mount',
    `echo "$2 $3" >> '${folder.path}/mounted'; [ ! -e '${folder.path}/damaged' ] || exit 32; cp -a '${folder.path}/disk/.' "$4"`,
  )
  program('umount', 'find "$1" -mindepth 1 -delete')
  program('sudo', 'shift; exec "$@"')
})
afterEach(() => folder[Symbol.dispose]())

/** Runs what would run on the installer with this machine's own shell and tools. */
const session = {
  async run(command: string, _signal: AbortSignal, stdin = '') {
    const PATH = `${join(folder.path, 'bin')}:${process.env.PATH}`
    const child = spawn(command, { shell: true, env: { PATH, TMPDIR: join(folder.path, 'tmp') } })
    child.stdin.end(stdin)
    return { code: 0, stdout: await text(child.stdout), stderr: await text(child.stderr) }
  },
} as unknown as Session

/** What is found of a disk with these types on it, and these files; a name that ends in a slash is a folder. */
async function look(types: readonly string[], files: readonly string[] = []): Promise<boolean> {
  for (const name of files) {
    const file = join(folder.path, 'disk', name)
    mkdirSync(name.endsWith('/') ? file : dirname(file), { recursive: true })
    if (name.endsWith('profiles/system')) symlinkSync('system-1-link', file)
    else if (!name.endsWith('/')) writeFileSync(file, '')
  }
  const content = types.map((type, index) => (index === 0 ? `/dev/sda ${type}` : `/dev/sda${index} ${type}`))
  const disks: Facts['disks'] = [{ device: '/dev/sda', bytes: 1024, content }]
  const isUsed = await mayBeUsed(session, disks, new AbortController().signal)
  expect(readdirSync(join(folder.path, 'tmp'))).toEqual([])
  return isUsed
}

const store = 'nix/store/0123-bash/bin/sh'

test.each([
  ['nothing but mount points', ['lost+found/', 'boot/', 'home/', 'nix/']],
  ['a system that is being copied', [store, 'nix/store/.links/x', 'nix/var/nix/db/db.sqlite', 'tmp/']],
  ['the same in a store of its own', ['store/0123-bash/bin/sh', 'var/nix/db/big-lock', 'var/log/nix/drvs/x']],
  [
    'the same in subvolumes',
    [`@/${store}`, '@nix/store/0123-x', '@nix/var/nix/gcroots/auto', 'swap/swapfile'],
  ],
  ['the host key that was made for it', [store, 'etc/ssh/ssh_host_ed25519_key']],
])('%s is what an installation leaves before its end', async (_, files) => {
  expect(await look(['gpt', 'vfat', 'ext4'], files)).toBe(false)
})

test.each([
  ['a complete NixOS', [store, 'nix/var/nix/profiles/system']],
  ['one in a subvolume', ['@/nix/var/nix/profiles/system']],
  ['one in a subvolume of a subvolume', ['system/nix/var/nix/profiles/system']],
  ['one in a store of its own', ['store/0123-x', 'var/nix/profiles/system']],
  ['another system', ['etc/os-release', 'usr/bin/env']],
  ['data alone', ['photos/summer.jpg']],
])('%s is used', async (_, files) => {
  expect(await look(['gpt', 'vfat', 'ext4'], files)).toBe(true)
})

test.each(['crypto_LUKS', 'LVM2_member', 'zfs_member', 'linux_raid_member', 'ntfs', 'unreadable'])(
  '%s cannot be looked into and is taken for used',
  async (type) => {
    expect(await look(['gpt', type])).toBe(true)
  },
)

test('a file system that cannot be mounted is taken for used', async () => {
  writeFileSync(join(folder.path, 'damaged'), '')
  expect(await look(['ext4'])).toBe(true)
})

test('what holds no files is not looked into', async () => {
  expect(await look(['gpt', 'vfat', 'swap'])).toBe(false)
  expect(await look(['unrecognised data'])).toBe(false)
  expect(readdirSync(folder.path)).not.toContain('mounted')
})
