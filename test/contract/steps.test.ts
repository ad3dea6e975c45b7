import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { DocumentCommand } from '../../src/cli/document-command.ts'
import { commandWords, documentIds, projectRoot, schemaFiles, stepIds } from '../../src/codegen/schema.ts'
import { COMMANDS } from '../../src/commands/index.ts'

describe.each(stepIds)('%s', (id) => {
  const [topic = '', verb = ''] = id.split('.')

  test('has its pair of schemas, its command and its step, called the same', async () => {
    expect(schemaFiles()).toEqual(expect.arrayContaining([`${id}.input.json`, `${id}.output.json`]))
    expect(existsSync(join(projectRoot, 'src/commands', topic, `${verb}.ts`))).toBe(true)
    const module = (await import(`../../src/steps/${topic}/${verb}.ts`)) as Record<string, { id?: string }>
    expect(Object.values(module).map((value) => value?.id)).toContain(id)
  })
})

test.each(documentIds)('the command of %s is known and makes documents', (id) => {
  // That for the hosts of an inventory is the one for a single host, with a flag.
  const words = commandWords(id)
    .split(' ')
    .filter((word) => !word.startsWith('-'))
  const command = COMMANDS[words.join(':') as keyof typeof COMMANDS]
  expect(command).toBeDefined()
  expect(command.prototype).toBeInstanceOf(DocumentCommand)
  expect(command.summary).toMatch(/\S/)
})

test('every command has a summary and an example', () => {
  const without = Object.entries(COMMANDS).filter(
    ([, { summary, examples }]) => !summary || !examples?.length,
  )
  expect(without.map(([id]) => id)).toEqual([])
})

test('every schema of a document belongs to a known one', () => {
  const ids = schemaFiles().flatMap((name) => /^([a-z.]+)\.(input|output)\.json$/.exec(name)?.[1] ?? [])
  expect([...new Set(ids)].sort()).toEqual([...documentIds].sort())
})
