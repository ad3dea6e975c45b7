// Runs iso.download with the input in the first argument; prints its events and its result, one a line.
import { failure, runStep } from '../../src/core/run.ts'
import { isoDownload } from '../../src/steps/iso/download.ts'

const print = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`)
const result = await runStep(isoDownload, JSON.parse(process.argv[2] ?? ''), {
  signal: new AbortController().signal,
  emit: print,
}).catch((thrown: unknown) => failure(isoDownload.id, thrown))
print(result)
