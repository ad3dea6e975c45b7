import { expect, test } from 'vitest'
import { runStep } from '../../../src/core/run.ts'
import type { Inputs } from '../../../src/core/step.ts'
import { validate } from '../../../src/core/validate.ts'
import type { Lab, LabOptions } from '../../../src/lab/lab.ts'
import { vmCreate } from '../../../src/steps/vm/create.ts'
import { finished, multipart, send, tokenHeader } from '../../lab/api-client.ts'
import { newLab } from '../../lab/new-lab.ts'

/** Runs the step as the lab's root, with its token unless told otherwise. */
async function create(lab: Lab, rest: Record<string, unknown>) {
  const token = { api_token_id: lab.tokenId, api_token_secret: lab.tokenSecret }
  const document = {
    ...{ api_host: lab.url, api_fingerprint: lab.fingerprint, name: 'web1' },
    ...('api_password' in rest ? {} : token),
    ...rest,
  }
  await validate('vm.create', document)
  const { signal } = new AbortController()
  return runStep(vmCreate, document as unknown as Inputs['vm.create'], { signal, emit: () => undefined })
}

async function configOf(lab: Lab, vmid: number): Promise<Record<string, string | number>> {
  return (await send(lab, 'GET', `/nodes/pve/qemu/${vmid}/config`)).body.data
}

/** A disk image on the storage `local`. */
async function uploadImage(lab: Lab, filename: string, bytes: number): Promise<void> {
  const { raw, contentType } = multipart([
    { headers: 'Content-Disposition: form-data; name="content"', content: 'import' },
    {
      headers: `Content-Disposition: form-data; name="filename"; filename="${filename}"`,
      content: Buffer.alloc(bytes, 'image'),
    },
  ])
  const headers = { ...tokenHeader(lab), 'content-type': contentType }
  const { body } = await send(lab, 'POST', '/nodes/pve/storage/local/upload', { headers, raw })
  expect(await finished(lab, body.data)).toMatchObject({ exitstatus: 'OK' })
}

const storages: LabOptions['storages'] = [
  { id: 'local', type: 'dir', content: ['iso', 'import', 'images', 'snippets'] },
  { id: 'local-lvm', type: 'lvmthin', content: ['images'] },
] as const

test('an image is imported at its own size, or enlarged to the size that is asked for', async () => {
  const { lab } = await newLab({ storages })
  await uploadImage(lab, 'data.raw', 2 * 1024 * 1024)
  const image = { import_from: 'local:import/data.raw' }
  const document = { disks: [{ size: '1G' }, image, { ...image, size: '16M', bus: 'virtio' }] }
  const { output } = await create(lab, document)
  expect(await configOf(lab, output.vmid)).toMatchObject({
    scsi0: expect.stringMatching(/,size=1G$/),
    scsi1: expect.stringMatching(/,size=2M$/),
    virtio0: expect.stringMatching(/,size=16M$/),
  })
  expect(await create(lab, document)).toMatchObject({ changed: false })
})

test('a disk whose enlargement failed is enlarged by the next run', async () => {
  const { lab } = await newLab({ storages })
  await uploadImage(lab, 'data.raw', 2 * 1024 * 1024)
  const document = { disks: [{ size: '16M', import_from: 'local:import/data.raw' }] }
  lab.faults.add({ task: 'resize', times: 1, action: { fail: 'no' } })
  await expect(create(lab, document)).rejects.toMatchObject({ code: 'PVE_TASK_FAILED' })
  const again = await create(lab, document)
  expect(again).toMatchObject({
    changed: true,
    diff: [{ what: 'scsi0', before: expect.stringMatching(/size=2M$/), after: 'size=16M' }],
  })
  expect(await configOf(lab, again.output.vmid)).toMatchObject({ scsi0: expect.stringMatching(/size=16M$/) })
  expect(await create(lab, document)).toMatchObject({ changed: false })
})

