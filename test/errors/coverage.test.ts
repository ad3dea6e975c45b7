import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { batchCases } from './cases/batch.ts'
import { buildCases } from './cases/build.ts'
import { clusterCases } from './cases/cluster.ts'
import { connectionCases } from './cases/connection.ts'
import { inputCases } from './cases/input.ts'
import { installCases } from './cases/install.ts'
import { inventoryCases } from './cases/inventory.ts'
import { labCases } from './cases/lab.ts'
import { releaseCases } from './cases/release.ts'
import { sshCases } from './cases/ssh.ts'
import { catalogue } from './error-cases.ts'

const source = join(import.meta.dirname, '..', '..', 'src')

const cases = [
  ...inputCases,
  ...connectionCases,
  ...clusterCases,
  ...releaseCases,
  ...sshCases,
  ...installCases,
  ...buildCases,
  ...labCases,
  ...batchCases,
  ...inventoryCases,
]

test('every error code is provoked through the command', () => {
  const provoked = new Set(cases.map(({ code }) => code))
  expect([...provoked].sort()).toEqual(Object.keys(catalogue).sort())
})

test('every error code is thrown somewhere', () => {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('generated'))
    .map((file) => readFileSync(join(source, file), 'utf8'))
  const thrown = Object.keys(catalogue).filter((code) =>
    files.some((text) => new RegExp(`NciError(<\\w+>)?\\(\\s*'${code}'`).test(text)),
  )
  expect(thrown.sort()).toEqual(Object.keys(catalogue).sort())
})
