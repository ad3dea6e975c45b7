import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { SandboxOptions } from '../../../src/lab/sandbox.ts'
import { type Box, openBox } from '../../support/lab.ts'
import { succeeded } from '../provisioned.ts'
import { examine, limited } from './support.ts'

const storages: SandboxOptions['storages'] = [
  { id: 'local', content: ['iso', 'import'] },
  { id: 'local-lvm', type: 'lvmthin', content: ['images'] },
  { id: 'away', content: ['import'], disabled: true },
  { id: 'isos', content: ['iso'] },
]

/** Puts a file into a storage of the lab. */
function put(box: Box, storage: string, file: string): void {
  const path = join(box.folder, 'pve', 'storage', storage, file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, Buffer.alloc(1024 * 1024))
}

function withImage(box: Box, import_from: string): Readonly<Record<string, unknown>> {
  return { ...box.host, disks: [{ size: '8G' }, { import_from }] }
}

describe('an image that a disk is filled with', () => {
  test('is looked for once, and not any more when the VM is there', async () => {
    await using box = await openBox({ storages })
    put(box, 'local', 'import/data.raw')
    const image = { import_from: 'local:import/data.raw' }
    const input = { ...box.host, disks: [{ size: '8G' }, image, { ...image, size: '2G' }] }
    const before = await examine(box, input)
    expect(before.unwell).toEqual([])
    expect(Object.keys(before.statuses).filter((id) => id.startsWith('image.'))).toHaveLength(1)
    expect(before.check('image.local:import/data.raw')).toMatchObject({
      status: 'ok',
      message: 'It is there: 1.0 MiB.',
    })
    succeeded(await box.run(['vm', 'create'], { input: creation(input) }))
    const after = await examine(box, withImage(box, 'local:import/gone.raw'))
    expect(after.check('image.local:import/gone.raw')).toMatchObject({
      status: 'skipped',
      message: expect.stringContaining('the VM is there already'),
    })
  })

  test('is looked for as the appliance where it is a disk in one', async () => {
    await using box = await openBox({ storages })
    put(box, 'local', 'import/x.ova')
    expect((await examine(box, withImage(box, 'local:import/x.ova/disk1.vmdk'))).unwell).toEqual([])
    const { check } = await examine(box, withImage(box, 'local:import/y.ova/disk1.vmdk'))
    expect(check('image.local:import/y.ova/disk1.vmdk')).toMatchObject({ status: 'failed' })
  })

  test.each([
    [
      'on a storage that there is none of',
      'nowhere:import/x.qcow2',
      /^pve has no storage `nowhere`; it has away, isos, /,
      [],
    ],
    ['on a storage that is not active', 'away:import/x.qcow2', /^It is not active on pve\.$/, []],
    ['that is not there', 'local:import/x.qcow2', /^It is not there\.$/, []],
    ['that is not there as a disk', 'local-lvm:vm-999-disk-0', /^It is not there\.$/, []],
    [
      'on a storage that does not take images',
      'isos:import/x.qcow2',
      /^It is not there, and its storage does not take `import`, only iso\.$/,
      ['pvesm set isos --content import,iso'],
    ],
    [
      'on a storage that cannot take images',
      'local-lvm:import/x.qcow2',
      /^It is not there: a storage of type `lvmthin` takes only images\.$/,
      [],
    ],
    ['that is no image', 'local:iso/x.iso', /^It is of type `iso`: /, []],
  ])('%s', async (_, image, message, commands) => {
    await using box = await openBox({ storages })
    put(box, 'local', 'import/other.raw')
    put(box, 'local', 'template/iso/x.iso')
    const found = await examine(box, withImage(box, image))
    expect(found.unwell).toEqual([`image.${image}`])
    expect(found.check(`image.${image}`)).toMatchObject({
      status: 'failed',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(/`(import_from|pvesm status)`/),
    })
    expect(found.commands).toEqual(commands)
    const { document } = await box.run(['vm', 'create'], { input: creation(withImage(box, image)) })
    expect(document.ok).toBe(false)
  })

  test('may be on a storage that does not list images', async () => {
    await using box = await openBox({ storages })
    put(box, 'isos', 'import/data.raw')
    const input = withImage(box, 'isos:import/data.raw')
    expect((await examine(box, input)).unwell).toEqual([])
    succeeded(await box.run(['vm', 'create'], { input: creation(input) }))
  })

  test('is not said to be missing by who may not see its storage', async () => {
    await using box = await openBox({ ...limited.sandbox, storages })
    put(box, 'local', 'import/data.raw')
    const input = withImage(box, 'isos:import/data.raw')
    const { check, commands } = await examine(box, input, limited.environment)
    expect(check('image.isos:import/data.raw')).toMatchObject({
      status: 'skipped',
      message: expect.stringContaining('Datastore.Audit on /storage/isos'),
    })
    expect(commands.join('\n')).toMatch(/acl modify \/storage\/isos /)
  })
})

test('the disks’ images are named among what the storage has instead', async () => {
  await using box = await openBox({ storages })
  put(box, 'local', 'import/other.raw')
  const { check } = await examine(box, withImage(box, 'local:import/x.raw'))
  expect(check('image.local:import/x.raw')).toMatchObject({
    hint: expect.stringContaining('local:import/other.raw'),
    details: { images: ['local:import/other.raw'] },
  })
})

/** What of a host's document says how its VM is made. */
function creation(host: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { name, node, storage, disks, networks } = host
  return { name, node, storage, disks, networks }
}
