import { mkdir, readdir, readFile, readlink, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { StepEvent } from '../../../src/core/events.ts'
import { inputFor, noProxies, run, runInProcess, temporaryFolder } from '../../releases/download-run.ts'
import { GitHubServer, iso, sha256 } from '../../releases/github-server.ts'

// Pauses are noted instead of kept.
const pauses: number[] = []
vi.mock('../../../src/core/deadline.ts', async (original) => ({
  ...(await original<typeof import('../../../src/core/deadline.ts')>()),
  delay: async (milliseconds: number, signal: AbortSignal) => {
    pauses.push(milliseconds)
    await setImmediate()
    signal.throwIfAborted()
  },
}))

const MiB = 1024 ** 2
let server: GitHubServer
let folder: Awaited<ReturnType<typeof temporaryFolder>>
const input = (rest: Parameters<typeof inputFor>[2] = {}) => inputFor(server, folder.path, rest)

beforeEach(async () => {
  for (const [name, value] of Object.entries(noProxies)) vi.stubEnv(name, value)
  pauses.length = 0
  server = await GitHubServer.start()
  folder = await temporaryFolder()
})

afterEach(async () => {
  vi.unstubAllEnvs()
  await server[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

async function filesInCache(): Promise<string[]> {
  const entries = await readdir(folder.path, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name)
}

/** The offset of a range that was asked for. */
function startOf(range: string | undefined): number {
  return Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1])
}

/** The ISO's final name is taken, or not; locks and records aside. */
async function isos(): Promise<string[]> {
  return (await filesInCache()).filter((name) => /\.iso(\.part)?$/.test(name))
}

test('the newest release is downloaded, verified by its digest and put into the cache', async () => {
  const release = server.release('v2.10.0')
  const events: StepEvent[] = []
  const { output, changed, warnings } = await run(input(), { emit: (event) => events.push(event) })
  const { content } = server.file(release)
  expect({ output, changed, warnings }).toEqual({
    changed: true,
    warnings: [],
    output: {
      path: expect.stringContaining(folder.path),
      name: 'nixos-cloud-init-installer-v2.10.0-x86_64.iso',
      size: content.length,
      sha256: sha256(content),
      source: 'release',
      release: 'v2.10.0',
      architecture: 'x86_64',
      url: release.assets[0]?.browser_download_url,
      verified_by: 'github-digest',
      downloaded: true,
    },
  })
  expect(content.equals(await readFile(output.path))).toBe(true)
  expect(await isos()).toEqual([output.name])
  expect(events).toContainEqual(
    expect.objectContaining({ type: 'progress', done: content.length, total: content.length }),
  )
})

test('a second run changes nothing and asks for no file', async () => {
  server.release('v1.0.0')
  const first = await run(input())
  const files = server.count('files')
  const api = server.count('github')
  const second = await run(input())
  expect(second).toMatchObject({ changed: false, output: { ...first.output, downloaded: false } })
  expect(server.count('files')).toBe(files)
  expect(server.count('github')).toBe(api + 1)
})

test('check mode says what would be downloaded and writes nothing', async () => {
  const release = server.release('v1.0.0')
  const { output, changed, diff } = await run(input(), { check: true })
  const hash = sha256(server.file(release).content)
  expect(changed).toBe(true)
  expect(diff).toEqual([{ what: output.path, after: `sha256:${hash}` }])
  expect(output).toMatchObject({ sha256: hash, size: 4 * MiB, release: 'v1.0.0', source: 'release' })
  expect(server.count('files')).toBe(0)
  expect(await filesInCache()).toEqual([])
})

test('the newest release is the highest version, whatever the order of the list and however many pages', async () => {
  server.pageSize = 2
  for (const tag of ['v2.9.0', 'v2.10.0', 'v2.2.0', 'nightly', 'v1.9.9']) server.release(tag)
  server.release('v3.0.0', { draft: true })
  server.release('v4.0.0-rc.1', { prerelease: true })
  server.release('v2.8.9', { published_at: '2026-09-09T00:00:00Z' })
  const { output } = await run(input(), { check: true })
  expect(output.release).toBe('v2.10.0')
})

test('only prereleases are no newest release, and the error names them', async () => {
  server.release('v1.0.0-rc.1', { prerelease: true })
  await expect(run(input())).rejects.toMatchObject({
    code: 'RELEASE_NONE',
    hint: expect.stringContaining('`v1.0.0-rc.1`'),
  })
})

test('a release is taken by its tag, a prerelease too', async () => {
  server.release('v1.0.0')
  server.release('v2.0.0-rc.1', { prerelease: true })
  const { output } = await run(input({ iso_release: 'v2.0.0-rc.1' }), { check: true })
  expect(output.release).toBe('v2.0.0-rc.1')
})

test('a missing tag is answered with the newest ones', async () => {
  for (const tag of ['v1.9.0', 'v1.10.0']) server.release(tag)
  await expect(run(input({ iso_release: 'v7' }))).rejects.toMatchObject({
    code: 'RELEASE_NOT_FOUND',
    message: expect.stringContaining('the newest are `v1.10.0`, `v1.9.0`'),
  })
})

test.for([
  ['a draft', 'is still a draft'],
  ['only a tag', 'is a tag without a release'],
] as const)('a tag that is %s is explained', async ([kind, words]) => {
  server.release('v1.0.0')
  if (kind === 'a draft') server.release('v2.0.0', { draft: true })
  else server.tags.push('v2.0.0')
  await expect(run(input({ iso_release: 'v2.0.0' }))).rejects.toMatchObject({
    code: 'RELEASE_NOT_FOUND',
    hint: expect.stringContaining(words),
  })
})

test('the ISO of the architecture is taken, under other names too', async () => {
  server.release('v1.0.0', {
    assets: {
      'nixos-arm64.iso': iso('arm'),
      'nixos-amd64.iso': iso('amd'),
      'notes-arm64.txt': Buffer.from(''),
    },
  })
  const { output } = await run(input({ architecture: 'aarch64' }))
  expect(output).toMatchObject({
    name: 'nixos-arm64.iso',
    sha256: sha256(iso('arm')),
    architecture: 'aarch64',
  })
})

test('a release without an ISO of the architecture is answered with what it has', async () => {
  server.release('v1.0.0')
  await expect(run(input({ architecture: 'aarch64' }))).rejects.toMatchObject({
    code: 'RELEASE_ASSET_MISSING',
    message: expect.stringContaining('nixos-cloud-init-installer-v1.0.0-x86_64.iso'),
  })
})

test('several ISOs of one architecture are not guessed between', async () => {
  server.release('v1.0.0', { assets: { 'a-amd64.iso': iso('a'), 'b-x86_64.iso': iso('b') } })
  await expect(run(input())).rejects.toMatchObject({
    code: 'RELEASE_ASSET_MISSING',
    hint: expect.stringContaining('iso_url'),
  })
})

test('without a digest and without SHA256SUMS a checksum is asked for', async () => {
  const release = server.release('v1.0.0', { digests: false })
  await expect(run(input())).rejects.toMatchObject({ code: 'RELEASE_DIGEST_MISSING' })
  const { output } = await run(input({ iso_checksum: sha256(server.file(release).content).toUpperCase() }))
  expect(output.verified_by).toBe('checksum')
})

test('SHA256SUMS of the release stands in for the digest, and is read once', async () => {
  const name = 'nixos-cloud-init-installer-v1.0.0-x86_64.iso'
  const content = iso('sums')
  const sums = Buffer.from(`${sha256(iso('other'))}  other.iso\n${sha256(content)} *${name}\n`)
  server.release('v1.0.0', { digests: false, assets: { [name]: content, SHA256SUMS: sums } })
  const { output } = await run(input())
  expect(output).toMatchObject({ verified_by: 'sha256sums', sha256: sha256(content) })
  const files = server.count('files')
  expect(await run(input())).toMatchObject({ changed: false, output: { verified_by: 'sha256sums' } })
  expect(server.count('files')).toBe(files)
})

test('a checksum that contradicts the digest is refused before anything is downloaded', async () => {
  server.release('v1.0.0')
  await expect(run(input({ iso_checksum: 'a'.repeat(64) }))).rejects.toMatchObject({
    code: 'CHECKSUM_MISMATCH',
  })
  expect(server.count('files')).toBe(0)
})

test('a file with a wrong checksum is not left behind', async () => {
  const release = server.release('v1.0.0')
  server.file(release).content = iso('tampered')
  await expect(run(input())).rejects.toMatchObject({ code: 'CHECKSUM_MISMATCH' })
  expect(await isos()).toEqual([])
})

test('an asset that was replaced is downloaded again', async () => {
  server.release('v1.0.0')
  await run(input())
  server.releases.length = 0
  server.release('v1.0.0', { assets: { 'nixos-cloud-init-installer-v1.0.0-x86_64.iso': iso('replaced') } })
  const { output, changed, diff } = await run(input())
  expect({ changed, sha256: output.sha256 }).toEqual({ changed: true, sha256: sha256(iso('replaced')) })
  expect(diff).toEqual([
    { what: output.path, before: `sha256:${sha256(iso('v1.0.0'))}`, after: `sha256:${output.sha256}` },
  ])
})

test('a file in the cache that was touched is read again, one that was changed is replaced', async () => {
  server.release('v1.0.0')
  const { output } = await run(input())
  await utimes(output.path, 1, 1)
  expect(await run(input())).toMatchObject({ changed: false })
  const content = await readFile(output.path)
  await writeFile(output.path, content.fill('x', 100, 200))
  expect(await run(input())).toMatchObject({ changed: true, output: { downloaded: true } })
  expect(sha256(await readFile(output.path))).toBe(output.sha256)
})

test('a connection that breaks is resumed within the run, with growing pauses', async () => {
  const release = server.release('v1.0.0')
  server.faults.push({ cutAfter: 1.5 * MiB }, { cutAfter: 1000 }, { status: 503 })
  const { output } = await run(input())
  expect(output.sha256).toBe(sha256(server.file(release).content))
  const requests = server.seen.filter(({ host }) => host === 'files')
  expect(requests.map(({ status, headers }) => [status, headers['if-range']])).toEqual([
    [200, undefined],
    [206, '"1-1"'],
    [503, '"1-1"'],
    [206, '"1-1"'],
  ])
  // What has arrived but was not yet read is lost with the connection: less than half a MiB.
  for (const { headers } of requests.slice(1)) {
    expect(startOf(headers.range)).toBeGreaterThan(MiB)
    expect(startOf(headers.range)).toBeLessThanOrEqual(1.5 * MiB + 1000)
  }
  expect(pauses.map((pause, index) => pause >= 250 * 2 ** index && pause <= 500 * 2 ** index)).toEqual([
    true,
    true,
    true,
  ])
})

test('a server that stays broken is given up, and what was loaded is continued by the next run', async () => {
  const release = server.release('v1.0.0')
  server.faults.push({ cutAfter: 2 * MiB }, ...Array(4).fill({ status: 500 }))
  // The first failure follows progress, so the count begins there.
  await expect(run(input())).rejects.toMatchObject({ code: 'DOWNLOAD_FAILED', retryable: true })
  const { output } = await run(input())
  expect(server.seen.at(-1)?.status).toBe(206)
  expect(startOf(server.seen.at(-1)?.headers.range)).toBeGreaterThan(MiB)
  expect(output.sha256).toBe(sha256(server.file(release).content))
})

test('a server asks for a longer pause and gets it', async () => {
  server.release('v1.0.0')
  server.faults.push({ status: 429, headers: { 'retry-after': '7' } })
  await run(input())
  expect(pauses).toEqual([7000])
})

test('a body that ends early without saying so is completed', async () => {
  const release = server.release('v1.0.0')
  server.lengths = false
  server.faults.push({ endAfter: MiB })
  const { output } = await run(input())
  expect(output.sha256).toBe(sha256(server.file(release).content))
  expect(server.seen.at(-1)?.status).toBe(206)
})

test('a server that knows no ranges sends it all again', async () => {
  const release = server.release('v1.0.0')
  server.ranges = false
  server.faults.push({ cutAfter: MiB })
  const { output } = await run(input())
  expect(output.sha256).toBe(sha256(server.file(release).content))
  expect(server.seen.at(-1)?.status).toBe(200)
})

test('a file that changed during the download is loaded from the beginning', async () => {
  const url = `${server.filesUrl}/1.iso`
  const file = server.file(server.release('v1.0.0'))
  server.faults.push({ cutAfter: MiB })
  const emit = (event: StepEvent): void => {
    if (event.type !== 'progress' || event.done === 0) return
    Object.assign(file, { content: iso('new'), etag: '"new"' })
  }
  const { output } = await run(input({ iso_url: url }), { emit })
  expect(output.sha256).toBe(sha256(iso('new')))
})

test('pieces of two versions that no ETag tells apart are noticed by the checksum, and it starts over', async () => {
  const release = server.release('v1.0.0')
  const file = server.file(release)
  Object.assign(file, { etag: undefined, lastModified: undefined })
  const { content } = file
  file.content = iso('old')
  server.faults.push({ cutAfter: MiB }, ...Array(5).fill({ status: 500 }))
  await expect(run(input())).rejects.toMatchObject({ code: 'DOWNLOAD_FAILED' })
  server.faults.length = 0
  file.content = content
  const { output } = await run(input())
  expect(output.sha256).toBe(sha256(content))
  expect(server.seen.slice(-4).map(({ status }) => status)).toEqual([302, 206, 302, 200])
})

test('a part that is longer than the file now is dropped when the server says so', async () => {
  const file = server.file(server.release('v1.0.0'))
  Object.assign(file, { etag: undefined, lastModified: undefined })
  const checksum = sha256(iso('short', MiB))
  const url = `${server.filesUrl}/1.iso`
  server.faults.push({ cutAfter: 2 * MiB }, ...Array(5).fill({ status: 500 }))
  await expect(run(input({ iso_url: url, iso_checksum: checksum }))).rejects.toMatchObject({
    code: 'DOWNLOAD_FAILED',
  })
  server.faults.length = 0
  file.content = iso('short', MiB)
  const { output } = await run(input({ iso_url: url, iso_checksum: checksum }))
  expect(output.sha256).toBe(checksum)
  expect(server.seen.slice(-2).map(({ status }) => status)).toEqual([416, 200])
})

test('a run that is aborted keeps what it has, holds nothing open, and the next one carries on', async () => {
  const release = server.release('v1.0.0')
  const stop = new AbortController()
  const never = Promise.withResolvers<void>()
  server.faults.push({ pauseAfter: 2 * MiB, until: never.promise })
  const emit = (event: StepEvent): void => {
    if (event.type === 'progress' && event.done > 0) stop.abort(new Error('stop'))
  }
  await expect(run(input(), { signal: stop.signal, emit })).rejects.toMatchObject({
    message: expect.stringContaining('stop'),
  })
  if (process.platform === 'linux') {
    const open = await Promise.all(
      (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
    )
    expect(open.filter((path) => path.startsWith(folder.path))).toEqual([])
  }
  const { output } = await run(input())
  expect(server.seen.at(-1)?.status).toBe(206)
  expect(output.sha256).toBe(sha256(server.file(release).content))
})

test('a run that is killed in the middle is carried on by the next', async () => {
  const release = server.release('v1.0.0', {
    assets: { 'nixos-cloud-init-installer-v1.0.0-x86_64.iso': iso('large', 16 * MiB) },
  })
  const never = Promise.withResolvers<void>()
  server.faults.push({ pauseAfter: 8 * MiB, until: never.promise })
  const child = runInProcess(input())
  await child.event((event) => event.type === 'progress' && event.done > 0)
  const part = await vi.waitFor(async () => {
    const [entry] = (await readdir(folder.path, { recursive: true })).filter((name) => name.endsWith('.part'))
    const path = join(folder.path, entry ?? 'none')
    expect((await stat(path)).size).toBeGreaterThanOrEqual(4 * MiB)
    return path
  })
  await child.kill()
  const kept = (await stat(part)).size
  const { output } = await run(input())
  expect(server.seen.at(-1)).toMatchObject({ status: 206, headers: { range: `bytes=${kept}-` } })
  expect(output.sha256).toBe(sha256(server.file(release).content))
})

test('two processes share one download', async () => {
  const release = server.release('v1.0.0')
  const { promise, resolve } = Promise.withResolvers<void>()
  server.faults.push({ pauseAfter: 2 * MiB, until: promise })
  const first = runInProcess(input())
  await first.event((event) => event.type === 'progress')
  const second = runInProcess(input())
  await second.event((event) => event.type === 'phase' && event.phase.startsWith('waiting for another run'))
  resolve()
  const results = await Promise.all([first.result, second.result])
  const { content } = server.file(release)
  expect(results).toMatchObject([
    { ok: true, output: { downloaded: true, sha256: sha256(content) } },
    { ok: true, output: { downloaded: false, sha256: sha256(content) } },
  ])
  expect(server.count('files')).toBe(1)
})

test('many runs of one process share one download', async () => {
  server.release('v1.0.0')
  const results = await Promise.all(Array.from({ length: 5 }, () => run(input())))
  expect(results.filter(({ output }) => output.downloaded)).toHaveLength(1)
  expect(server.count('files')).toBe(1)
})

test('a process that waits takes over when the one it waits for is killed', async () => {
  const release = server.release('v1.0.0')
  const never = Promise.withResolvers<void>()
  server.faults.push({ pauseAfter: 2 * MiB, until: never.promise })
  const first = runInProcess(input())
  await first.event((event) => event.type === 'progress')
  const second = runInProcess(input())
  await second.event((event) => event.type === 'phase' && event.phase.startsWith('waiting for another run'))
  await first.kill()
  expect(await second.result).toMatchObject({
    ok: true,
    output: { downloaded: true, sha256: sha256(server.file(release).content) },
  })
})

test('the token is sent to the API alone, and opens private repositories', async () => {
  const release = server.release('v1.0.0')
  server.token = 'ghp_secret'
  const { output } = await run(input({ github_token: 'ghp_secret' }))
  expect(output.url).toBe(release.assets[0]?.browser_download_url)
  const sent = (host: string) =>
    server.seen.filter((request) => request.host === host).map(({ headers }) => headers.authorization)
  expect(new Set(sent('github'))).toEqual(new Set(['Bearer ghp_secret']))
  expect(new Set(sent('files'))).toEqual(new Set([undefined]))
})

test('a bad token and an unknown repository are told apart from a missing release', async () => {
  server.release('v1.0.0')
  await expect(run(input({ iso_repository: 'no/where' }))).rejects.toMatchObject({
    code: 'RELEASE_FORBIDDEN',
    message: expect.stringContaining('no such repository'),
  })
  server.token = 'good'
  await expect(run(input({ github_token: 'bad1' }))).rejects.toMatchObject({
    code: 'RELEASE_FORBIDDEN',
    message: expect.stringContaining('Bad credentials'),
  })
})

test.for([
  [403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '4102444800' }, '2100-01-01 00:00:00 UTC'],
  [429, { 'retry-after': '90' }, 'in 1 min 30 s'],
  [403, { 'retry-after': '60' }, 'in 1 min 0 s'],
] as const)('a rate limit (%s %o) says when it ends', async ([status, headers, words]) => {
  server.apiFaults.push({ status, headers })
  await expect(run(input())).rejects.toMatchObject({
    code: 'RELEASE_RATE_LIMITED',
    retryable: true,
    message: expect.stringContaining(words),
  })
  expect(server.count('github')).toBe(1)
})

test('a plain 403 is no rate limit', async () => {
  server.apiFaults.push({ status: 403, body: '{"message": "Resource not accessible by integration"}' })
  await expect(run(input())).rejects.toMatchObject({
    code: 'RELEASE_FORBIDDEN',
    message: expect.stringContaining('not accessible by integration'),
  })
})

test('the API is asked again after a server error, but not after a page that is not its own', async () => {
  server.release('v1.0.0')
  server.apiFaults.push({ status: 502 }, { status: 200, body: '<html>Welcome to our hotel</html>' })
  await expect(run(input())).rejects.toMatchObject({
    code: 'DOWNLOAD_FAILED',
    message: expect.stringContaining("not GitHub's API"),
  })
  expect(server.count('github')).toBe(2)
})

test('without GitHub, a named release comes from the cache, and the newest one there with a warning', async () => {
  server.release('v1.9.0')
  await run(input())
  server.release('v1.10.0')
  await run(input())
  server.release('v2.0.0-rc.1', { prerelease: true })
  await run(input({ iso_release: 'v2.0.0-rc.1' }))
  const limited = {
    status: 403,
    headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '4102444800' },
  }
  server.apiFaults.push(limited, limited)
  expect(await run(input({ iso_release: 'v1.9.0' }))).toMatchObject({
    changed: false,
    warnings: [],
    output: { release: 'v1.9.0', verified_by: 'github-digest' },
  })
  expect(await run(input())).toMatchObject({
    changed: false,
    warnings: [expect.stringContaining('the newest release in the cache, v1.10.0')],
    output: { release: 'v1.10.0', downloaded: false },
  })
  const latest = input()
  await server[Symbol.asyncDispose]()
  expect(await run(latest)).toMatchObject({ output: { release: 'v1.10.0' } })
  for (const other of [{ iso_release: 'v7.0.0' }, { iso_checksum: 'a'.repeat(64) }]) {
    await expect(run({ ...latest, ...other })).rejects.toMatchObject({ code: 'DOWNLOAD_FAILED' })
  }
})

test('a URL is downloaded and verified by its checksum, and then found in the cache without a request', async () => {
  const { content } = server.file(server.release('v1.0.0'))
  const given = input({ iso_url: `${server.filesUrl}/1.iso`, iso_checksum: `sha256:${sha256(content)}` })
  const { output, warnings } = await run(given)
  expect(warnings).toEqual([])
  expect(output).toEqual({
    path: expect.stringMatching(/\/1\.iso$/),
    name: '1.iso',
    size: content.length,
    sha256: sha256(content),
    source: 'url',
    url: given.iso_url,
    verified_by: 'checksum',
    downloaded: true,
  })
  expect(await run(given)).toMatchObject({ changed: false })
  expect(server.count('files')).toBe(1)
})

test('a URL without a checksum is taken with a warning, and again only when it serves something else', async () => {
  const file = server.file(server.release('v1.0.0'))
  const given = input({ iso_url: `${server.filesUrl}/1?name=latest` })
  const { output, warnings } = await run(given)
  expect(output).toMatchObject({ name: '1.iso', verified_by: 'nothing' })
  expect(warnings).toEqual([expect.stringContaining('Nothing verifies the ISO')])
  expect(await run(given)).toMatchObject({ changed: false, output: { verified_by: 'nothing' } })
  expect(server.seen.at(-1)?.status).toBe(304)
  Object.assign(file, { content: iso('newer'), etag: '"newer"' })
  expect(await run(given)).toMatchObject({ changed: true, output: { sha256: sha256(iso('newer')) } })
  await server[Symbol.asyncDispose]()
  expect(await run(given)).toMatchObject({
    changed: false,
    warnings: [expect.stringContaining('without knowing whether it is up to date'), expect.anything()],
  })
})

test('the password of a URL is used and not shown', async () => {
  server.release('v1.0.0')
  const given = input({ iso_url: `${server.filesUrl}/1.iso`.replace('//', '//me:p%40ss@') })
  const result = await run(given)
  expect(server.seen[0]?.headers.authorization).toBe(`Basic ${Buffer.from('me:p@ss').toString('base64')}`)
  const record = await readFile(`${result.output.path}.json`, 'utf8')
  expect(JSON.stringify(result) + record).not.toMatch(/p%40ss|p@ss/)
})

test.for([404, 403])('a URL that answers %s fails at once', async (status) => {
  server.faults.push({ status })
  await expect(run(input({ iso_url: `${server.filesUrl}/9.iso` }))).rejects.toMatchObject({
    code: 'DOWNLOAD_FAILED',
    message: expect.stringContaining(String(status)),
  })
  expect(server.count('files')).toBe(1)
})

test('a URL that is none is invalid input', async () => {
  await expect(run(input({ iso_url: 'http://' }))).rejects.toMatchObject({ code: 'INPUT_INVALID' })
})

test('a page under the name of an ISO is not taken for one', async () => {
  server.release('v1.0.0', { assets: { 'x86_64.iso': Buffer.from('<html>') } })
  await expect(run(input({ iso_url: `${server.filesUrl}/1.iso` }))).rejects.toMatchObject({
    code: 'ISO_NOT_AN_ISO',
  })
  await expect(run(input())).rejects.toMatchObject({ code: 'ISO_NOT_AN_ISO' })
  expect(await isos()).toEqual([])
})

test('a local file is hashed, compared with its checksum, and never changed', async () => {
  const path = join(folder.path, 'mine.iso')
  await writeFile(path, iso('mine'))
  const events: StepEvent[] = []
  const { changed, output, warnings } = await run(input({ iso_path: path }), {
    emit: (event) => events.push(event),
  })
  expect({ changed, output, warnings }).toEqual({
    changed: false,
    warnings: [],
    output: {
      path,
      name: 'mine.iso',
      size: 4 * MiB,
      sha256: sha256(iso('mine')),
      source: 'path',
      verified_by: 'nothing',
      downloaded: false,
    },
  })
  expect(events).toContainEqual(expect.objectContaining({ type: 'progress', done: 4 * MiB }))
  expect(await run(input({ iso_path: path, iso_checksum: output.sha256 }))).toMatchObject({
    output: { verified_by: 'checksum' },
  })
  await expect(run(input({ iso_path: path, iso_checksum: 'a'.repeat(64) }))).rejects.toMatchObject({
    code: 'CHECKSUM_MISMATCH',
  })
  expect(server.seen).toEqual([])
})

test('a local path that is missing, a folder, or no ISO is refused', async () => {
  await writeFile(join(folder.path, 'page.iso'), '<html>')
  const refusal = (path: string) => run(input({ iso_path: path })).catch(({ code }) => code)
  expect(await refusal(join(folder.path, 'none.iso'))).toBe('ISO_FILE_MISSING')
  expect(await refusal(folder.path)).toBe('ISO_FILE_MISSING')
  expect(await refusal(join(folder.path, 'page.iso'))).toBe('ISO_NOT_AN_ISO')
})

test('a disk without enough room is noticed before anything is downloaded', async () => {
  const release = server.release('v1.0.0')
  server.releases[0] = { ...release, assets: release.assets.map((asset) => ({ ...asset, size: 2 ** 60 })) }
  await expect(run(input())).rejects.toMatchObject({
    code: 'CACHE_UNUSABLE',
    message: expect.stringMatching(/ are needed and .* are free/),
  })
  expect(server.count('files')).toBe(0)
})

test.runIf(process.platform === 'linux')(
  'a disk that fills up during the download is the error',
  async () => {
    server.release('v1.0.0')
    const { output } = await run(input(), { check: true })
    await mkdir(dirname(output.path), { recursive: true })
    await symlink('/dev/full', `${output.path}.part`)
    await expect(run(input())).rejects.toMatchObject({
      code: 'CACHE_UNUSABLE',
      message: expect.stringContaining('the disk is full'),
    })
    await rm(`${output.path}.part`)
  },
)

test('a cache folder that cannot be made is the error', async () => {
  server.release('v1.0.0')
  const path = join(folder.path, 'file')
  await writeFile(path, '')
  await expect(run(input({ cache_dir: join(path, 'cache') }))).rejects.toMatchObject({
    code: 'CACHE_UNUSABLE',
  })
})

test('downloads go to the cache folder of the user unless told otherwise', async () => {
  server.release('v1.0.0')
  vi.stubEnv('XDG_CACHE_HOME', folder.path)
  const { cache_dir: _, ...given } = input()
  const { output } = await run(given)
  expect(output.path.startsWith(join(folder.path, 'nixos-cloud-init-installer/'))).toBe(true)
})

test('names that the network chose stay inside the cache', async () => {
  server.release('../../v1', { assets: { 'x86_64.iso': iso('x'), '../x86_64.iso': iso('y') } })
  const { output } = await run(input({ iso_release: 'latest' }), { check: true })
  expect(output.path.startsWith(`${folder.path}/`)).toBe(true)
  expect(basename(output.path)).toBe('x86_64.iso')
  const url = await run(input({ iso_url: `${server.filesUrl}/..%2f..%2fevil%00.iso` }), { check: true })
  expect(dirname(dirname(url.output.path))).toBe(join(folder.path, 'urls'))
})
