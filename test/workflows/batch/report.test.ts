import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Outputs } from '../../../src/core/step.ts'
import { assertWritable, writeReports } from '../../../src/workflows/batch/report.ts'
import { treeFolder } from '../../inventory/support.ts'

const hosts = { all: { hosts: { web1: null } } }
const report: Outputs['batch'] = {
  hosts: [],
  counts: { changed: 0, unchanged: 0, planned: 0, failed: 0, interrupted: 0, not_begun: 0 },
  began: '2026-07-01T00:00:00.000Z',
  seconds: 1,
}

/** Why files were refused, if they were. */
function refusal(files: Parameters<typeof assertWritable>[0]): string | undefined {
  try {
    assertWritable(files)
    return undefined
  } catch (error) {
    expect(error).toMatchObject({ code: 'REPORT_UNWRITABLE' })
    return (error as Error).message
  }
}

test('new files, empty ones and those of an earlier batch are written', async () => {
  using folder = treeFolder({ 'hosts.yml': hosts, 'empty.json': '', 'empty.html': '' })
  const at = (name: string): string => join(folder.path, name)
  const inventory = at('hosts.yml')
  for (const name of ['new', 'empty']) {
    const files = { inventory, report_file: at(`${name}.json`), timeline_file: at(`${name}.html`) }
    expect(refusal(files)).toBeUndefined()
    expect(await writeReports(report, files)).toBeUndefined()
    // And again.
    expect(refusal(files)).toBeUndefined()
    expect(JSON.parse(readFileSync(files.report_file, 'utf8'))).toEqual(report)
  }
  expect(refusal({ inventory, report_file: '/dev/null', timeline_file: '/dev/null' })).toBeUndefined()
})

test('what is something else is kept', async () => {
  using folder = treeFolder({
    'hosts.yml': hosts,
    'flake.nix': '{ }',
    'batch.json': JSON.stringify({ inventory: 'hosts.yml', report_file: 'batch.json' }),
    'page.html': '<!doctype html><title>Mine</title>',
  })
  const at = (name: string): string => join(folder.path, name)
  const inventory = at('hosts.yml')
  for (const file of ['flake.nix', 'batch.json', 'page.html']) {
    const before = readFileSync(at(file), 'utf8')
    expect(refusal({ inventory, report_file: at(file) })).toMatch(
      /there already, and no report of an earlier batch\.$/,
    )
    expect(refusal({ inventory, timeline_file: at(file) })).toMatch(/there already, and no timeline of an/)
    expect(readFileSync(at(file), 'utf8')).toBe(before)
  }
  // Nor is one taken for the other.
  const files = { inventory, report_file: at('report.json'), timeline_file: at('timeline.html') }
  await writeReports(report, files)
  expect(refusal({ inventory, report_file: files.timeline_file })).toMatch(/no report of/)
  expect(refusal({ inventory, timeline_file: files.report_file })).toMatch(/no timeline of/)
})

test('nothing is written over the inventory, nor where it would become a part of it', () => {
  using folder = treeFolder({
    'hosts.yml': hosts,
    'group_vars/all/one.yml': { a: 1 },
    'folder/hosts.yml': hosts,
    'own/x': '',
  })
  const at = (name: string): string => join(folder.path, name)
  symlinkSync(at('hosts.yml'), at('link.yml'))
  symlinkSync(at('own'), at('host_vars'))
  const inventory = `${at('hosts.yml')},${at('folder')}`
  const inside = [
    'hosts.yml',
    'link.yml',
    'group_vars/all/two.yml',
    'host_vars/web1',
    'own/web1',
    'folder/new.json',
  ]
  for (const file of inside) {
    expect(refusal({ inventory, report_file: at(file) }), file).toMatch(/a part of the inventory\.$/)
    expect(refusal({ inventory, timeline_file: at(file) }), file).toMatch(/a part of the inventory\.$/)
  }
  expect(refusal({ inventory, report_file: at('folder.json') })).toBeUndefined()
  expect(refusal({ inventory: 'web1,web2,', report_file: at('new.json') })).toBeUndefined()
})

test('both are not written to one file', () => {
  using folder = treeFolder({ 'hosts.yml': hosts, 'old.json': JSON.stringify(report), 'sub/x': '' })
  const at = (name: string): string => join(folder.path, name)
  const inventory = at('hosts.yml')
  const both = (report_file: string, timeline_file: string) =>
    refusal({ inventory, report_file, timeline_file })
  expect(both(at('new'), at('sub/../new'))).toMatch(
    /`timeline_file` .* is the one for `report_file` as well\.$/,
  )
  writeFileSync(at('empty'), '')
  symlinkSync(at('empty'), at('link'))
  expect(both(at('empty'), at('link'))).toMatch(/is the one for `report_file` as well\.$/)
})

test('a folder, and a file in one that is not there, are refused', () => {
  using folder = treeFolder({ 'inventory/hosts.yml': hosts })
  const inventory = join(folder.path, 'inventory')
  expect(refusal({ inventory, report_file: folder.path })).toMatch(/it is a folder\.$/)
  expect(refusal({ inventory, report_file: join(folder.path, 'none', 'report.json') })).toMatch(/none/)
})

test('an earlier report stays as it was where the new one cannot be written whole', async () => {
  using folder = treeFolder({ 'hosts.yml': hosts })
  const report_file = join(folder.path, 'report.json')
  const files = { inventory: join(folder.path, 'hosts.yml'), report_file }
  await writeReports(report, files)
  // The place of its first part is taken.
  mkdirSync(`${report_file}.${process.pid}`)
  expect(await writeReports({ ...report, seconds: 2 }, files)).toMatchObject({ code: 'REPORT_UNWRITABLE' })
  expect(JSON.parse(readFileSync(report_file, 'utf8'))).toEqual(report)
})
