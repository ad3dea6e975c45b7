import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openBox } from '../../support/lab.ts'
import { contentOf, isVerification, limited, uploadLab } from './upload-lab.ts'

const content = Buffer.alloc(8 * 1024 * 1024, 'an ISO')
const sha256 = createHash('sha256').update(content).digest('hex')
const named = `nixos-${sha256.slice(0, 12)}.iso`

const serve: RequestListener = ({ url = '', method }, response) => {
  if (url.startsWith('/moved.iso')) response.writeHead(302, { location: '/gone.iso?signature=hidden' }).end()
  else if (url === '/nixos.iso?unsized') {
    response.writeHead(200)
    response.write(content.subarray(0, 1))
    response.end(content.subarray(1))
  } else if (!url.startsWith('/nixos.iso')) response.writeHead(404).end()
  else response.writeHead(200, { 'content-length': content.length }).end(method === 'HEAD' ? '' : content)
}

async function webServer(tls?: { key: Buffer; cert: Buffer }): Promise<string> {
  const server = tls === undefined ? createServer(serve) : createTlsServer(tls, serve)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const viaProxmox = (url: string) => ({ via: 'proxmox', url, checksum: sha256 })

describe('an ISO that Proxmox fetches', () => {
  it('is verified and named after its digest, and fetched once', async () => {
    const { upload, stored, pathOf, asked } = await uploadLab()
    const input = viaProxmox(`${await webServer()}/nixos.iso?token=hidden`)
    const check = await upload(input, { check: true })
    const { output } = await upload(input)
    expect(output).toMatchObject({ name: named, size: content.length, sha256, uploaded: true })
    expect(check.output).toMatchObject({ name: named, size: content.length })
    expect(stored()).toEqual([named])
    expect(contentOf(pathOf(named)).equals(content)).toBe(true)
    asked()
    expect(await upload(input)).toMatchObject({ changed: false, output: { uploaded: false } })
    expect(asked().every((request) => request.startsWith('GET'))).toBe(true)
  })

  it('tells its progress in bytes', async () => {
    await using box = await openBox({ latency: { downloadBytesPerSecond: 16 * 1024 * 1024 } })
    const run = box.start(['iso', 'upload'], {
      input: viaProxmox(`${await webServer()}/nixos.iso?token=hidden`),
    })
    const { stderr } = await run.ended
    const events = run.progress.filter(({ type }) => type === 'progress')
    expect(events.at(-1)).toMatchObject({ done: content.length, total: content.length, unit: 'bytes' })
    expect(stderr).not.toContain('hidden')
  })

  it('is used where it is there under another name', async () => {
    const { upload, place, stored } = await uploadLab()
    place('renamed.iso', 1, content)
    const { changed, output } = await upload(viaProxmox(`${await webServer()}/nixos.iso`))
    expect({ changed, name: output.name }).toEqual({ changed: false, name: 'renamed.iso' })
    expect(stored()).toEqual(['renamed.iso'])
  })

  it('replaces another file of its name only when told to', async () => {
    const { upload, failure, place, pathOf } = await uploadLab()
    place('chosen.iso', 1, 'something else')
    const input = { ...viaProxmox(`${await webServer()}/nixos.iso`), filename: 'chosen.iso' }
    expect((await failure(input)).code).toBe('PVE_FILE_DIFFERS')
    expect(contentOf(pathOf('chosen.iso')).toString()).toBe('something else')
    expect((await upload({ ...input, replace: true })).output.uploaded).toBe(true)
    expect(contentOf(pathOf('chosen.iso')).equals(content)).toBe(true)
  })

  it('is not kept where it is another one', async () => {
    const { failure, stored } = await uploadLab()
    const input = { ...viaProxmox(`${await webServer()}/nixos.iso`), checksum: 'a'.repeat(64) }
    expect((await failure(input)).code).toBe('CHECKSUM_MISMATCH')
    expect(stored()).toEqual([])
  })

  it('has to fit on the storage', async () => {
    const storages = [{ id: 'local', content: ['iso'], totalBytes: 1024 * 1024 }]
    const { failure, asked } = await uploadLab({ storages })
    expect((await failure(viaProxmox(`${await webServer()}/nixos.iso`))).code).toBe('PVE_STORAGE_FULL')
    expect(asked().some(isVerification)).toBe(false)
  })

  it('comes from a server whose certificate is verified, unless told otherwise', async () => {
    const { lab, upload, failure } = await uploadLab()
    const key = readFileSync(lab.certificateFile.replace(/pem$/, 'key'))
    const tls = { key, cert: readFileSync(lab.certificateFile) }
    const input = viaProxmox(`${await webServer(tls)}/nixos.iso`)
    expect((await failure(input)).code).toBe('PVE_DOWNLOAD_FAILED')
    expect((await upload({ ...input, url_validate_certs: false })).output.uploaded).toBe(true)
  })
})

describe('a file that only its name says to be the ISO', () => {
  it('is not taken for it where it has another size than the URL’s', async () => {
    const { failure, place, asked } = await uploadLab()
    place(named, 1, 'nine byte')
    const error = await failure(viaProxmox(`${await webServer()}/nixos.iso`))
    expect(error).toMatchObject({ code: 'PVE_FILE_DIFFERS' })
    expect(error.message).toContain(`9 bytes, not ${content.length}`)
    expect(asked().some(isVerification)).toBe(false)
  })

  it('is verified where the size of the URL’s is not known', async () => {
    const { upload, failure, place } = await uploadLab()
    const input = viaProxmox(`${await webServer()}/nixos.iso?unsized`)
    place(named, 1, 'nine byte')
    expect(await failure(input)).toMatchObject({
      code: 'PVE_FILE_DIFFERS',
      message: expect.stringContaining('SHA-256'),
    })
    place(named, 1, content)
    expect(await upload(input)).toMatchObject({ changed: false, warnings: [], output: { sha256 } })
    const check = await upload(input, { check: true })
    expect(check).toMatchObject({ changed: false, warnings: [expect.stringContaining('check mode')] })
  })

  it('is believed with a warning where nobody can tell', async () => {
    const { sandbox, connection } = limited({ '/storage': 'PVEDatastoreAdmin', '/nodes': 'PVEAuditor' })
    const { upload, place } = await uploadLab(sandbox)
    place(named, 1, 'nine byte')
    const { changed, warnings } = await upload({
      ...connection,
      ...viaProxmox(`${await webServer()}/nixos.iso`),
    })
    expect(changed).toBe(false)
    expect(warnings).toEqual([expect.stringMatching(/content was not compared .* nobody tells the size/)])
  })
})

describe('a URL that cannot be fetched', () => {
  it.each(['/gone.iso?token=hidden', '/moved.iso'])(
    '%s is reported without the secrets of its query',
    async (path) => {
      const { failure } = await uploadLab()
      const error = await failure(viaProxmox(`${await webServer()}${path}`))
      expect(error).toMatchObject({ code: 'PVE_DOWNLOAD_FAILED' })
      expect(error.message).toContain('404')
      expect(JSON.stringify([error.message, error.details])).not.toContain('hidden')
    },
  )
})
