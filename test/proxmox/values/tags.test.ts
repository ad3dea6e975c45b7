import { expect, test } from 'vitest'
import { comparing } from '../../../src/proxmox/values/option-value.ts'
import { parseTags, tags, writeTags } from '../../../src/proxmox/values/tags.ts'

const compare = comparing(tags)

test('tags are lower case, once each, in order, however they are written', () => {
  expect(parseTags('Zeta; alpha,Beta gamma;beta')).toEqual(['alpha', 'beta', 'gamma', 'zeta'])
  expect(parseTags(' ')).toEqual([])
  expect(writeTags(['Web', 'nci', 'web', 'a'])).toBe('a;nci;web')
})

test('PVE 8 keeps what a create was sent, which is no difference', () => {
  expect(compare('B a,C', 'a;b;c').same).toBe(true)
})

test('tags that others gave stay', () => {
  expect(compare('nci;prod', 'nci').same).toBe(true)
  expect(compare('prod', 'nci;web')).toEqual({ same: false, merged: 'nci;prod;web' })
})
