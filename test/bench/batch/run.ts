/** A batch in a process of its own; says at its end what it cost. Started by the benchmark. */
import { registerHooks } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const stubs = pathToFileURL(join(import.meta.dirname, 'stubs.ts')).href
const replaced = /\/src\/steps\/(ssh\/wait|nixos\/(install|proof|preflight))\.ts$/

registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context)
    const isOurs = context.parentURL !== stubs && replaced.test(found.url)
    return isOurs ? { ...found, url: stubs } : found
  },
})

const { provisionHosts } = await import('../../../src/workflows/batch/batch.ts')
const { validate } = await import('../../../src/core/validate.ts')
const { hosts, limits, common } = JSON.parse(process.env.BENCH_BATCH ?? '{}')
const documents = await Promise.all(
  (hosts as Record<string, unknown>[]).map(async (own) => {
    const document = { ...common, ...own }
    await validate('provision', document)
    return { name: String(own.name), input: document as never }
  }),
)
const batch = { inventory: 'bench', ...limits }
await validate('batch', batch)
const before = process.cpuUsage()
const began = performance.now()
const { output } = await provisionHosts(documents, batch as never, {
  check: false,
  signal: new AbortController().signal,
  emit: () => undefined,
  redact: (text) => text,
  mask: (value) => value,
  keepSecret: () => undefined,
  begin: () => undefined,
})
const { user, system } = process.cpuUsage(before)
console.log(
  JSON.stringify({
    seconds: (performance.now() - began) / 1000,
    cpuMilliseconds: (user + system) / 1000,
    peakMiB: process.resourceUsage().maxRSS / 1024,
    counts: output.counts,
  }),
)
