import { writeFileSync } from 'node:fs'
import { hostname, totalmem } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Facts, readFacts } from '../../src/ssh/facts.ts'
import { loadLoginKey } from '../../src/ssh/keys.ts'
import { openSession } from '../../src/ssh/session.ts'
import { temporaryFolder } from '../support/folder.ts'
import { hasSshd, startSshd } from '../support/sshd.ts'

const never = new AbortController().signal

/** The facts that the machine gives, asked over real SSH; with `answer`, whatever is asked gives that. */
async function factsOf(answer?: string): Promise<Facts | undefined> {
  using folder = temporaryFolder()
  const file = join(folder.path, 'answer')
  writeFileSync(file, answer ?? '')
  await using server = await startSshd(...(answer === undefined ? [] : [`ForceCommand cat ${file}`]))
  const key = await loadLoginKey({ ssh_private_key_file: server.keyFile })
  const address = { host: '127.0.0.1', port: server.port }
  await using session = await openSession({ address, user: server.user, key, hostKey: server.hostKey }, never)
  return await readFacts(session, never)
}

const installer = `os_ID=nixos
os_ID_LIKE=
os_VARIANT_ID=installer
os_PRETTY_NAME=NixOS 26.05 (Yarara)
hostname=web1
arch=x86_64
boot_id=0d0a8a4a-1111-4222-8333-444455556666
root_fs=tmpfs
mem_kib=2012345
uuid=6D3B0F3E-1111-4222-8333-444455556666
system=/nix/store/q99n4jhblf0lv4xg4dlwa5vrvj5mwrgg-nixos-system-installer
mounted=
cloud_init=done
disk:/dev/sda=34359738368
content:/dev/sda=
parts:/dev/sda=
end=1
`

describe.skipIf(!hasSshd)('facts', () => {
  test('a real machine answers whole, and is no installer', async () => {
    const facts = await factsOf()
    expect(facts).toMatchObject({ hostname: hostname(), installer: false })
    expect(facts?.bootId).toMatch(/^[0-9a-f-]{36}$/)
    expect(facts?.memoryMib).toBe(Math.floor(totalmem() / 1024 ** 2))
    expect(facts?.architecture).toBe({ x64: 'x86_64', arm64: 'aarch64' }[process.arch as string])
    expect(facts?.os).not.toBe('unknown')
  })

  test('an installer with a blank disk is one, with its UUID in lower case', async () => {
    expect(await factsOf(installer)).toEqual({
      hostname: 'web1',
      os: 'NixOS 26.05 (Yarara)',
      installer: true,
      uuid: '6d3b0f3e-1111-4222-8333-444455556666',
      system: '/nix/store/q99n4jhblf0lv4xg4dlwa5vrvj5mwrgg-nixos-system-installer',
      bootId: '0d0a8a4a-1111-4222-8333-444455556666',
      architecture: 'x86_64',
      memoryMib: 1965,
      cloudInit: 'done',
      disks: [{ device: '/dev/sda', bytes: 34359738368, content: [] }],
      mounted: [],
    })
  })

  test.each([
    ['an installed NixOS', ['os_VARIANT_ID=installer', 'os_VARIANT_ID=']],
    ['an installer on a disk', ['root_fs=tmpfs', 'root_fs=ext4']],
    ['an installer of something else', ['os_ID=nixos', 'os_ID=debian']],
  ])('%s is no installer', async (_, [from = '', to = '']) => {
    expect(installer).toContain(from)
    expect(await factsOf(installer.replace(from, to))).toMatchObject({ installer: false })
  })

  test('a system that is like NixOS, and one with an overlay as its root, counts', async () => {
    const like = installer
      .replace('os_ID=nixos', 'os_ID=mine')
      .replace('os_ID_LIKE=', 'os_ID_LIKE=linux nixos')
    expect(await factsOf(like.replace('root_fs=tmpfs', 'root_fs=overlay'))).toMatchObject({ installer: true })
  })

  test('what disks hold is told by device: tables, file systems, and partitions without one', async () => {
    const used = installer
      .replace('content:/dev/sda=', 'content:/dev/sda=/dev/sda gpt, /dev/sda PMBR, /dev/sda1 vfat,')
      .replace('parts:/dev/sda=', 'parts:/dev/sda=/dev/sda1 /dev/sda2')
      .replace('mounted=', 'mounted=/mnt /mnt/boot')
    expect(await factsOf(used)).toMatchObject({
      disks: [{ content: ['/dev/sda gpt', '/dev/sda PMBR', '/dev/sda1 vfat', '/dev/sda2'] }],
      mounted: ['/mnt', '/mnt/boot'],
    })
  })

  test('a UUID that could not be read is unknown', async () => {
    expect((await factsOf(installer.replace(/^uuid=.*$/m, 'uuid=')))?.uuid).toBeUndefined()
  })

  test.each([
    ['nothing', ''],
    ['a banner alone', 'Welcome!\n'],
    ['half of it', installer.slice(0, 200)],
  ])('an answer of %s is none', async (_, answer) => {
    expect(await factsOf(answer)).toBeUndefined()
  })

  test('what a login prints before the facts does no harm', async () => {
    expect(await factsOf(`Welcome to web1!\nLast login = today\n${installer}`)).toMatchObject({
      installer: true,
    })
  })
})
