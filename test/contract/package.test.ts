import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectRoot } from '../../src/codegen/schema.ts'

const git = (...words: string[]): string[] =>
  execFileSync('git', ['-C', projectRoot, ...words, '-z'], { encoding: 'utf8' })
    .split('\0')
    .filter(Boolean)
/** What is tracked, and what will be. */
const files = [...new Set([...git('ls-files'), ...git('ls-files', '--others', '--exclude-standard')])].filter(
  (name) => existsSync(join(projectRoot, name)) && statSync(join(projectRoot, name)).isFile(),
)

test.skipIf(!existsSync(join(projectRoot, 'dist/nci.cjs')))(
  'the package holds what its launcher starts',
  () => {
    const [pack] = JSON.parse(
      execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
        cwd: projectRoot,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    ) as { files: { path: string; mode: number }[] }[]
    const paths = pack?.files.map(({ path }) => path) ?? []
    expect(paths).toEqual(
      expect.arrayContaining([
        'package.json',
        'bin/nci',
        'bin/start.cjs',
        'dist/nci.cjs',
        'oclif.manifest.json',
        'schemas/errors.json',
      ]),
    )
    expect(pack?.files.find(({ path }) => path === 'bin/nci')?.mode).toBe(0o755)
    expect(paths.filter((path) => /^(src|test|node_modules|ansible)\//.test(path))).toEqual([])
  },
)

test('the package needs no other one at run time: all is in the bundle', () => {
  const { dependencies } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
    dependencies?: object
  }
  expect(dependencies ?? {}).toEqual({})
})

test('no file names a path of the machine that it was written on', () => {
  // Split, so that this file does not find itself.
  const places = new RegExp(['/wo' + 'rk/', '/ho' + 'me/[a-z]', '/ro' + 'ot/\\.(cache|npm)'].join('|'))
  const naming = files.filter(
    (name) => !/\.(png|ico|gz|iso)$/.test(name) && places.test(readFileSync(join(projectRoot, name), 'utf8')),
  )
  expect(naming).toEqual([])
})

test('the lock file names no registry', () => {
  const text = readFileSync(join(projectRoot, 'package-lock.json'), 'utf8')
  const hosts = new Set([...text.matchAll(/"resolved": "(\w+:\/\/[^/"]+)/g)].map(([, host]) => host))
  expect([...hosts]).toEqual([])
})

test('no configuration names a registry or a credential', () => {
  const configurations = files.filter((name) => /(^|\/)(\.npmrc|\.yarnrc.*|pip\.conf|\.pypirc)$/.test(name))
  const naming = configurations.filter((name) =>
    /^\s*(\S+:)?(registry|proxy|https-proxy|index-url)\s*=|:\/\/|_auth|_password/im.test(
      readFileSync(join(projectRoot, name), 'utf8'),
    ),
  )
  expect(naming).toEqual([])
})
