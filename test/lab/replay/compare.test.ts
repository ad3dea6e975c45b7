import { describe, expect, it } from 'vitest'
import { compare, type Observed } from './compare.ts'
import { measuredEverywhere, type Rules } from './compare-values.ts'
import type { RecordedResponse } from './recordings.ts'

const rules: Rules = {
  measured: new Set([...measuredEverywhere, 'cpuinfo.model', 'data.list']),
  shapeOnly: false,
}

/** Where two answers differ. */
function differing(recorded: RecordedResponse, observed: Partial<Observed>): string[] {
  const answer: Observed = { statusLine: 'HTTP/1.1 200 OK', ...observed }
  const lines = compare({ 'status-line': 'HTTP/1.1 200 OK', ...recorded }, answer, rules)
  return lines.map((line) => line.replace(/: .*/s, ''))
}

function bodies(recorded: object, observed: object): string[] {
  return differing({ body: recorded }, { body: observed })
}

describe('of a measured value', () => {
  it('only the type is compared', () => {
    expect(bodies({ data: { cpu: 0.1, digest: 'a' } }, { data: { cpu: 0.7, digest: 'b' } })).toEqual([])
    expect(bodies({ data: { uptime: 1 } }, { data: { uptime: '1' } })).toEqual(['body.data.uptime'])
  })

  it('the name counts in data alone: an error about the parameter is compared by its text', () => {
    const errors = { cpu: 'wrong', digest: 'too long', pid: 'missing' }
    expect(bodies({ errors }, { errors })).toEqual([])
    expect(bodies({ errors }, { errors: { cpu: 'x', digest: 'x', pid: 'x' } })).toEqual([
      'body.errors.cpu',
      'body.errors.digest',
      'body.errors.pid',
    ])
  })

  it('that is called as an option is, the option is compared', () => {
    expect(bodies({ data: { cpu: 'host' } }, { data: { cpu: 'max' } })).toEqual(['body.data.cpu'])
  })

  it('how many rows there are in all is no such thing', () => {
    expect(bodies({ data: [], total: 2 }, { data: [], total: 9 })).toEqual(['body.total'])
    expect(bodies({ data: { total: 2 } }, { data: { total: 9 } })).toEqual([])
  })

  it('that is named by the end of its path, others of its name are compared', () => {
    const [recorded, observed] = ['A', 'B'].map((model) => ({
      data: { cpuinfo: { model }, model, list: [model] },
    }))
    expect(bodies(recorded ?? {}, observed ?? {})).toEqual(['body.data.model'])
  })
})

it('what an upload left is compared by its size and name', () => {
  const recorded = { 'files-afterwards': '428032 a.iso' }
  expect(differing(recorded, { files: '428032 a.iso' })).toEqual([])
  expect(differing(recorded, { files: '428031 a.iso' })).toEqual(['files'])
  expect(differing(recorded, {})).toEqual(['files'])
})
