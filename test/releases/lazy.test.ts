import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { run, temporaryFolder } from './download-run.ts'
import { iso } from './github-server.ts'

vi.mock('undici', () => {
  throw new Error('undici was loaded')
})

test('a run without network does not load the HTTP library', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'mine.iso')
  await writeFile(path, iso('mine'))
  const rest = {
    timeout: 60,
    iso_release: 'latest',
    iso_repository: 'a/b',
    github_api_url: 'http://127.0.0.1',
  }
  expect(await run({ iso_path: path, architecture: 'x86_64', ...rest })).toMatchObject({ ok: true })
  // The counter-check: the mock would have been noticed.
  const fails = run({ iso_url: 'http://127.0.0.1/', cache_dir: folder.path, architecture: 'x86_64', ...rest })
  await expect(fails).rejects.toMatchObject({ cause: { cause: { message: 'undici was loaded' } } })
})
