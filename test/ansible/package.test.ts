import { mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, it } from 'vitest'
import { moduleIds, moduleName } from '../../src/codegen/ansible/modules.ts'
import { nciPath } from '../support/nci.ts'
import { collection, openStage, prefix } from './support/play.ts'

it('the collection is built and installed, and finds an engine that is in PATH', {
  timeout: 180_000,
}, async (context) => {
  await using stage = await openStage(context)
  const { box, programs, environment } = stage
  const galaxy = async (...words: string[]) =>
    await execa(join(programs, 'ansible-galaxy'), ['collection', ...words], {
      env: { ...environment },
      cwd: box.folder,
      all: true,
    })
  await galaxy('build', collection, '--output-path', box.folder)
  const [archive = ''] = readdirSync(box.folder).filter((name) =>
    /^nixos-cloud_init_installer-.*\.tar\.gz$/.test(name),
  )
  const { stdout: listed } = await execa('tar', ['-tzf', join(box.folder, archive)])
  expect(listed.split('\n')).toEqual(
    expect.arrayContaining([
      'README.md',
      'LICENSE',
      'CHANGELOG.md',
      'meta/runtime.yml',
      'examples/steps.yml',
    ]),
  )
  expect(listed).not.toMatch(/__pycache__|\.pyc|\.tar\.gz/)
  const installed = join(box.folder, 'installed')
  await galaxy('install', join(box.folder, archive), '--collections-path', installed, '--offline', '--force')

  const task = [{ name: 'info', [`${prefix}.vm_info`]: { name: 'nobody' } }]
  const path = join(box.folder, 'path')
  mkdirSync(path)
  const with_ = { environment: { ANSIBLE_COLLECTIONS_PATH: installed, PATH: `${path}:/usr/bin:/bin` } }
  const without = await stage.tasks(task, [], with_)
  expect(without.result.error.code, without.text).toBe('ENGINE_MISSING')
  symlinkSync(nciPath, join(path, 'nci'))
  const found = await stage.tasks(task, [], with_)
  expect(found.result.error.code, found.text).toBe('PVE_VM_NOT_FOUND')
})

it('every module and the role are documented', { timeout: 180_000 }, async (context) => {
  const stage = await openStage(context)
  await using _ = stage
  const names = moduleIds.map((id) => `${prefix}.${moduleName(id)}`)
  const doc = async (...words: string[]) =>
    (await execa(join(stage.programs, 'ansible-doc'), words, { env: { ...stage.environment } })).stdout
  const modules = JSON.parse(await doc('--json', ...names))
  for (const name of names) {
    const { doc: documentation, examples, return: returns } = modules[name]
    expect(documentation.attributes.check_mode.support, name).toBe('full')
    expect(examples, name).toContain(`${name}:`)
    expect(Object.keys(returns), name).toContain('error')
  }
  const role = JSON.parse(await doc('--json', '-t', 'role', `${prefix}.provision`))
  const options = role[`${prefix}.provision`].entry_points.main.options
  expect(Object.keys(options)).toEqual(
    expect.arrayContaining(['nixos_vm', 'nixos_vm_defaults', 'proxmox_api_host']),
  )
  expect(await doc('-t', 'role', `${prefix}.provision`)).toContain('nixos_vm_defaults')
})
