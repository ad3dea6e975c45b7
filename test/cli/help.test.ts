import { describe, expect, test } from 'vitest'
import { documentFlags, documentOnly } from '../../src/cli/flags.ts'
import { documentIds } from '../../src/codegen/schema.ts'
import { runText } from '../support/nci.ts'

const order = [
  ...['HOST', 'PROXMOX', 'VM', 'CLOUD-INIT', 'SSH', 'ISO', 'INSTALL', 'BUILD', 'INVENTORY', 'RUN'],
]

async function helpOf(...words: string[]): Promise<string> {
  return (await runText([...words, '--help'], { env: { COLUMNS: '100' } })).stdout
}

const flagsOf = (text: string): string[] =>
  [...text.matchAll(/^ {2}(?:-\w, | {4})?--([^\s=]+)/gm)].map(([, name = '']) => name)

/** The flags of a group of a help page. */
const section = (text: string, title: string): string[] =>
  flagsOf(text.split(`${title} FLAGS\n`)[1]?.split(/\n[A-Z]/)[0] ?? '')

describe('a help page', () => {
  test.each(['provision', 'doctor', 'inventory', 'iso build', 'iso upload', 'vm destroy'])(
    'has the groups of `nci %s` in the order of the work',
    async (words) => {
      const titles = [...(await helpOf(...words.split(' '))).matchAll(/^([A-Z-]+) FLAGS$/gm)].map(
        ([, title = '']) => title,
      )
      expect(titles).toEqual(order.filter((title) => titles.includes(title)))
      expect(titles.length).toBeGreaterThan(1)
    },
  )

  test('begins each group with what is needed most', async () => {
    const text = await helpOf('provision')
    expect(section(text, 'HOST').slice(0, 4)).toEqual(['name', 'node', 'vmid', 'flake'])
    expect(section(text, 'PROXMOX').slice(0, 4)).toEqual([
      ...['api-host', 'api-user', 'api-token-id', 'api-token-secret-file'],
    ])
    expect(section(text, 'VM').slice(0, 2)).toEqual(['cores', 'memory'])
    expect(section(text, 'RUN').slice(0, 3)).toEqual(['input', 'check', 'json'])
  })

  test('of an image has all that is about it in one group', async () => {
    const text = await helpOf('iso', 'build')
    expect(section(text, 'BUILD')).toEqual(
      expect.arrayContaining(['flake', 'attribute', 'architecture', 'path', 'builder', 'out-link']),
    )
    expect(text).not.toContain('VM FLAGS')
  })

  test('says what only a document can give', async () => {
    const text = (await helpOf('vm', 'create')).replace(/\s+/g, ' ')
    expect(text).toContain(`Only in the document: ${documentOnly('vm.create').join(', ')}.`)
    expect(documentOnly('vm.create')).toEqual(expect.arrayContaining(['disks', 'networks']))
    expect(await helpOf('vm', 'start')).not.toContain('Only in the document')
  })
})

test('no flag says no twice', () => {
  for (const id of documentIds) {
    for (const [name, flag] of Object.entries(documentFlags(id))) {
      if (name.startsWith('no-'))
        expect([name, flag]).toEqual([name, expect.objectContaining({ allowNo: false })])
    }
  }
})
