/** What the tests of the upload share: a lab, its storage's folder, ISO files. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, vi } from 'vitest'
import type { Success } from '../../../src/core/run.ts'
import type { Outputs } from '../../../src/core/step.ts'
import type { Lab } from '../../../src/lab/lab.ts'
import type { SandboxOptions } from '../../../src/lab/sandbox.ts'
import { isoUpload } from '../../../src/steps/iso/upload.ts'
import { writeIso } from '../../support/lab.ts'
import { stepsOnLab } from '../../support/steps.ts'

type Input = Readonly<Record<string, unknown>>

export interface UploadLab {
  readonly lab: Lab
  /** A folder of this machine. */
  readonly folder: string
  /** An ISO file of this machine; its content differs with the seed. */
  iso(name: string, seed?: string, size?: number): string
  upload(input: Input, options?: { readonly check?: boolean }): Promise<Success<Outputs['iso.upload']>>
  /** The code, message, hint and details of the error that it ends with. */
  failure(input: Input): Promise<{
    readonly code: string
    readonly message: string
    readonly hint: string
    readonly details: Readonly<Record<string, unknown>>
  }>
  /** Requests of the uploads since the last call, those for tasks left out. */
  asked(): string[]
  /** The storage's ISOs. */
  stored(): string[]
  /** What has arrived and is not in place. */
  spooled(): string[]
  /** Path of an ISO of the storage. */
  pathOf(name: string): string
  /** Puts something on the storage, some hours ago. */
  place(name: string, hoursAgo: number, content?: Buffer | string): void
}

/** Opens a lab for the length of one test. */
export async function uploadLab(options: SandboxOptions = {}): Promise<UploadLab> {
  const steps = await stepsOnLab(options)
  const folder = mkdtempSync(join(tmpdir(), 'upload-'))
  // Where runs lock each other out.
  vi.stubEnv('XDG_CACHE_HOME', folder)
  onTestFinished(async () => {
    vi.unstubAllEnvs()
    await steps[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  })
  const { lab, sandbox } = steps
  const storage = join(sandbox.folder, 'pve', 'storage', 'local', 'template', 'iso')
  const upload: UploadLab['upload'] = (input, { check = false } = {}) =>
    steps.run(isoUpload, input, { check, alone: true })
  return {
    lab,
    folder,
    iso: (name, seed, size) => writeIso(join(folder, name), seed, size),
    upload,
    async failure(input) {
      const thrown = await upload(input).then(
        ({ output }) => expect.fail(`it succeeded: ${JSON.stringify(output)}`),
        (error) => error,
      )
      expect(thrown.name, thrown.stack).toBe('NciError')
      return thrown
    },
    asked: steps.asked,
    stored: () => readdirSync(storage).sort(),
    spooled: () => readdirSync(join(sandbox.folder, 'pve', 'tmp')),
    pathOf: (name) => join(storage, name),
    place(name, hoursAgo, content = 'another ISO') {
      writeFileSync(join(storage, name), content)
      const time = Date.now() / 1000 - hoursAgo * 3600
      utimesSync(join(storage, name), time, time)
    },
  }
}

export const isUpload = (request: string): boolean => /^POST .*\/upload$/.test(request)
export const isVerification = (request: string): boolean => /^POST .*\/download-url$/.test(request)

/** The input of a user of its own, who has these roles. */
export function limited(
  acl: Readonly<Record<string, string>>,
  roles: Readonly<Record<string, string[]>> = {},
) {
  const id = 'u@pve!t'
  return {
    sandbox: {
      users: [{ id: 'u@pve' }],
      tokens: [{ id, secret: 's', privilegeSeparation: false }],
      roles,
      acl: Object.entries(acl).map(([path, role]) => ({ path, id: 'u@pve', role })),
    },
    connection: { api_token_id: id, api_token_secret: 's' },
  }
}

export const contentOf = (file: string): Buffer => readFileSync(file)
