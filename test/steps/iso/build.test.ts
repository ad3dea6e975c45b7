import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../support/folder.ts'
import { startNci, withDocument } from '../../support/nci.ts'
import { realNix } from '../../support/nix.ts'
import { writeProgram } from '../../support/program.ts'
import { openToy, other, own } from './build-nix.ts'

describe.skipIf(realNix === undefined)('with the real Nix (test/support/fetch-nix.sh fetches it)', () => {
  test('the configuration that is called as the architecture is built, linked, and described', async () => {
    using folder = temporaryFolder()
    const toy = openToy(folder.path)
    const { document, stderr } = await toy.run({}, {}, '--progress', 'ndjson')
    const link = join(folder.path, `result-${own}`)
    const store_path = readlinkSync(link)
    const file = join(store_path, 'iso', 'toy-26.05.iso')
    expect(document).toMatchObject({
      ok: true,
      changed: true,
      diff: [{ what: link, after: store_path }],
      output: {
        path: file,
        name: 'toy-26.05.iso',
        size: statSync(file).size,
        sha256: createHash('sha256').update(readFileSync(file)).digest('hex'),
        architecture: own,
        nixos_version: '26.05.toy',
        store_path,
        out_link: link,
        installable: `path:${toy.flake}#nixosConfigurations.${own}.config.system.build.isoImage`,
        emulated: false,
      },
    })
    expect(store_path).toMatch(toy.objects)
    const events = stderr
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
    expect(events.map(({ phase }) => phase).filter(Boolean)).toEqual([
      `evaluating path:${toy.flake}#nixosConfigurations.${own}`,
      `building ${document.output.installable}`,
      'reading toy-26.05.iso',
    ])
    // How many there are to be, newer ones guess.
    expect(events).toContainEqual(expect.objectContaining({ type: 'progress', done: 1, unit: 'items' }))
  })

  test('the second run changes nothing, until the flake does', async () => {
    using folder = temporaryFolder()
    const toy = openToy(folder.path)
    const first = await toy.run({})
    const second = await toy.run({})
    expect(second.document).toMatchObject({ ok: true, changed: false })
    expect(second.document.output).toEqual({ ...first.document.output, seconds: 0 })
    expect(toy.builds()).toBe(1)
    const flake = join(toy.flake, 'flake.nix')
    writeFileSync(flake, readFileSync(flake, 'utf8').replaceAll('toy-26.05', 'toy-26.11'))
    const third = await toy.run({})
    expect(third.document).toMatchObject({
      changed: true,
      diff: [{ before: first.document.output.store_path, after: third.document.output.store_path }],
      output: { name: 'toy-26.11.iso' },
    })
    expect(toy.builds()).toBe(2)
  })

  test('a link that was removed is made again without building', async () => {
    using folder = temporaryFolder()
    const toy = openToy(folder.path)
    await toy.run({})
    const { document } = await toy.run({ out_link: 'links/mine' })
    expect(document).toMatchObject({ ok: true, changed: true, output: { seconds: 0 } })
    expect(readlinkSync(join(folder.path, 'links', 'mine'))).toBe(document.output.store_path)
    expect(toy.builds()).toBe(1)
  })

  test('check mode says what would be built, and builds nothing', async () => {
    using folder = temporaryFolder()
    const toy = openToy(folder.path)
    const { document } = await toy.run({ path: 'images/' }, {}, '--check')
    expect(document).toMatchObject({
      ok: true,
      changed: true,
      check: true,
      output: { nixos_version: '26.05.toy' },
    })
    expect(document.diff).toHaveLength(2)
    expect(toy.builds()).toBe(0)
    expect(existsSync(join(folder.path, `result-${own}`))).toBe(false)
    expect(existsSync(join(folder.path, 'images'))).toBe(false)
  })

  test('a copy goes to a folder under its own name or to a file, and is made anew where it differs', async () => {
    using folder = temporaryFolder()
    const toy = openToy(folder.path)
    const copied = await toy.run({ path: 'images/' })
    const path = join(folder.path, 'images', 'toy-26.05.iso')
    expect(copied.document.output).toMatchObject({ path, name: 'toy-26.05.iso' })
    expect(statSync(path).mode & 0o777).toBe(0o644)
    expect((await toy.run({ path: 'images' })).document).toMatchObject({ changed: false, output: { path } })
    const image = readFileSync(path)
    writeFileSync(path, Buffer.from(image).fill(1, 0, 10))
    expect((await toy.run({ path: 'images' })).document).toMatchObject({ changed: true })
    expect(readFileSync(path).equals(image)).toBe(true)
    const named = await toy.run({ path: 'mine.iso' })
    expect(named.document.output).toMatchObject({ path: join(folder.path, 'mine.iso'), name: 'mine.iso' })
    expect(toy.builds()).toBe(1)
  })

  test.each([
    ['mine', 'nixosConfigurations.mine.config.system.build.isoImage'],
    ['nixosConfigurations."mine"', 'nixosConfigurations.mine.config.system.build.isoImage'],
    [`packages.${own}-linux.iso`, `packages.${own}-linux.iso`],
  ])('the attribute %s is %s', async (attribute, built) => {
    using folder = temporaryFolder()
    const toy = openToy(folder.path)
    const { document } = await toy.run({ flake: `path:${toy.flake}#${attribute}` })
    expect(document).toMatchObject({ ok: true, output: { installable: `path:${toy.flake}#${built}` } })
  })

  test('options reach Nix in the environment, and in no process list', async () => {
    using folder = temporaryFolder()
    const toy = openToy(folder.path, { settings: { 'extra-platforms': '' } })
    const words = join(folder.path, 'words')
    const bin = join(folder.path, 'bin')
    mkdirSync(bin)
    writeProgram(join(bin, 'nix'), `echo "$*" >>${words}\nexec ${realNix} "$@"`)
    const PATH = `${bin}:${toy.environment.PATH}`
    const input = {
      architecture: other,
      nix_options: { 'extra-platforms': `${other}-linux`, 'access-tokens': 'github.com=of-mine' },
    }
    const { document } = await toy.run(input, { PATH })
    expect(document).toMatchObject({ ok: true, output: { emulated: true } })
    const called = readFileSync(words, 'utf8')
    expect(called).toContain('--out-link')
    expect(called).not.toMatch(/extra-platforms|of-mine/)
  })

  test('an emulated build says so', async () => {
    using folder = temporaryFolder()
    const toy = openToy(folder.path, { settings: { 'extra-platforms': `${other}-linux` } })
    const { document } = await toy.run({ architecture: other })
    expect(document).toMatchObject({ ok: true, output: { architecture: other, emulated: true } })
    expect(document.warnings).toEqual([expect.stringContaining(`emulates ${other}-linux`)])
  })

  test('a remote builder for the architecture is one to build on', async () => {
    using folder = temporaryFolder()
    const toy = openToy(folder.path)
    const input = { architecture: other, builders: [`ssh-ng://builder@arm1 ${other}-linux`] }
    const { document } = await toy.run(input, {}, '--check')
    expect(document.output).toMatchObject({ emulated: false, remote_builder: 'ssh-ng://builder@arm1' })
  })

  test('nixos-generators builds where it is asked for, and need not where the image is there', async () => {
    using folder = temporaryFolder()
    const toy = openToy(folder.path)
    const words = join(folder.path, 'words')
    writeProgram(
      join(folder.path, 'nixos-generate'),
      `echo "$*" >${words}
for word; do
  case $last in --flake) flake=$word ;; --out-link) link=$word ;; esac
  last=$word
done
nix build "\${flake%#*}#nixosConfigurations.\${flake#*#}.config.system.build.isoImage" --out-link "$link"
echo "$link/iso/toy-26.05.iso"`,
    )
    const PATH = `${folder.path}:${toy.environment.PATH}`
    const first = await toy.run({ builder: 'nixos-generators' }, { PATH })
    const link = join(folder.path, `result-${own}`)
    expect(first.document).toMatchObject({
      ok: true,
      changed: true,
      output: { store_path: readlinkSync(link) },
    })
    expect(readFileSync(words, 'utf8').trim()).toBe(
      `--format iso --system ${own}-linux --out-link ${link} --flake path:${toy.flake}#${own}`,
    )
    expect((await toy.run({ builder: 'nixos-generators' }, { PATH })).document).toMatchObject({
      changed: false,
    })
  })

  test.each([
    ['a configuration that is not there', { attribute: 'nowhere' }, 'ISO_ATTRIBUTE_UNKNOWN', 'nowhere'],
    [
      'a configuration that is no image',
      { attribute: 'host' },
      'ISO_ATTRIBUTE_UNKNOWN',
      'it has no config.system.build.isoImage',
    ],
    [
      'a package that is no derivation',
      { attribute: 'packages.x.text' },
      'ISO_ATTRIBUTE_UNKNOWN',
      'no derivation',
    ],
    ['code that is wrong', { attribute: 'broken' }, 'ISO_EVALUATION_FAILED', 'boot.lodaer does not exist'],
    [
      'a file that the code lacks',
      { attribute: 'packages.x.lacking' },
      'ISO_EVALUATION_FAILED',
      'nowhere.nix',
    ],
    ['a folder without a flake', { flake: 'path:./empty' }, 'FLAKE_NOT_FOUND', 'flake.nix'],
    ['a folder that is not there', { flake: 'path:/nowhere' }, 'FLAKE_NOT_FOUND', 'does not exist'],
    ['another architecture', { architecture: other }, 'ISO_SYSTEM_FOREIGN', `${other}-linux`],
    ['the image of another', { attribute: other }, 'ISO_ARCHITECTURE_WRONG', `for ${other}-linux`],
    ['a build that fails', { attribute: 'packages.x.failing' }, 'ISO_BUILD_FAILED', 'failing.drv'],
    ['a build of a file', { attribute: 'packages.x.file' }, 'ISO_NOT_IN_BUILD', 'holds'],
    ['a full disk', { attribute: 'packages.x.full' }, 'NIX_DISK_FULL', 'No space left on device'],
  ])('%s is an error of its own', async (_, input, code, words) => {
    using folder = temporaryFolder()
    const outputs = `packages.x = {
      text = "no derivation";
      lacking = import ./nowhere.nix;
      failing = made "echo broken; exit 3";
      file = made "echo > $out";
      full = made "echo 'cp: No space left on device'; exit 1";
    };`
    const toy = openToy(folder.path, { outputs })
    mkdirSync(join(folder.path, 'empty'))
    const { document } = await toy.run(input)
    expect(document.error, JSON.stringify(document)).toMatchObject({ code })
    expect(document.error.message).toContain(words)
    expect(document.error.message).not.toMatch(/\n|\.\.$/)
  })

  test('Ctrl-C ends the build, leaves nothing half done, and the next run builds', async () => {
    using folder = temporaryFolder()
    const waits = join(folder.path, 'waits')
    writeFileSync(waits, '')
    const script = `if [ -e ${waits} ]; then echo started; sleep 1000; fi
      mkdir -p $out; printf '\\001CD001\\001' | dd of=$out/toy.iso bs=1 seek=32768 status=none`
    const toy = openToy(folder.path, { script })
    const words = ['iso', 'build', '--input', '-', '--progress', 'ndjson']
    const { child, ended } = startNci(words, {
      input: { flake: `path:${toy.flake}`, architecture: own },
      env: toy.environment,
      cwd: folder.path,
    })
    let seen = ''
    child.stderr.on('data', (chunk: Buffer) => {
      // Once: a second one ends it at once.
      const was = seen.includes('"started"')
      seen += chunk
      if (!was && seen.includes('"started"')) child.kill('SIGINT')
    })
    const { code, document } = withDocument(await ended)
    expect(document.error).toMatchObject({ code: 'INTERRUPTED' })
    expect(code).toBe(130)
    expect(existsSync(join(folder.path, `result-${own}`))).toBe(false)
    rmSync(waits)
    expect((await toy.run({})).document).toMatchObject({ ok: true, changed: true })
  })
})

test.skipIf(realNix === undefined)('the garbage collector keeps what the link points to', async () => {
  using folder = temporaryFolder()
  const toy = openToy(folder.path)
  const { document } = await toy.run({})
  const roots = join(folder.path, 'nix', 'var', 'gcroots', 'auto')
  const targets = readdirSync(roots).map((name) => readlinkSync(join(roots, name)))
  expect(targets).toContain(join(realpathSync(folder.path), `result-${own}`))
  expect(document.ok).toBe(true)
})
