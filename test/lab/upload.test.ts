import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { finished, multipart, runTask, send, tokenHeader, upload } from './api-client.ts'
import { newLab } from './new-lab.ts'

const content = Buffer.from('an installer image\r\n--not-the-boundary\r\n'.repeat(5000))
const sha256 = createHash('sha256').update(content).digest('hex')

describe('an upload', () => {
  it('lands in the storage, byte for byte', async () => {
    const { lab, folder } = await newLab()
    const { exitstatus, lines } = await finished(
      lab,
      (await upload(lab, 'local', 'a.iso', content)).body.data,
    )
    expect(exitstatus).toBe('OK')
    expect(lines.at(-2)).toBe('finished file import successfully')
    expect(readFileSync(path.join(folder, 'storage/local/template/iso/a.iso')).equals(content)).toBe(true)
    expect(readdirSync(path.join(folder, 'tmp'))).toEqual([])
    const list = await send(lab, 'GET', '/nodes/pve/storage/local/content?content=iso')
    expect(list.body.data).toMatchObject([{ volid: 'local:iso/a.iso', size: content.length, format: 'iso' }])
  })

  it('is verified in its task, where a wrong checksum is found', async () => {
    const { lab, folder } = await newLab()
    const fields = { 'checksum-algorithm': 'sha256', checksum: sha256 }
    const right = await finished(lab, (await upload(lab, 'local', 'a.iso', content, fields)).body.data)
    expect(right.lines).toContain('calculating checksum...OK, checksum verified')
    const expected = '0'.repeat(64)
    const answer = await upload(lab, 'local', 'b.iso', content, { ...fields, checksum: expected })
    expect(answer.status).toBe(200)
    const wrong = await finished(lab, answer.body.data)
    expect(wrong.exitstatus).toBe(`checksum mismatch: got '${sha256}' != expect '${expected}'`)
    expect(existsSync(path.join(folder, 'storage/local/template/iso/b.iso'))).toBe(false)
  })

  it('gets a name without anything unusual, and without a path', async () => {
    const { lab } = await newLab()
    await finished(lab, (await upload(lab, 'local', '../dir/sp ace (1).iso', content)).body.data)
    const list = await send(lab, 'GET', '/nodes/pve/storage/local/content')
    expect(list.body.data[0].volid).toBe('local:iso/sp_ace__1_.iso')
  })

  it('does not see a checksum that comes after the file', async () => {
    const { lab } = await newLab()
    const field = (name: string, value: string) => ({
      headers: `Content-Disposition: form-data; name="${name}"`,
      content: value,
    })
    const { raw, contentType } = multipart([
      field('content', 'iso'),
      { headers: 'Content-Disposition: form-data; name="filename"; filename="a.iso"', content },
      field('checksum-algorithm', 'sha256'),
      field('checksum', '0'.repeat(64)),
    ])
    const headers = { ...tokenHeader(lab), 'content-type': contentType }
    const answer = await send(lab, 'POST', '/nodes/pve/storage/local/upload', { headers, raw })
    expect((await finished(lab, answer.body.data)).exitstatus).toBe('OK')
  })

  it('with fields in another order, or fields that nobody knows, is a bare 400', async () => {
    const { lab } = await newLab()
    const answer = await upload(lab, 'local', 'a.iso', content, { notes: 'x' })
    expect([answer.status, answer.reason, answer.text]).toEqual([400, 'Bad Request', ''])
  })

  it('of the wrong kind is refused at once', async () => {
    const { lab } = await newLab()
    expect((await upload(lab, 'local', 'a.txt', content)).body.errors).toEqual({
      filename: 'wrong file extension',
    })
    expect((await upload(lab, 'ghost', 'a.iso', content)).reason).toBe("storage 'ghost' does not exist")
    const answer = await upload(lab, 'local-lvm', 'a.iso', content)
    expect(answer.reason).toBe("storage 'local-lvm' does not support 'iso' content")
  })

  it('to a full storage fails in its task', async () => {
    const { lab } = await newLab({
      storages: [{ id: 'tiny', content: ['iso'], totalBytes: 1000, path: '/mnt/tiny' }],
    })
    const { exitstatus } = await finished(lab, (await upload(lab, 'tiny', 'a.iso', content)).body.data)
    expect(exitstatus).toBe(
      "import failed: cp: error writing '/mnt/tiny/template/iso/a.iso': No space left on device",
    )
  })

  it('without the privilege gets an empty 403', async () => {
    const { lab } = await newLab({ users: [{ id: 'u@pve' }], tokens: [{ id: 'u@pve!t', secret: 's' }] })
    const { raw, contentType } = multipart([])
    const headers = { authorization: 'PVEAPIToken=u@pve!t=s', 'content-type': contentType }
    const answer = await send(lab, 'POST', '/nodes/pve/storage/local/upload', { headers, raw })
    expect([answer.status, answer.text]).toEqual([403, ''])
  })
})

describe('a download by the node', () => {
  async function webServer(): Promise<string> {
    const server = createServer((request, response) => {
      if (request.url === '/a.iso') response.writeHead(200, { 'content-length': content.length }).end(content)
      else response.writeHead(404).end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  it('is verified, and is not repeated when the file is right already', async () => {
    const { lab } = await newLab()
    const url = `${await webServer()}/a.iso`
    const form = { url, content: 'iso', filename: 'a.iso', checksum: sha256, 'checksum-algorithm': 'sha256' }
    const request = () => runTask(lab, 'POST', '/nodes/pve/storage/local/download-url', { form })
    expect((await request()).lines).toContain('calculating checksum...OK, checksum verified')
    expect((await request()).lines[1]).toMatch(/no need to download$/)
  })

  it('reports an HTTP error as wget does', async () => {
    const { lab } = await newLab()
    const form = { url: `${await webServer()}/gone.iso`, content: 'iso', filename: 'a.iso' }
    const { exitstatus } = await runTask(lab, 'POST', '/nodes/pve/storage/local/download-url', { form })
    expect(exitstatus).toBe('download failed: exit code 8')
  })

  it('can be asked about beforehand', async () => {
    const { lab } = await newLab()
    const url = encodeURIComponent(`${await webServer()}/a.iso`)
    const answer = await send(lab, 'GET', `/nodes/pve/query-url-metadata?url=${url}`)
    expect(answer.body.data).toEqual({ filename: 'a.iso', size: content.length })
  })
})
