import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { GitHubServer } from '../releases/github-server.ts'
import { type Box, openBox, type Progress, until } from '../support/lab.ts'
import { writeProgram } from '../support/program.ts'
import { expectNothingLeft, expectProvisioned, succeeded } from './provisioned.ts'

interface Moment {
  readonly where: string
  readonly host?: (box: Box) => Readonly<Record<string, unknown>>
  /** Makes it hang there; the result ends that. */
  begin(box: Box): () => unknown
  readonly at: Partial<Progress> | ((line: Progress) => boolean)
  /** A request that must have been made, where the progress does not tell. */
  readonly request?: RegExp
}

const hangingTask = (task: string) => ({
  begin: ({ lab }: Box) => lab.faults.add({ task, times: 1, action: { hang: true } }),
})

const moments: Moment[] = [
  {
    where: 'the upload',
    host: (box) => ({ iso_path: box.sandbox.host.iso_path }),
    begin({ lab }) {
      lab.latency.uploadBytesPerSecond = 4 * 1024 * 1024
      return () => {
        lab.latency.uploadBytesPerSecond = 0
      }
    },
    at: (line) => line.step === 'iso.upload' && line.phase?.startsWith('uploading') === true,
  },
  {
    where: 'the task that moves the ISO in place',
    ...hangingTask('imgcopy'),
    at: { step: 'iso.upload', type: 'start' },
    request: /^POST .*\/upload$/,
  },
  {
    where: 'the creation of the VM',
    ...hangingTask('qmcreate'),
    at: { step: 'vm.create', type: 'phase' },
    request: /^POST \/nodes\/pve\/qemu$/,
  },
  {
    where: 'the start of the VM',
    ...hangingTask('qmstart'),
    at: { step: 'vm.start', type: 'phase' },
    request: /\/status\/start$/,
  },
  {
    where: 'the wait for the installer',
    begin({ guests }) {
      Object.assign(guests.latency, { keys: 5000 })
      return () => Object.assign(guests.latency, { keys: 10 })
    },
    at: { step: 'ssh.wait', phase: 'its host key is verified' },
  },
  {
    where: 'the build',
    begin(box) {
      const nix = join(box.folder, 'bin', 'nix')
      const standIn = readFileSync(nix, 'utf8')
      // With a child of its own, which would outlive it.
      writeProgram(nix, "echo 'evaluating' >&2; sleep 600 & sleep 600")
      return () => writeFileSync(nix, standIn)
    },
    at: { step: 'nixos.build', type: 'log', line: 'evaluating' },
  },
  {
    where: 'the preparation of nixos-anywhere',
    begin: () => () => undefined,
    at: { step: 'nixos.install', phase: 'nixos-anywhere prepares' },
  },
  {
    where: 'the formatting of the disk',
    begin: () => () => undefined,
    at: { step: 'nixos.install', phase: 'partitioning and formatting' },
  },
  {
    where: 'the copying of the system',
    begin({ guests }) {
      Object.assign(guests.latency, { copy: 3000 })
      return () => Object.assign(guests.latency, { copy: 0 })
    },
    at: { step: 'nixos.install', phase: 'copying the system' },
  },
  {
    where: 'nixos-install',
    begin({ guests }) {
      Object.assign(guests.latency, { install: 5000 })
      return () => Object.assign(guests.latency, { install: 20 })
    },
    at: { step: 'nixos.install', phase: 'installing NixOS' },
  },
  {
    where: 'detaching, while the VM stops',
    ...hangingTask('qmshutdown'),
    at: { step: 'vm.detach', type: 'phase' },
    request: /\/status\/shutdown$/,
  },
  {
    where: 'the wait for the installed system',
    begin: () => () => undefined,
    at: { step: 'proof', type: 'phase' },
  },
]

for (const { where, host, begin, at, request } of moments) {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    test.concurrent(`${signal} during ${where} ends everything that was started, and the next run goes on`, async () => {
      await using box = await openBox()
      const end = begin(box)
      const input = { ...box.host, ...host?.(box) }
      const run = box.start(['provision'], { input })
      await run.until(at)
      if (request !== undefined)
        await until(() => box.lab.requests.some(({ method, path }) => request.test(`${method} ${path}`)))
      run.signal(signal)
      const { document, exitCode, stderr } = await run.ended
      expect(document.error?.code, stderr).toBe('INTERRUPTED')
      expect(document.error.message).toContain(signal)
      expect(exitCode).toBe(130)
      expect(run.alive()).toEqual([])
      expectNothingLeft(box)
      await end()
      await expectProvisioned(box, succeeded(await box.run(['provision'], { input })))
    })
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test.concurrent(`${signal} in an installation ends it on the machine too, and releases its disks`, async () => {
    await using box = await openBox({ guestLatency: { install: 5000 } })
    const run = box.start(['provision'], { input: box.host })
    await run.until({ step: 'nixos.install', phase: 'installing NixOS' })
    run.signal(signal)
    const { document } = await run.ended
    expect(document.error).toMatchObject({ code: 'INTERRUPTED', details: { cleaned: true } })
    const { output } = succeeded(await box.run(['ssh', 'wait'], { input: { name: 'web1' } }))
    expect(output.facts.installer).toBe(true)
    box.guests.latency.install = 20
    const next = box.start(['provision'], { input: box.host })
    succeeded(await next.ended)
    // Nothing was left mounted: it begins anew.
    expect(next.progress.map(({ phase }) => phase)).toContain('partitioning and formatting')
  })

  test.concurrent(`${signal} during the download keeps what was loaded, and the next run goes on with it`, async () => {
    await using box = await openBox()
    await using github = await GitHubServer.start()
    github.release('v2.10.0')
    const resume = Promise.withResolvers<void>()
    github.faults.push({ pauseAfter: 1024 * 1024, until: resume.promise })
    const { iso_path: _, ...host } = box.host
    const input = { ...host, github_api_url: github.url }
    const run = box.start(['provision'], { input })
    await run.until((line) => line.step === 'iso.download' && (line.done ?? 0) > 0)
    run.signal(signal)
    const { document, exitCode } = await run.ended
    resume.resolve()
    expect([document.error?.code, exitCode]).toEqual(['INTERRUPTED', 130])
    expect(run.alive()).toEqual([])
    expectNothingLeft(box)
    await expectProvisioned(box, succeeded(await box.run(['provision'], { input })))
    expect(github.seen.filter(({ status }) => status === 206)).toHaveLength(1)
  })
}
