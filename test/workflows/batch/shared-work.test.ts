import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ProgressEvent } from '../../../src/core/events.ts'
import { Resources } from '../../../src/core/resources.ts'
import { validate } from '../../../src/core/validate.ts'
import type { Host } from '../../../src/workflows/batch/conflicts.ts'
import { SharedWork } from '../../../src/workflows/batch/shared-work.ts'
import { recordingContext } from '../../support/context.ts'
import { writeFakeNix } from '../../support/fake-nix.ts'
import { temporaryFolder } from '../../support/folder.ts'

const never = new AbortController().signal
let folder = temporaryFolder()

beforeEach(() => {
  folder = temporaryFolder()
})

afterEach(() => {
  vi.unstubAllEnvs()
  folder[Symbol.dispose]()
})

async function host(name: string, values: Readonly<Record<string, unknown>> = {}): Promise<Host> {
  const input = { name, flake: `path:/flake#${name}`, ...values }
  await validate('provision', input)
  return { name, input: input as unknown as Host['input'] }
}

function standIn(build: string): void {
  vi.stubEnv('PATH', `${writeFakeNix(folder.path, build)}:${process.env.PATH}`)
}

function sharedWork(emit: (event: ProgressEvent) => void = () => undefined): SharedWork {
  return new SharedWork({
    check: false,
    signal: never,
    resources: new Resources(),
    listings: { most: 0, after: 0 },
    uploads_per_node: 1,
    redact: (text) => text,
    emit,
    seconds: () => 0,
  })
}

test('systems that cannot be built in a call of their own leave the others alone', async () => {
  standIn('true')
  const foreign = process.arch === 'arm64' ? 'x86_64' : 'aarch64'
  const own = process.arch === 'arm64' ? 'aarch64' : 'x86_64'
  // For the other architecture Nix is asked where it would build.
  const bad = await host('bad', { architecture: foreign })
  const web = await host('web', { architecture: own })
  await using shared = sharedWork()
  shared.systems.build([bad, web])
  const system = { disko_script: '/nix/store/d-web', system: '/nix/store/s-web' }
  expect(await shared.systems.of(web, recordingContext())).toEqual(system)
  await expect(shared.systems.of(bad, recordingContext())).rejects.toMatchObject({ code: 'NIX_UNUSABLE' })
  expect(shared.done.map(({ status, hosts }) => [status, hosts])).toEqual([
    ['failed', 1],
    ['done', 1],
  ])
})

test('hosts that have one and the same system are one system to build', async () => {
  standIn('true')
  const phases: string[] = []
  const titles = new Set<string>()
  await using shared = sharedWork((event) => {
    if (event.shared !== undefined) titles.add(event.shared)
    if (event.type === 'phase') phases.push(event.phase)
  })
  const flake = 'path:/flake#web'
  const [one, other] = [await host('web1', { flake }), await host('web2', { flake })]
  shared.systems.build([one, other])
  expect(await shared.systems.of(other, recordingContext())).toMatchObject({ system: '/nix/store/s-web' })
  expect([...titles]).toEqual(['1 system'])
  expect(phases).toEqual(['evaluating 1 system of path:/flake', 'building 1 system'])
})

test('what nobody needs any more is ended, waited for, and no failure', async () => {
  standIn('exec sleep 600')
  const building = Promise.withResolvers<void>()
  const shared = sharedWork((event) => {
    if (event.type === 'phase' && event.phase === 'building 1 system') building.resolve()
  })
  shared.systems.build([await host('web')])
  await building.promise
  await shared[Symbol.asyncDispose]()
  expect(shared.done).toEqual([expect.objectContaining({ step: 'nixos.build', status: 'skipped' })])
  expect(shared.done[0]).not.toHaveProperty('error')
})

test('who waits for the systems of all is let go by its own signal', async () => {
  standIn('exec sleep 600')
  await using shared = sharedWork()
  const web = await host('web')
  shared.systems.build([web])
  const limit = new AbortController()
  const waiting = shared.systems.of(web, recordingContext(limit.signal))
  limit.abort(new Error('its time is over'))
  await expect(waiting).rejects.toThrow('its time is over')
})
