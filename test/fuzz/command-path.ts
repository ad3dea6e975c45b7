/** The way of a document through a command, in this process: input, secrets, validation, step, failure document. */
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { gatherInput } from '../../src/cli/input.ts'
import { registerSecrets } from '../../src/cli/secrets.ts'
import { Redactor } from '../../src/core/redact.ts'
import { failure, runStep } from '../../src/core/run.ts'
import type { Inputs, Step, StepId } from '../../src/core/step.ts'
import { validate } from '../../src/core/validate.ts'
import type { DocumentId } from '../../src/generated/types.ts'

/** Loaded when a document gets that far, as the commands do. */
const steps: Readonly<Record<StepId, () => Promise<unknown>>> = {
  'iso.build': async () => (await import('../../src/steps/iso/build.ts')).isoBuild,
  'iso.download': async () => (await import('../../src/steps/iso/download.ts')).isoDownload,
  'iso.upload': async () => (await import('../../src/steps/iso/upload.ts')).isoUpload,
  'vm.create': async () => (await import('../../src/steps/vm/create.ts')).vmCreate,
  'vm.start': async () => (await import('../../src/steps/vm/start.ts')).vmStart,
  'ssh.wait': async () => (await import('../../src/steps/ssh/wait.ts')).sshWait,
  'nixos.install': async () => (await import('../../src/steps/nixos/install.ts')).nixosInstall,
  'vm.detach': async () => (await import('../../src/steps/vm/detach.ts')).vmDetach,
  'vm.info': async () => (await import('../../src/steps/vm/info.ts')).vmInfo,
  'vm.destroy': async () => (await import('../../src/steps/vm/destroy.ts')).vmDestroy,
}

interface Sent {
  readonly id: DocumentId
  readonly text: string
  readonly environment: Readonly<Record<string, string>>
}

/** How a command ended: the code of its failure, or `passed`. */
export interface Ending {
  readonly code: string
  /** The document that it would print. */
  readonly printed: string
}

/** Sends a document through the command that takes it. In check mode: nothing is applied. @param folder for its file */
export async function sendThrough({ id, text, environment }: Sent, folder: string): Promise<Ending> {
  const file = join(folder, 'input.json')
  writeFileSync(file, text)
  const redactor = new Redactor()
  try {
    const document = await gatherInput(id, { flags: {}, input: file, environment })
    registerSecrets(id, document, redactor)
    await validate(id, document)
    // The workflows begin where all their steps' documents have passed.
    if (id in steps) {
      const step = (await steps[id as StepId]()) as Step<StepId>
      const input = document as unknown as Inputs[StepId]
      const { signal } = new AbortController()
      await runStep(step, input, { check: true, timeout: input.timeout, signal, emit: () => undefined })
    }
    return { code: 'passed', printed: '' }
  } catch (thrown) {
    const { error, ...rest } = redactor.value(failure(id, thrown))
    return { code: error.code, printed: JSON.stringify({ ...rest, error }) }
  }
}

/** A server that counts who connects, and hangs up. */
export async function countingServer(): Promise<
  { readonly url: string; connections(): number } & AsyncDisposable
> {
  let count = 0
  const server = createServer((socket) => {
    count += 1
    socket.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return {
    url: `https://127.0.0.1:${port}`,
    connections: () => count,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
