import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { GitHubServer } from '../../releases/github-server.ts'
import { type Box, type End, writeIso } from '../../support/lab.ts'
import type { ErrorCase } from '../error-cases.ts'

type Input = Readonly<Record<string, unknown>>

const download = (box: Box, input: Input) => box.run(['iso', 'download'], { input })
const noSuchDigest = 'a'.repeat(64)

/** Downloads from a GitHub of its own, which is prepared first. */
async function fromGitHub(
  box: Box,
  prepare: (github: GitHubServer) => void,
  input: Input = {},
): Promise<End> {
  await using github = await GitHubServer.start()
  prepare(github)
  // Each has a cache of its own: what another left there would do.
  const cache_dir = join(box.folder, `cache-${new URL(github.url).port}`)
  return await download(box, { github_api_url: github.url, cache_dir, ...input })
}

export const releaseCases: ErrorCase[] = [
  {
    code: 'ISO_FILE_MISSING',
    when: 'the given ISO does not exist',
    run: (box) => download(box, { iso_path: join(box.folder, 'absent.iso') }),
    says: ['absent.iso'],
  },
  {
    code: 'ISO_FILE_MISSING',
    when: 'the ISO to be uploaded is a folder',
    run: (box) => box.run(['iso', 'upload'], { input: { path: box.folder } }),
  },
  {
    code: 'ISO_NOT_AN_ISO',
    when: 'the file is an error page',
    run(box) {
      const iso_path = join(box.folder, 'page.iso')
      writeFileSync(iso_path, '<html>'.repeat(10_000))
      return download(box, { iso_path })
    },
    says: ['page.iso'],
  },
  {
    code: 'ISO_NOT_AN_ISO',
    when: 'the file to be uploaded is cut off',
    run(box) {
      const path = join(box.folder, 'short.iso')
      writeFileSync(path, 'CD001')
      return box.run(['iso', 'upload'], { input: { path } })
    },
    says: ['short.iso'],
  },
  {
    code: 'CHECKSUM_MISMATCH',
    when: 'the given ISO has another checksum',
    run: (box) => download(box, { iso_path: box.host.iso_path, iso_checksum: noSuchDigest }),
    says: [noSuchDigest],
  },
  {
    code: 'CHECKSUM_MISMATCH',
    when: 'the file was changed since its checksum was taken, which Proxmox notices',
    changes: true,
    run: (box) => box.run(['iso', 'upload'], { input: { path: box.host.iso_path, checksum: noSuchDigest } }),
    says: [noSuchDigest],
  },
  {
    code: 'CHECKSUM_MISMATCH',
    when: 'Proxmox finds that something else arrived',
    changes: true,
    async before({ lab }) {
      const fail = `checksum mismatch: got '${'b'.repeat(64)}' != expect '${noSuchDigest}'`
      lab.faults.add({ task: 'imgcopy', action: { fail } })
    },
    run: (box) =>
      box.run(['iso', 'upload'], { input: { path: writeIso(join(box.folder, 'broken.iso'), 'broken') } }),
    says: ['what arrived at Proxmox', 'b'.repeat(64)],
  },
  {
    code: 'RELEASE_NOT_FOUND',
    when: 'there is no such release, and names those that there are',
    run: (box) => fromGitHub(box, (github) => github.release('v2.10.0'), { iso_release: 'v3.0.0' }),
    says: ['v3.0.0', '`v2.10.0`'],
  },
  {
    code: 'RELEASE_NOT_FOUND',
    when: 'the release is still a draft',
    run: (box) =>
      fromGitHub(
        box,
        (github) => {
          github.release('v2.10.0')
          github.release('v3.0.0', { draft: true })
        },
        { iso_release: 'v3.0.0' },
      ),
    says: ['draft'],
  },
  {
    code: 'RELEASE_NONE',
    when: 'nothing was ever released',
    run: (box) => fromGitHub(box, () => undefined),
    says: ['iso_repository'],
  },
  {
    code: 'RELEASE_NONE',
    when: 'there are only prereleases',
    run: (box) => fromGitHub(box, (github) => github.release('v3.0.0-rc1', { prerelease: true })),
    says: ['v3.0.0-rc1'],
  },
  {
    code: 'RELEASE_ASSET_MISSING',
    when: 'the release has no ISO of the architecture',
    run: (box) => fromGitHub(box, (github) => github.release('v2.10.0'), { architecture: 'aarch64' }),
    says: ['aarch64', 'x86_64.iso'],
  },
  {
    code: 'RELEASE_DIGEST_MISSING',
    when: 'nothing tells what the file must be',
    run: (box) => fromGitHub(box, (github) => github.release('v2.10.0', { digests: false })),
    says: ['iso_checksum'],
  },
  {
    code: 'RELEASE_RATE_LIMITED',
    when: 'GitHub takes no more requests',
    run: (box) =>
      fromGitHub(box, (github) => {
        const headers = {
          'x-ratelimit-remaining': '0',
          'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + 600),
        }
        github.apiFaults.push({ status: 403, headers })
      }),
    says: ['GITHUB_TOKEN', 'UTC'],
  },
  {
    code: 'RELEASE_FORBIDDEN',
    when: 'the token is not valid',
    run: (box) =>
      fromGitHub(
        box,
        (github) => {
          github.release('v2.10.0')
          github.token = 'another'
        },
        { github_token: 'expired-token' },
      ),
    says: ['Bad credentials'],
  },
  {
    code: 'DOWNLOAD_FAILED',
    when: 'the URL leads nowhere',
    async run(box) {
      await using github = await GitHubServer.start()
      return await download(box, { iso_url: `${github.filesUrl}/7.iso` })
    },
    says: ['/7.iso', '404'],
  },
  {
    code: 'CACHE_UNUSABLE',
    when: 'the folder for downloads is a file',
    run: (box) =>
      fromGitHub(box, (github) => github.release('v2.10.0'), { cache_dir: String(box.host.iso_path) }),
    says: ['cache_dir'],
  },
]
