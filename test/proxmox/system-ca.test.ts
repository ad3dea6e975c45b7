import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../support/folder.ts'
import { runNci } from '../support/nci.ts'
import { certificate, json, serve } from '../support/proxmox-server.ts'

/** The code that a look at a VM ends with, at a server that has none. */
async function codeWith(environment: (ca: string) => Readonly<Record<string, string>>) {
  const { port, asked } = await serve((_, response) => json(response, []))
  using folder = temporaryFolder()
  const ca = join(folder.path, 'ca.pem')
  writeFileSync(ca, certificate().cert)
  const env = {
    ...{ PROXMOX_HOST: `127.0.0.1:${port}`, PROXMOX_TOKEN_ID: 'nci@pve!ci', PROXMOX_TOKEN_SECRET: 'secret' },
    ...environment(ca),
  }
  const { document } = await runNci(['vm', 'info', '--vmid', '100'], { env })
  return { code: document.error.code, asked: asked.length }
}

test.each([
  ['the system’s, which OpenSSL keeps in a file', (ca: string) => ({ SSL_CERT_FILE: ca })],
  ['one that Node.js is told to trust as well', (ca: string) => ({ NODE_EXTRA_CA_CERTS: ca })],
])('a certificate of an authority is trusted that is %s', async (_, environment) => {
  const { code, asked } = await codeWith(environment)
  expect(code).toBe('PVE_VM_NOT_FOUND')
  expect(asked).toBeGreaterThan(0)
})

test('one of any other authority is not', async () => {
  expect(await codeWith(() => ({}))).toEqual({ code: 'PVE_TLS_UNTRUSTED', asked: 0 })
})
