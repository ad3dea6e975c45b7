import fc from 'fast-check'
import { expect, test } from 'vitest'
import { documentIds, inputSchema } from '../../src/codegen/schema.ts'
import { validate } from '../../src/core/validate.ts'
import { temporaryFolder } from '../support/folder.ts'
import { badDocument } from './bad-document.ts'
import { countingServer, sendThrough } from './command-path.ts'
import { validDocument } from './valid-document.ts'

/** The same documents in each run; fast-check prints it with the path to the one that fails. */
const seed = 3

test.each(documentIds)('documents of %s that are made up rightly are accepted', async (id) => {
  await fc.assert(
    fc.asyncProperty(validDocument(inputSchema(id)), async (document) => {
      await validate(id, structuredClone(document))
    }),
    { seed, numRuns: 30, endOnFailure: true },
  )
})

test('bad documents are refused as such, and nobody is asked anything', async () => {
  await using server = await countingServer()
  using folder = temporaryFolder()
  await fc.assert(
    fc.asyncProperty(badDocument(server.url), async (bad) => {
      const { code, printed } = await sendThrough(bad, folder.path)
      expect([bad.why, code]).toEqual([bad.why, expect.stringMatching(/^INPUT_(INVALID|NOT_JSON)$/)])
      expect(printed).not.toMatch(/\[object|undefined|\{\w+\}\W/)
      expect(server.connections()).toBe(0)
    }),
    { seed, numRuns: 1000, endOnFailure: true },
  )
})

test('a good document does ask, which shows that asking would be seen', async () => {
  await using server = await countingServer()
  const document = {
    api_host: server.url,
    api_token_id: 'nci@pve!nci',
    api_token_secret: 'secret',
    name: 'web1',
    timeout: 1,
  }
  const good = { id: 'vm.info', text: JSON.stringify(document), environment: {} } as const
  using folder = temporaryFolder()
  const { code } = await sendThrough(good, folder.path)
  expect(code).not.toMatch(/^INPUT_/)
  expect(server.connections()).toBeGreaterThan(0)
})
