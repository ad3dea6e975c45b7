import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { connectProxmox } from '../../src/proxmox/client.ts'
import { recordingContext } from '../support/context.ts'
import { temporaryFolder } from '../support/folder.ts'
import { cleanUp, fingerprint, json, makeCertificate, serve } from '../support/proxmox-server.ts'

type CertificateOptions = Parameters<typeof makeCertificate>[0]

/** What a client says that trusts this very certificate as its authority. */
async function errorOf(options: CertificateOptions, host = '127.0.0.1', api_fingerprint?: string) {
  const certificate = await makeCertificate(options)
  const { port, asked } = await serve((_, response) => json(response, 'in'), certificate)
  using folder = temporaryFolder()
  const ca_path = join(folder.path, 'ca.pem')
  writeFileSync(ca_path, certificate.cert)
  const context = recordingContext()
  cleanUp.push(() => context.resources[Symbol.asyncDispose]())
  const client = connectProxmox(
    {
      ...{ api_host: `${host}:${port}`, api_timeout: 30, validate_certs: true, ca_path },
      ...{ api_token_id: 'a@b!c', api_token_secret: 's' },
      ...(api_fingerprint === undefined ? {} : { api_fingerprint: fingerprint(certificate) }),
    },
    context,
  )
  const error = await client.get('/version', 'ask').catch((thrown: unknown) => thrown)
  return { error, asked, shown: fingerprint(certificate) }
}

const day = 24 * 3600 * 1000

test('an expired certificate is told from an unknown one, with the day', async () => {
  const to = new Date(Date.now() - 2 * day)
  const { error, asked, shown } = await errorOf({ from: new Date(Date.now() - 9 * day), to })
  expect(error).toMatchObject({
    code: 'PVE_TLS_EXPIRED',
    message: expect.stringContaining(`expired on ${to.toISOString().slice(0, 10)}`),
    hint: expect.stringMatching(`pvecm updatecerts.*${shown}`),
  })
  expect(asked).toEqual([])
})

test('a certificate of the future points to the clock', async () => {
  const from = new Date(Date.now() + 2 * day)
  const { error } = await errorOf({ from, to: new Date(Date.now() + 9 * day) })
  expect(error).toMatchObject({
    code: 'PVE_TLS_EXPIRED',
    message: expect.stringContaining(`valid from ${from.toISOString().slice(0, 10)}`),
    hint: expect.stringContaining('clock'),
  })
})

test('a certificate for another name lists the names that it has', async () => {
  const { error, asked } = await errorOf({ name: 'pve.example.org' })
  expect(error).toMatchObject({
    code: 'PVE_TLS_HOSTNAME',
    message: expect.stringMatching(/not for 127\.0\.0\.1; it is for pve\.example\.org/),
    hint: expect.stringContaining('api_fingerprint'),
  })
  expect(asked).toEqual([])
})

test.each<[string, CertificateOptions]>([
  ['expired', { from: new Date(Date.now() - 9 * day), to: new Date(Date.now() - 2 * day) }],
  ['for another name', { name: 'pve.example.org' }],
])('a pinned certificate is trusted although it is %s', async (_, options) => {
  expect((await errorOf(options, '127.0.0.1', 'own')).error).toBe('in')
})
