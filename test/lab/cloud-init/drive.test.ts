import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cloudInitDrive } from '../../../src/lab/cloud-init/drive.ts'
import { cloudInitFiles } from '../../../src/lab/cloud-init/generated.ts'
import { hasReference, referencePath } from '../../support/reference.ts'

const golden = referencePath('pve', 'cloudinit-golden')
const dns = { nameservers: ['10.11.12.1'], search: 'test.lan' }
const snippets: Record<string, string> = {
  'local:snippets/u.yaml': 'user-data',
  'local:snippets/n.yaml': 'network-config',
  'local:snippets/m.yaml': 'meta-data',
  'local:snippets/v.yaml': 'vendor-data',
}

describe.skipIf(!hasReference)('the cloud-init drive', () => {
  it.each(hasReference ? readdirSync(golden) : ['(skipped: there are no recordings)'])(
    '%s is the one that Proxmox makes, byte for byte',
    (name) => {
      const { options, vmid, label, files } = load(name)
      const drive = cloudInitDrive(options, vmid, dns, (volid) => files[snippets[volid] ?? ''] ?? '')
      expect(drive.label).toBe(label)
      expect(inOneOrder(drive.files)).toEqual(inOneOrder(files))
    },
  )

  it.each(hasReference ? readdirSync(golden) : ['(skipped: there are no recordings)'])(
    '%s dumps what Proxmox dumps',
    (name) => {
      const { options, vmid, dump } = load(name)
      expect(cloudInitFiles(options, vmid, dns)).toEqual(dump)
    },
  )
})

describe('a file of one’s own', () => {
  const options = { name: 'web1', ostype: 'l26', cicustom: 'user=local:snippets/u.yaml' }

  it('makes another instance, which cloud-init sets up anew', () => {
    const metaOf = (text: string) => cloudInitDrive(options, 100, dns, () => text).files['meta-data']
    expect(metaOf('#cloud-config\n')).toBe(metaOf('#cloud-config\n'))
    expect(metaOf('#cloud-config\n')).not.toBe(metaOf('#cloud-config\nhostname: other\n'))
  })
})

/** Proxmox writes the metadata for Windows as JSON whose order differs from run to run. */
function inOneOrder(files: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(files).map(([name, text]) => [name, text.startsWith('{"') ? JSON.parse(text) : text]),
  )
}

function load(name: string) {
  const folder = join(golden, name)
  const recorded = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8'))
  const options = Object.fromEntries(
    Object.entries(recorded.request as Record<string, unknown>).map(([key, value]) => [key, String(value)]),
  )
  const names = (recorded.files as string[]).map((file) => file.slice(1))
  const files = Object.fromEntries(
    names.map((file) => [file, readFileSync(join(folder, 'files', file), 'utf8')]),
  )
  const label = recorded['volume-id'] as string
  return { options, vmid: recorded.vmid as number, label, files, dump: recorded['api-dump'] }
}