test('a disk whose storage has no room for its enlargement names that storage, at first and in a rerun', async () => {
  const { lab } = await newLab({ storages })
  await uploadImage(lab, 'data.raw', 2 * 1024 * 1024)
  const image = { import_from: 'local:import/data.raw', size: '16M' }
  const document = { disks: [{ size: '1G' }, { ...image, storage: 'local' }] }
  const reason = 'Insufficient free space: 4 extents needed, but only 1 available'
  lab.faults.add({ task: 'resize', times: 2, action: { fail: reason } })
  const full = {
    code: 'PVE_STORAGE_FULL',
    details: expect.objectContaining({ storage: 'local', property: 'disks', shortage: reason }),
  }
  await expect(create(lab, document)).rejects.toMatchObject(full)
  await expect(create(lab, document)).rejects.toMatchObject(full)
  expect(await create(lab, document)).toMatchObject({ changed: true, diff: [{ what: 'scsi1' }] })
})

test('an EFI disk with keys and a TPM are made where they are asked for, and a rerun finds nothing to do', async () => {
  const { lab } = await newLab({ storages })
  const document = {
    bios: 'ovmf',
    secure_boot: true,
    efi_storage: 'local',
    tpm: 'v2.0',
    tpm_storage: 'local',
  }
  const { output } = await create(lab, document)
  expect(await configOf(lab, output.vmid)).toMatchObject({
    efidisk0: expect.stringMatching(/^local:.*,efitype=4m,pre-enrolled-keys=1,/),
    tpmstate0: expect.stringMatching(/^local:.*,version=v2.0$/),
  })
  expect(await create(lab, document)).toMatchObject({ changed: false })
})

test.each(['efi_storage', 'tpm_storage'])(
  'a %s that is not there is told by its property',
  async (property) => {
    const { lab } = await newLab({ storages })
    const document = { bios: 'ovmf', tpm: 'v2.0', [property]: 'nowhere' }
    await expect(create(lab, document)).rejects.toThrow(
      expect.objectContaining({
        code: expect.stringMatching(/^PVE_STORAGE_/),
        details: expect.objectContaining({ property }),
      }),
    )
    expect(lab.requests.filter(({ method }) => method !== 'GET')).toEqual([])
  },
)

test('a VM for aarch64 needs root’s password, has SCSI drives and a serial console, and stays as it is', async () => {
  const { lab } = await newLab({ storages })
  const document = { architecture: 'aarch64' }
  await expect(create(lab, document)).rejects.toMatchObject({ code: 'PVE_ROOT_REQUIRED' })
  expect(lab.requests.filter(({ method }) => method !== 'GET')).toEqual([])

  const root = { api_user: lab.user, api_password: lab.password }
  const { output } = await create(lab, { ...document, ...root })
  expect(await configOf(lab, output.vmid)).toMatchObject({
    ...{ arch: 'aarch64', bios: 'ovmf', vga: 'serial0', boot: 'order=scsi0' },
    scsi29: expect.stringContaining('cloudinit'),
  })
  // What is as it should be need not be set again: the token is enough.
  expect(await create(lab, document)).toMatchObject({ changed: false })
  expect(await create(lab, { ...document, cores: 4 })).toMatchObject({ changed: true })
})

test('disks are never changed, and that others are asked for is told', async () => {
  const { lab } = await newLab({ storages })
  const { output } = await create(lab, {})
  const before = await configOf(lab, output.vmid)
  expect(await create(lab, { disks: [{ size: '64G' }, { size: '1G' }] })).toMatchObject({
    changed: false,
    warnings: [
      `The disks of VM ${output.vmid} are left as they are: scsi0 has another size; scsi1 is not there.`,
    ],
  })
  expect(await configOf(lab, output.vmid)).toEqual(before)
})

test('what somebody set besides stays when something else is changed', async () => {
  const { lab } = await newLab({ storages })
  const { output } = await create(lab, { machine: 'q35' })
  const path = `/nodes/pve/qemu/${output.vmid}/config`
  const theirs = { agent: '1,fstrim_cloned_disks=1', machine: 'pc-q35-9.0', cpu: 'x86-64-v2-AES,flags=+aes' }
  await send(lab, 'PUT', path, { form: { ...theirs, tags: 'nci;theirs' } })
  expect(await create(lab, { machine: 'q35' })).toMatchObject({ changed: false })

  const { diff } = await create(lab, { machine: 'q35', agent: false, tags: ['ours'] })
  expect(diff.map(({ what, after }) => [what, after])).toEqual([
    ['agent', '0,fstrim_cloned_disks=1'],
    ['tags', 'nci;ours;theirs'],
  ])
  expect(await configOf(lab, output.vmid)).toMatchObject({ ...theirs, agent: '0,fstrim_cloned_disks=1' })
})
