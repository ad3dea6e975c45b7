import { mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, it } from 'vitest'
import { moduleIds, moduleName } from '../../src/codegen/ansible/modules.ts'
import { nciPath } from '../support/nci.ts'
import { collection, openStage, prefix } from './support/play.ts'

it('the collection is built and installed, and finds an engine of npm, of Nix, or of the checkout it lies in', {
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
  // npm puts a link into a folder of PATH, Nix one into a profile.
  const [npm, profile] = ['path', '.nix-profile/bin'].map((name) => join(box.folder, name)) as [
    string,
    string,
  ]
  for (const folder of [npm, profile]) mkdirSync(folder, { recursive: true })
  const code = async (more: Record<string, string>): Promise<string> => {
    const played = await stage.tasks(task, [], {
      environment: { ANSIBLE_COLLECTIONS_PATH: installed, PATH: '/usr/bin:/bin', ...more },
    })
    return played.result.error.code
  }
  expect(await code({})).toBe('ENGINE_MISSING')
  symlinkSync(nciPath, join(npm, 'nci'))
  expect(await code({ PATH: `${npm}:/usr/bin:/bin` })).toBe('PVE_VM_NOT_FOUND')
  symlinkSync(nciPath, join(profile, 'nci'))
  expect(await code({})).toBe('PVE_VM_NOT_FOUND')
  rmSync(profile, { recursive: true })
  const checkout = environment.ANSIBLE_COLLECTIONS_PATH as string
  expect(await code({ ANSIBLE_COLLECTIONS_PATH: checkout })).toBe('PVE_VM_NOT_FOUND')
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
  expect(options.nixos_vm.options.disks.options.size.description).toEqual([expect.stringMatching(/\S/)])
  expect(await doc('-t', 'role', `${prefix}.provision`)).toContain('nixos_vm_defaults')
})
