import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { inputFor, noProxies, run, runInProcess, temporaryFolder } from './download-run.ts'
import { GitHubServer, iso, sha256 } from './github-server.ts'
import { ProxyServer } from './proxy-server.ts'

beforeEach(() => {
  // Both spellings are set by turns below: a set one hides the other, even when it is empty.
  for (const name of Object.keys(noProxies)) vi.stubEnv(name, undefined)
})

afterEach(() => {
  vi.unstubAllEnvs()
})

test.for(['HTTP_PROXY', 'http_proxy'])(
  'requests for http URLs go through %s, with its password',
  async (name) => {
    await using server = await GitHubServer.start()
    await using proxy = await ProxyServer.start()
    await using folder = await temporaryFolder()
    server.release('v1.0.0')
    vi.stubEnv(name, `http://me:secret@127.0.0.1:${proxy.port}`)
    const { output } = await run(inputFor(server, folder.path))
    expect(output.downloaded).toBe(true)
    const authorization = `Basic ${Buffer.from('me:secret').toString('base64')}`
    expect(proxy.seen).toEqual([
      { line: `GET ${server.url}/repos/${server.repository}/releases?per_page=100`, authorization },
      { line: `GET ${output.url}`, authorization },
      { line: `GET ${server.filesUrl}/1?signature=of-the-moment`, authorization },
    ])
    expect(server.seen.every(({ headers }) => headers['proxy-authorization'] === undefined)).toBe(true)
  },
)

test.for(['NO_PROXY', 'no_proxy'])('hosts in %s are asked directly', async (name) => {
  await using server = await GitHubServer.start()
  await using proxy = await ProxyServer.start()
  await using folder = await temporaryFolder()
  server.release('v1.0.0')
  vi.stubEnv('HTTP_PROXY', `http://127.0.0.1:${proxy.port}`)
  vi.stubEnv(name, 'example.org,127.0.0.1')
  await run(inputFor(server, folder.path))
  expect(proxy.seen).toEqual([])
})

test('https URLs go through a tunnel of HTTPS_PROXY', async () => {
  await using proxy = await ProxyServer.start()
  await using folder = await temporaryFolder()
  await using github = await GitHubServer.start()
  const names = [{ type: 7 as const, ip: '127.0.0.1' }]
  const { private: key, cert } = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: names },
    ],
  })
  const ca = join(folder.path, 'ca.pem')
  await writeFile(ca, cert)
  const server = createServer({ key, cert }, (_, response) => response.end(iso('tls')))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const input = inputFor(github, folder.path, {
    iso_url: `https://127.0.0.1:${port}/tls.iso`,
    iso_checksum: sha256(iso('tls')),
  })
  // Which CAs are trusted is settled when a process starts.
  const { result } = runInProcess(input, {
    https_proxy: `http://127.0.0.1:${proxy.port}`,
    NODE_EXTRA_CA_CERTS: ca,
  })
  expect(await result).toMatchObject({ ok: true, output: { sha256: sha256(iso('tls')) } })
  expect(proxy.seen.map(({ line }) => line)).toEqual([`CONNECT 127.0.0.1:${port}`])
  server.closeAllConnections()
  server.close()
})

test('proxy settings that are no URL are the error', async () => {
  await using server = await GitHubServer.start()
  await using folder = await temporaryFolder()
  vi.stubEnv('HTTPS_PROXY', 'not a url')
  await expect(run(inputFor(server, folder.path))).rejects.toMatchObject({
    code: 'DOWNLOAD_FAILED',
    message: expect.stringContaining('proxy settings'),
  })
})
