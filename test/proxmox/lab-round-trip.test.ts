import '../support/seed.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Inputs } from '../../src/core/step.ts'
import { validate } from '../../src/core/validate.ts'
import type { Lab } from '../../src/lab/lab.ts'
import type { LabVersion } from '../../src/lab/schema.ts'
import type { Parameters } from '../../src/proxmox/client.ts'
import { deviations, parseDrive } from '../../src/proxmox/values/drive.ts'
import { assertConsistent } from '../../src/proxmox/vm-consistency.ts'
import { differences } from '../../src/proxmox/vm-differences.ts'
import { cloudInitOptions, driveOptions, hardwareOptions } from '../../src/proxmox/vm-options.ts'
import type { VmConfig } from '../../src/proxmox/vms.ts'
import { finished, runTask, send, upload } from '../lab/api-client.ts'
import { newLab } from '../lab/new-lab.ts'
import { vmDocument, vmSettings } from './arbitrary-vm.ts'

const vmid = 100

async function optionsOf(
  document: Record<string, unknown>,
): Promise<{ all: Parameters; settings: Parameters }> {
  const spec = structuredClone(document)
  await validate('vm.create', spec)
  const input = spec as unknown as Inputs['vm.create']
  assertConsistent(input)
  const settings = { ...hardwareOptions(input), ...cloudInitOptions(input) }
  return { all: { ...settings, ...driveOptions(input) }, settings }
}

async function configOf(lab: Lab): Promise<VmConfig> {
  return (await send(lab, 'GET', `/nodes/pve/qemu/${vmid}/config`)).body.data
}

/** Creates the VM, and reads it. */
async function created(lab: Lab, options: Parameters): Promise<VmConfig> {
  const { status, text, body } = await send(lab, 'POST', '/nodes/pve/qemu', { json: { vmid, ...options } })
  expect([status, text]).toEqual([200, expect.stringContaining('UPID')])
  const { exitstatus } = await finished(lab, body.data)
  expect(exitstatus).toBe('OK')
  return await configOf(lab)
}

async function removed(lab: Lab): Promise<void> {
  await send(lab, 'PUT', `/nodes/pve/qemu/${vmid}/config`, { form: { delete: 'protection' } })
  await runTask(lab, 'DELETE', `/nodes/pve/qemu/${vmid}?purge=1`)
}

async function labWithIso(version: LabVersion): Promise<Lab> {
  const { lab } = await newLab({ version })
  const { body } = await upload(lab, 'local', 'nixos.iso', 'an ISO')
  expect(await finished(lab, body.data)).toMatchObject({ exitstatus: 'OK' })
  return lab
}

test.each<LabVersion>(['9.2', '8.4'])('PVE %s gives back what it was sent, as values', async (version) => {
  const lab = await labWithIso(version)
  await fc.assert(
    fc.asyncProperty(vmDocument, async (document) => {
      const { all } = await optionsOf(document)
      const config = await created(lab, all)
      expect(differences(config, all)).toEqual({})
      for (const [key, value] of Object.entries(all)) {
        if (value === undefined || !/^(scsi|virtio|sata|efidisk|tpmstate)\d+$/.test(key)) continue
        const made = deviations(key, parseDrive(String(config[key])), parseDrive(String(value)))
        expect([key, made]).toEqual([key, []])
      }
      await removed(lab)
    }),
    { numRuns: 40, endOnFailure: true },
  )
})

test('what is sent for a difference leaves none, and touches no drive', async () => {
  const lab = await labWithIso('9.2')
  await fc.assert(
    fc.asyncProperty(vmDocument, vmSettings, async (document, changed) => {
      const before = await created(lab, (await optionsOf(document)).all)
      const { settings } = await optionsOf(changed)
      const sent = differences(before, settings)
      const { status, text } = await send(lab, 'PUT', `/nodes/pve/qemu/${vmid}/config`, { json: sent })
      expect([status, text]).toEqual([200, '{"data":null}'])
      const after = await configOf(lab)
      expect(differences(after, settings)).toEqual({})
      const drives = (config: VmConfig) =>
        Object.entries(config).filter(([key]) => /disk|state|^(scsi|virtio|sata|ide)\d/.test(key))
      expect(drives(after)).toEqual(drives(before))
      await removed(lab)
    }),
    { numRuns: 40, endOnFailure: true },
  )
})
