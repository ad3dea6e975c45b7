import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { cloudInitDrive, cloudInitFiles } from '../../src/lab/cloud-init.ts'

const golden = path.resolve(import.meta.dirname, '../../../shared/reference/pve/cloudinit-golden')
const cases = existsSync(golden) ? readdirSync(golden) : []

describe.skipIf(cases.length === 0)('the cloud-init drive', () => {
  const dns = { nameservers: ['10.11.12.1'], search: 'test.lan' }

  it.each(cases.filter((name) => name.startsWith('nocloud')))(
    '%s has the files that Proxmox makes, byte for byte',
    (name) => {
      const { options, vmid, file } = load(name)
      const drive = cloudInitDrive(options, vmid, dns, (volid) => file(snippets[volid] ?? ''))
      expect(drive.userData).toBe(file('user-data'))
      expect(drive.metaData).toBe(file('meta-data'))
      expect(drive.networkConfig).toBe(file('network-config'))
      expect(drive.vendorData).toBe(file('vendor-data'))
    },
  )

  it.each(cases.filter((name) => !name.includes('windows')))('%s dumps what Proxmox dumps', (name) => {
    const { options, vmid, dump } = load(name)
    const files = cloudInitFiles(options, vmid, dns)
    expect(files.user).toBe(dump.user)
    expect(files.network).toBe(dump.network)
    expect(files.meta).toBe(dump.meta)
  })
})

const snippets: Record<string, string> = {
  'local:snippets/u.yaml': 'user-data',
  'local:snippets/n.yaml': 'network-config',
  'local:snippets/m.yaml': 'meta-data',
  'local:snippets/v.yaml': 'vendor-data',
}

function load(name: string) {
  const recorded = JSON.parse(readFileSync(path.join(golden, name, 'case.json'), 'utf8'))
  const request = recorded.request as Record<string, string | number>
  const options = Object.fromEntries(Object.entries(request).map(([key, value]) => [key, String(value)]))
  const file = (part: string) => readFileSync(path.join(golden, name, 'files', part), 'utf8')
  return { options, vmid: recorded.vmid as number, dump: recorded['api-dump'], file }
}
