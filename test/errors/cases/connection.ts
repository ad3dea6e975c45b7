import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { TOTP } from 'otpauth'
import { send } from '../../lab/api-client.ts'
import type { Box, NciOptions } from '../../support/lab.ts'
import { json, makeCertificate, serve } from '../../support/proxmox-server.ts'
import type { ErrorCase } from '../error-cases.ts'

const info = (box: Box, environment: NonNullable<NciOptions['environment']>, input = {}) =>
  box.run(['vm', 'info'], { input: { vmid: 100, ...input }, environment })

/** A server that speaks HTTP and no TLS, and a port where nobody listens any more. */
async function plainServer(): Promise<{ host: string } & AsyncDisposable> {
  const server = createServer((_, response) => response.end('<h1>It works!</h1>'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    host: `127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A token with these roles alone. */
async function limitedToken(box: Box, name: string, roles: Readonly<Record<string, string>>) {
  const path = `/access/users/${encodeURIComponent(box.lab.user)}/token/${name}`
  const { body } = await send(box.lab, 'POST', path, { form: { privsep: 1 } })
  for (const [where, role] of Object.entries(roles)) {
    const form = { path: where, roles: role, tokens: `${box.lab.user}!${name}` }
    await send(box.lab, 'PUT', '/access/acl', { form })
  }
  return { PROXMOX_TOKEN_ID: `${box.lab.user}!${name}`, PROXMOX_TOKEN_SECRET: String(body.data.value) }
}

let auditor: Record<string, string>

const secret = 'JBSWY3DPEHPK3PXP'
/** A lab where one user needs a second factor, and what she logs in with. */
const twoFactors = { users: [{ id: 'alice@pve', password: 'first factor', totp: secret }] }
const alice = {
  PROXMOX_TOKEN_ID: undefined,
  PROXMOX_TOKEN_SECRET: undefined,
  PROXMOX_USER: 'alice@pve',
  PROXMOX_PASSWORD: 'first factor',
}

/** Asks a server whose certificate is an authority that is trusted, and has something else wrong with it. */
async function withCertificate(box: Box, options: Parameters<typeof makeCertificate>[0]) {
  const certificate = await makeCertificate(options)
  await using server = await serve((_, response) => json(response, []), certificate)
  const ca_path = join(box.folder, 'odd-ca.pem')
  writeFileSync(ca_path, certificate.cert)
  const environment = { PROXMOX_HOST: `127.0.0.1:${server.port}`, PROXMOX_FINGERPRINT: undefined }
  return await info(box, environment, { ca_path })
}

export const connectionCases: ErrorCase[] = [
  {
    code: 'DOCTOR_FOUND_PROBLEMS',
    when: 'the certificate is not the expected one',
    run: (box) =>
      box.run(['doctor'], {
        input: {},
        environment: { PROXMOX_FINGERPRINT: Array.from({ length: 32 }, () => 'AB').join(':') },
      }),
    says: [/^1 of \d+ checks failed/, 'Proxmox: Certificate'],
  },
  {
    code: 'PVE_HOST_MISSING',
    when: 'no host is given',
    run: (box) => info(box, { PROXMOX_HOST: undefined }),
    says: ['PROXMOX_HOST'],
  },
  {
    code: 'PVE_ENDPOINT_INVALID',
    when: 'the host is a URL of something else',
    run: (box) => info(box, { PROXMOX_HOST: 'http://pve.example.org/index.html' }),
    says: ['pve.example.org/index.html'],
  },
  {
    code: 'PVE_CREDENTIALS_MISSING',
    when: 'a token has no secret',
    run: (box) => info(box, { PROXMOX_TOKEN_SECRET: undefined }),
    says: ['api_token_secret'],
  },
  {
    code: 'PVE_CREDENTIALS_MISSING',
    when: 'a user has neither password nor token',
    run: (box) =>
      info(box, { PROXMOX_TOKEN_ID: undefined, PROXMOX_TOKEN_SECRET: undefined, PROXMOX_USER: 'root@pam' }),
    says: ['api_password'],
  },
  {
    code: 'PVE_CA_UNREADABLE',
    when: 'the CA file is missing',
    run: (box) => info(box, { PROXMOX_FINGERPRINT: undefined }, { ca_path: join(box.folder, 'ca.pem') }),
    says: ['ca.pem'],
  },
  {
    code: 'PVE_CA_UNREADABLE',
    when: 'the CA file is a private key',
    run: (box) => info(box, {}, { ca_path: join(box.folder, 'id_ed25519') }),
    says: ['no certificate'],
  },
  {
    code: 'PVE_UNREACHABLE',
    when: 'nobody listens at the port',
    async run(box) {
      const server = await plainServer()
      await server[Symbol.asyncDispose]()
      return info(box, { PROXMOX_HOST: server.host })
    },
    says: ['127.0.0.1', 'nobody listens'],
  },
  {
    code: 'PVE_NOT_PROXMOX',
    when: 'a web server without TLS answers',
    async run(box) {
      await using server = await plainServer()
      return await info(box, { PROXMOX_HOST: server.host })
    },
    says: ['8006'],
  },
  {
    code: 'PVE_NOT_PROXMOX',
    when: 'what answers knows no such page',
    async before({ lab }) {
      lab.faults.add({
        path: '/**',
        action: { answer: { status: 404, reason: 'Not Found', body: '<html>' } },
      })
    },
    run: (box) => info(box, {}),
    says: ['404 Not Found'],
  },
  {
    code: 'PVE_TLS_UNTRUSTED',
    when: 'the certificate is of no known authority, and shows its fingerprint',
    run: (box) => info(box, { PROXMOX_FINGERPRINT: undefined }),
    says: [/it shows ([0-9A-F]{2}:){31}[0-9A-F]{2}/, 'ca_path'],
  },
  {
    code: 'PVE_TLS_FINGERPRINT',
    when: 'the certificate is not the pinned one',
    run: (box) => info(box, { PROXMOX_FINGERPRINT: 'AB:'.repeat(31).concat('AB') }),
    says: ['pvenode cert info'],
  },
  {
    code: 'PVE_AUTH_FAILED',
    when: 'the token’s secret is wrong',
    run: (box) => info(box, { PROXMOX_TOKEN_SECRET: '00000000-0000-0000-0000-000000000000' }),
    says: ['root@pam'],
  },
  {
    code: 'PVE_AUTH_FAILED',
    when: 'the password is wrong',
    run: (box) =>
      info(box, {
        PROXMOX_TOKEN_ID: undefined,
        PROXMOX_TOKEN_SECRET: undefined,
        PROXMOX_USER: 'root@pam',
        PROXMOX_PASSWORD: 'not this one',
      }),
    says: ['root@pam'],
  },
  {
    code: 'PVE_FORBIDDEN',
    when: 'the token may look but not create',
    changes: true,
    async before(box) {
      auditor = await limitedToken(box, 'auditor', { '/': 'PVEAuditor' })
    },
    run: (box) => box.run(['vm', 'create'], { input: { name: 'forbidden' }, environment: auditor }),
    says: ['nci doctor', 'create the VM'],
  },
  {
    code: 'PVE_PARAMETER',
    when: 'an option has a value that Proxmox refuses',
    changes: true,
    run: (box) => box.run(['vm', 'create'], { input: { name: 'odd', options: { vga: 'nonsense' } } }),
    says: ['vga'],
  },
  {
    code: 'PVE_REQUEST_FAILED',
    when: 'Proxmox fails without telling apart why',
    async before({ lab }) {
      const reason = 'ipcc_send_rec failed: Connection refused at /usr/share/perl5/PVE/Cluster.pm line 7.'
      const answer = { status: 500, reason }
      lab.faults.add({ path: '/cluster/resources', action: { answer } })
    },
    run: (box) => info(box, {}),
    says: [/Connection refused\.\n/],
  },
  {
    code: 'PVE_CONNECTION_LOST',
    when: 'the connection breaks before a create is answered',
    changes: true,
    async before({ lab }) {
      lab.faults.add({ method: 'POST', path: '/nodes/*/qemu', action: { drop: 'before' } })
    },
    run: (box) => box.run(['vm', 'create'], { input: { name: 'lost' } }),
    says: ['create the VM'],
  },
  {
    code: 'PVE_TASK_FAILED',
    when: 'a task ends with an error, whose log is in the details',
    changes: true,
    async before({ lab }) {
      lab.faults.add({ task: 'qmcreate', action: { fail: 'lvcreate failed: thin pool is full' } })
    },
    async run(box) {
      const end = await box.run(['vm', 'create'], { input: { name: 'unlucky' } })
      const { log } = end.document.error.details as { log: string[] }
      if (!log.some((line) => line.includes('thin pool')))
        throw new Error(`the log is missing: ${end.stdout}`)
      return end
    },
    says: ['qmcreate', 'lvcreate failed', 'UPID:pve:'],
  },
  {
    code: 'PVE_NOT_PROXMOX',
    when: 'a proxy’s sign-in page answers with success',
    async before(box) {
      const answer = { status: 200, reason: 'OK', body: '<html>Sign in</html>' }
      box.lab.faults.add({ path: '/**', action: { answer } })
    },
    run: (box) => info(box, {}),
    says: ['without JSON'],
  },
  {
    code: 'PVE_UNREACHABLE',
    when: 'none of several endpoints can be reached',
    async run(box) {
      const servers = [await plainServer(), await plainServer()]
      for (const server of servers) await server[Symbol.asyncDispose]()
      return info(box, { PROXMOX_HOST: servers.map(({ host }) => host).join(',') })
    },
    says: [
      'any of its 2 endpoints',
      /127\.0\.0\.1:\d+: nobody listens.*; https:\/\/127\.0\.0\.1:\d+: nobody listens/,
    ],
  },
  {
    code: 'PVE_TLS_EXPIRED',
    when: 'the certificate is no longer valid',
    run: (box) => withCertificate(box, { from: new Date('2020-01-01'), to: new Date('2021-01-01') }),
    says: ['expired on 2021-01-01', 'pvecm updatecerts', /it shows ([0-9A-F]{2}:){31}[0-9A-F]{2}/],
  },
  {
    code: 'PVE_TLS_HOSTNAME',
    when: 'the certificate is for another name',
    run: (box) => withCertificate(box, { name: 'pve.example.org' }),
    says: ['is not for 127.0.0.1', 'pve.example.org', 'api_fingerprint'],
  },
  {
    code: 'PVE_TOTP_SECRET_INVALID',
    when: 'the secret of the second factor is none',
    sandbox: twoFactors,
    run: (box) => info(box, { ...alice, PROXMOX_TOTP_SECRET: 'neither-this-nor-that-0189' }),
    says: ['base32'],
  },
  {
    code: 'PVE_TFA_REQUIRED',
    when: 'the server wants a second factor and there is none',
    sandbox: twoFactors,
    run: (box) => info(box, alice),
    says: ['alice@pve', '(TOTP)', 'PROXMOX_TOTP_SECRET'],
  },
  {
    code: 'PVE_TFA_FAILED',
    when: 'the one-time code is wrong',
    sandbox: twoFactors,
    run: (box) => info(box, { ...alice, PROXMOX_TOTP: '000000' }),
    says: ['pveum user tfa unlock alice@pve'],
  },
  {
    code: 'PVE_TICKET_EXPIRED',
    when: 'the ticket is refused after the one code was used',
    sandbox: twoFactors,
    async before({ lab }) {
      const answer = { status: 401, reason: 'permission denied - invalid PVE ticket', body: '' }
      lab.faults.add({ path: '/cluster/resources', action: { answer } })
    },
    run: (box) => info(box, { ...alice, PROXMOX_TOTP: new TOTP({ secret }).generate() }),
    says: ['alice@pve', 'api_totp_secret', 'API token'],
  },
  {
    code: 'PVE_BUSY',
    when: 'somebody else holds a lock that a create needs',
    changes: true,
    async before({ lab }) {
      const answer = { status: 500, reason: "cfs-lock 'storage-local' error: got lock request timeout" }
      lab.faults.add({ method: 'POST', path: '/nodes/*/qemu', action: { answer } })
    },
    run: (box) => box.run(['vm', 'create'], { input: { name: 'waiting' } }),
    says: ['got lock request timeout'],
  },
  {
    code: 'PVE_NO_QUORUM',
    when: 'too few nodes see each other for a create',
    changes: true,
    async before({ lab }) {
      const answer = { status: 500, reason: 'cluster not ready - no quorum?' }
      lab.faults.add({ method: 'POST', path: '/nodes/*/qemu', action: { answer } })
    },
    run: (box) => box.run(['vm', 'create'], { input: { name: 'lonely' } }),
    says: ['pvecm status'],
  },
  {
    code: 'PVE_NO_QUORUM',
    when: 'a task finds the cluster’s file system read-only',
    changes: true,
    async before({ lab }) {
      const fail = "unable to open file '/etc/pve/nodes/pve/qemu-server/100.conf.tmp.9' - Permission denied"
      lab.faults.add({ task: 'qmcreate', action: { fail } })
    },
    run: (box) => box.run(['vm', 'create'], { input: { name: 'read-only' } }),
    says: ['qmcreate'],
  },
  {
    code: 'PVE_POOL_UNKNOWN',
    when: 'there is no such pool',
    changes: true,
    run: (box) => box.run(['vm', 'create'], { input: { name: 'pooled', pool: 'ghost' } }),
    says: ['`ghost`', 'pveum pool add ghost'],
  },
  {
    code: 'PVE_TASK_STOPPED',
    when: 'somebody stops the task',
    changes: true,
    async before({ lab }) {
      lab.faults.add({ task: 'qmcreate', action: { fail: 'unexpected status' } })
    },
    run: (box) => box.run(['vm', 'create'], { input: { name: 'stopped' } }),
    says: ['qmcreate', 'UPID:pve:'],
  },
  {
    code: 'TIMEOUT',
    when: 'a task hangs: it is stopped, and named with what it said last',
    changes: true,
    async before({ lab }) {
      lab.faults.add({ task: 'qmcreate', action: { hang: true } })
    },
    run: (box) => box.run(['vm', 'create'], { input: { name: 'hanging', timeout: 3 } }),
    says: [
      /waiting for the Proxmox task `qmcreate \d+` \(UPID:pve:.*\), did not end within 3 seconds/,
      'The task was stopped',
    ],
  },
]
