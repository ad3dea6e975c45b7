import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openBox } from '../../support/lab.ts'

const keyless = { NCI_SSH_PRIVATE_KEY_FILE: undefined, SSH_AUTH_SOCK: undefined }

test('a host is provisioned without any key of one’s own, and no private key is left anywhere', async () => {
  await using box = await openBox()
  rmSync(join(box.folder, 'id_ed25519'))
  const refused = await box.run(['provision'], { input: box.host, environment: keyless })
  expect(refused.document.error).toMatchObject({
    code: 'SSH_KEY_MISSING',
    hint: expect.stringContaining('ssh_generate_key'),
  })

  const unprovable = { ...box.host, ssh_generate_key: true, generate_host_key: false }
  const early = await box.run(['provision'], { input: unprovable, environment: keyless })
  expect(early.document.error.hint).toContain('generate_host_key')
  expect([box.vmids(), box.isos()]).toEqual([[], []])

  const input = { ...unprovable, generate_host_key: true }
  const { document } = await box.run(['provision'], { input, environment: keyless })
  expect(document.error).toBeUndefined()
  expect(document.output.system).toMatch(/^\/nix\/store\//)
  expect(document.warnings).toContainEqual(expect.stringContaining('by its host key alone'))
  expect(readdirSync(box.temporary)).toEqual([])

  const again = await box.run(['provision'], { input, environment: keyless })
  expect(again.document).toMatchObject({ ok: true, changed: false })
})

test('a run that is carried on by another one puts its own key into the VM', async () => {
  await using box = await openBox()
  const input = { ...box.host, ssh_generate_key: true, generate_host_key: true }
  const first = box.start(['provision'], { input, environment: keyless })
  await first.until({ step: 'nixos.install', type: 'start' })
  first.signal('SIGKILL')
  await first.ended
  const { document } = await box.run(['provision'], { input, environment: keyless })
  expect(document.error).toBeUndefined()
  expect(document.ok).toBe(true)
})
