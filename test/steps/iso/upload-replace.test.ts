import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Lab } from '../../../src/lab/lab.ts'
import { finished, send } from '../../lab/api-client.ts'
import { contentOf, isUpload, limited, type UploadLab, uploadLab } from './upload-lab.ts'

const content = Buffer.alloc(256 * 1024, 'a new ISO')
const name = 'chosen.iso'
const isRemoval = (request: string): boolean => request.startsWith('DELETE')

async function webServer(): Promise<string> {
  const server = createServer(({ url, method }, response) => {
    if (url !== '/nixos.iso') return response.writeHead(404).end()
    return response.writeHead(200, { 'content-length': content.length }).end(method === 'HEAD' ? '' : content)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function viaProxmox(path = '/nixos.iso') {
  const checksum = createHash('sha256').update(content).digest('hex')
  return { via: 'proxmox', url: `${await webServer()}${path}`, checksum, filename: name, replace: true }
}

const viaEngine = ({ iso }: UploadLab) => ({ path: iso('nixos.iso'), filename: name, replace: true })

async function attach(lab: Lab, vmid: number): Promise<void> {
  const form = { vmid, name: `vm${vmid}`, memory: 512, ide2: `local:iso/${name},media=cdrom` }
  const { body, reason } = await send(lab, 'POST', '/nodes/pve/qemu', { form })
  expect((await finished(lab, body?.data ?? reason)).exitstatus).toBe('OK')
}

describe('an ISO that a VM uses is not replaced', () => {
  it('whoever sends the new one; the VMs are named', async () => {
    const box = await uploadLab()
    box.place(name, 1, 'the old one')
    await attach(box.lab, 101)
    await attach(box.lab, 102)
    for (const input of [viaEngine(box), await viaProxmox()]) {
      const error = await box.failure(input)
      expect(error).toMatchObject({ code: 'PVE_ISO_IN_USE', details: { volid: `local:iso/${name}` } })
      expect(error.message).toContain('VM 101 (vm101); VM 102 (vm102)')
    }
    expect(box.asked().filter((request) => isUpload(request) || isRemoval(request))).toEqual([])
    expect(contentOf(box.pathOf(name)).toString()).toBe('the old one')
  })

  it('also where it was attached since it was looked at', async () => {
    const box = await uploadLab()
    box.place(name, 1, 'the old one')
    await attach(box.lab, 101)
    const answer = { status: 200, reason: 'OK', body: '{"data":[]}' }
    box.lab.faults.add({ path: '/nodes/pve/qemu/*/pending', times: 1, action: { answer } })
    expect((await box.failure(viaEngine(box))).code).toBe('PVE_ISO_IN_USE')
    expect(contentOf(box.pathOf(name)).toString()).toBe('the old one')
  })

  it('as far as the user sees the VMs: where there may be others it is told', async () => {
    const { sandbox, connection } = limited({ '/storage': 'PVEDatastoreAdmin' })
    const box = await uploadLab(sandbox)
    box.place(name, 1, 'the old one')
    const { output, warnings } = await box.upload({ ...connection, ...viaEngine(box) })
    expect(output.uploaded).toBe(true)
    expect(warnings).toEqual([expect.stringMatching(/does not see .*VM\.Audit/)])
  })
})

describe('an ISO that Proxmox is to replace by a download', () => {
  it('stays where the server does not have the new one', async () => {
    const box = await uploadLab()
    box.place(name, 1, 'the old one')
    const error = await box.failure(await viaProxmox('/gone.iso?token=hidden'))
    expect(error).toMatchObject({
      code: 'PVE_DOWNLOAD_FAILED',
      hint: expect.stringMatching(/^Nothing was removed/),
    })
    expect(error.message).toContain('404 Not Found')
    expect(JSON.stringify(error)).not.toContain('hidden')
    expect(box.asked().some(isRemoval)).toBe(false)
    expect(contentOf(box.pathOf(name)).toString()).toBe('the old one')
  })

  it('stays where the user may not have URLs fetched', async () => {
    const { sandbox, connection } = limited({ '/storage': 'PVEDatastoreAdmin', '/vms': 'PVEAuditor' })
    const box = await uploadLab(sandbox)
    box.place(name, 1, Buffer.alloc(content.length))
    expect((await box.failure({ ...connection, ...(await viaProxmox()) })).code).toBe('PVE_FORBIDDEN')
    expect(contentOf(box.pathOf(name)).equals(Buffer.alloc(content.length))).toBe(true)
  })

  it('is gone where the download fails all the same, which is said', async () => {
    const box = await uploadLab()
    box.place(name, 1, 'the old one')
    box.lab.faults.add({ task: 'download', action: { fail: 'download failed: exit code 4' } })
    const error = await box.failure(await viaProxmox())
    expect(error).toMatchObject({
      code: 'PVE_DOWNLOAD_FAILED',
      hint: expect.stringMatching(/^The old local:iso\/chosen\.iso was removed for it and is gone\. \S/),
      details: { removed: `local:iso/${name}` },
      warnings: [expect.stringContaining('is gone')],
    })
    expect(box.stored()).toEqual([])
  })
})
