import { expect, describe as group, it } from 'vitest'
import type { Lab } from '../../src/lab/lab.ts'
import { hasReference, referenceJson } from '../support/reference.ts'
import { type Answer, finished, multipart, type RequestOptions, send } from './api-client.ts'
import { newLab } from './new-lab.ts'

/** What the genuine server asked of a user without privileges, one after the other, until it did what he wanted. */
interface Recorded {
  readonly 'checks-in-order': readonly Check[]
  /** A status line, or how the task ended. */
  readonly 'final-answer': string
  readonly rows: number | null
}

/** The text of a denial; or a denial that names nothing, which no privilege was found for. */
type Check = { readonly path: string; readonly privilege: string } | { readonly message: string }

interface Recordings {
  readonly pve9: Readonly<Record<string, Recorded>>
  readonly 'pve8-differences': Readonly<Record<string, { readonly 8: readonly Check[] }>>
}

type Send = (lab: Lab, headers: Record<string, string>) => Promise<Answer>

const user = { id: 'noperm@pve' }
const token = { id: 'noperm@pve!tk', secret: 'secret' }
const headers = { authorization: `PVEAPIToken=${token.id}=${token.secret}` }
/** This denial alone does not say what is missing. */
const mayAllocate = '/vms/{vmid} (or /pool/{pool})'
const key = encodeURIComponent(`ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${'a'.repeat(43)} a@b`)

const vm = '/nodes/pve/qemu/150'
const storage = '/nodes/pve/storage/local'

function ask(method: string, path: string, form?: RequestOptions['form']): Send {
  return (lab, as) => send(lab, method, path, { headers: as, ...(form === undefined ? {} : { form }) })
}

const change = (form: Record<string, string>) => ask('PUT', `${vm}/config`, form)
const create = (options: Record<string, string | number> = {}) =>
  ask('POST', '/nodes/pve/qemu', { vmid: 150, ...options })

const network = { net0: 'virtio,bridge=vmbr0' }
const hardware = { machine: 'q35', scsihw: 'virtio-scsi-single', vga: 'std' }
const options = { agent: '1', ostype: 'l26', onboot: 1, bios: 'seabios', name: 'web1' }
const cloudInit = { sshkeys: key, ipconfig0: 'ip=dhcp', ciuser: 'root' }

/** The requests by what the recording calls them. */
const requests: Readonly<Record<string, Send>> = {
  'DELETE content iso': ask('DELETE', `${storage}/content/local%3Aiso%2Fa.iso`),
  'DELETE vm': ask('DELETE', vm),
  'GET /cluster/resources': ask('GET', '/cluster/resources'),
  'GET /nodes': ask('GET', '/nodes'),
  'GET /nodes/{n}/network': ask('GET', '/nodes/pve/network'),
  'GET /nodes/{n}/status': ask('GET', '/nodes/pve/status'),
  'GET /nodes/{n}/storage': ask('GET', '/nodes/pve/storage'),
  'GET /nodes/{n}/version': ask('GET', '/nodes/pve/version'),
  'GET /qemu list': ask('GET', '/nodes/pve/qemu'),
  'GET agent/network-get-interfaces': ask('GET', `${vm}/agent/network-get-interfaces`),
  'GET cloudinit': ask('GET', `${vm}/cloudinit`),
  'GET cloudinit/dump': ask('GET', `${vm}/cloudinit/dump?type=user`),
  'GET config': ask('GET', `${vm}/config`),
  'GET content iso': ask('GET', `${storage}/content?content=iso`),
  'GET pending': ask('GET', `${vm}/pending`),
  'GET query-url-metadata': ask('GET', '/nodes/pve/query-url-metadata?url=http%3A%2F%2F127.0.0.1%3A9%2Fx'),
  'GET status/current': ask('GET', `${vm}/status/current`),
  'GET storage status': ask('GET', `${storage}/status`),
  'POST /nodes/{n}/storage/{s}/upload': upload,
  'POST download-url': ask('POST', `${storage}/download-url`, {
    content: 'iso',
    filename: 'x.iso',
    url: 'http://127.0.0.1:9/x.iso',
  }),
  'POST status/start': ask('POST', `${vm}/status/start`),
  'POST status/stop': ask('POST', `${vm}/status/stop`),
  'PUT cloudinit': ask('PUT', `${vm}/cloudinit`),
  'PUT config boot': change({ boot: 'order=scsi0' }),
  'PUT config delete sshkeys': change({ delete: 'sshkeys' }),
  'PUT config delete=ide0 (cloudinit)': change({ delete: 'ide0' }),
  'PUT config delete=ide2': change({ delete: 'ide2' }),
  'PUT config delete=scsi0': change({ delete: 'scsi0' }),
  'PUT config ide0=cloudinit': change({ ide0: 'local:cloudinit' }),
  'PUT config ide2=none': change({ ide2: 'none,media=cdrom' }),
  'PUT resize': ask('PUT', `${vm}/resize`, { disk: 'scsi0', size: '+1G' }),
  'create affinity': create({ affinity: '0' }),
  'create arch=aarch64': create({ arch: 'aarch64' }),
  'create args': create({ args: '-no-reboot' }),
  'create cicustom': create({ cicustom: 'user=local:snippets/u.yaml' }),
  'create hookscript': create({ hookscript: 'local:snippets/h.pl' }),
  'create hugepages': create({ hugepages: '2' }),
  'create kvm=0': create({ kvm: 0 }),
  'create lock': create({ lock: 'backup' }),
  'create vmgenid': create({ vmgenid: '1' }),
  'create with start=1': create({ start: 1, memory: 128, kvm: 0 }),
  'create: +agent/ostype/onboot/bios/name': create(options),
  'create: +bios/efidisk0': create({ bios: 'ovmf', efidisk0: 'local:1' }),
  'create: +boot': create({ ...network, boot: 'order=net0' }),
  'create: +cores/cpu': create({ cores: 2, cpu: 'host' }),
  'create: +ide0 cloudinit': create({ ide0: 'local:cloudinit' }),
  'create: +ide2 iso': create({ ide2: 'local:iso/a.iso,media=cdrom' }),
  'create: +ide2 none': create({ ide2: 'none,media=cdrom' }),
  'create: +import-from': create({ scsi0: 'local:0,import-from=local:import/e.raw' }),
  'create: +machine/scsihw/vga': create(hardware),
  'create: +memory': create({ memory: 128 }),
  'create: +net0': create(network),
  'create: +rng0': create({ rng0: 'source=/dev/urandom' }),
  'create: +scsi0': create({ scsi0: 'local:1' }),
  'create: +serial0 socket': create({ serial0: 'socket' }),
  'create: +sshkeys/ipconfig0/ciuser': create(cloudInit),
  'create: +startup': create({ startup: 'order=1' }),
  'create: +tags': create({ tags: 'a' }),
  'create: +tpmstate0': create({ tpmstate0: 'local:1,version=v2.0' }),
  'create: full': create({
    ...network,
    ...hardware,
    ...options,
    ...cloudInit,
    cores: 2,
    memory: 128,
    scsi0: 'local:1',
    ide0: 'local:cloudinit',
    ide2: 'local:iso/a.iso,media=cdrom',
    boot: 'order=scsi0',
    serial0: 'socket',
  }),
  'create: vmid only': create(),
}

const recordings = hasReference ? (referenceJson('pve', 'privileges.json') as Recordings) : undefined
const recorded9 = Object.entries(recordings?.pve9 ?? { 'GET /nodes': { rows: 1 } as Recorded })
const recorded8 = Object.entries(recordings?.['pve8-differences'] ?? { 'GET /nodes': { 8: [] } })

group.skipIf(!hasReference)('somebody without privileges is told one by one what he lacks for', () => {
  it.each(recorded9)('%s', async (name, recorded) => {
    await check('9.2', name, recorded['checks-in-order'], recorded)
  })

  it.each(recorded8)('%s, in version 8', async (name, { 8: checks }) => {
    await check('8.4', name, checks, recordings?.pve9[name])
  })
})

async function check(
  version: '9.2' | '8.4',
  name: string,
  checks: readonly Check[],
  recorded: Recorded | undefined,
): Promise<void> {
  const { lab } = await newLab({
    version,
    users: [user],
    tokens: [token],
    storages: [{ id: 'local', content: ['iso', 'images', 'import', 'snippets'] }],
  })
  await prepare(lab, name.startsWith('create'))
  const request = requests[name]
  if (request === undefined) throw new Error(`nobody has said how to ask for '${name}'`)
  const told: Check[] = []
  for (;;) {
    const answer = await request(lab, headers)
    const denied = /^Permission check failed(?: \((.*), (.*)\))?$/.exec(
      answer.status === 403 ? answer.reason : '',
    )
    if (denied === null) {
      await expectAnswer(lab, answer, recorded)
      break
    }
    const missing = whatIsMissing(name, answer, denied[1], denied[2])
    told.push(missing)
    if ('message' in missing) break
    await grant(lab, missing, told.length)
  }
  // Which option of a new VM is looked at first is up to the order of a Perl hash.
  expect(inAnyOrder(name, told)).toEqual(inAnyOrder(name, checks))
}

function whatIsMissing(name: string, answer: Answer, path?: string, privilege?: string): Check {
  if (path !== undefined && privilege !== undefined) return { path, privilege }
  if (name.startsWith('create')) return { path: mayAllocate, privilege: 'VM.Allocate' }
  return { message: `HTTP/1.1 403 ${answer.reason}` }
}

/** Where several privileges would do, one that is needed anyway counts for them. */
function inAnyOrder(name: string, checks: readonly Check[]): Check[] {
  if (!name.startsWith('create')) return [...checks]
  const [first, ...rest] = checks
  const single = new Set(rest.map((one) => ('privilege' in one ? one.privilege : '')))
  const needed = rest.flatMap((one): Check[] => {
    if (!('privilege' in one)) return [one]
    const [privilege = '', ...others] = one.privilege.split('|')
    if (others.length > 0 && [privilege, ...others].some((other) => single.has(other))) return []
    return [{ ...one, privilege }]
  })
  const sorted = needed.map((one) => JSON.stringify(one)).sort()
  return [...(first === undefined ? [] : [first]), ...sorted.map((text) => JSON.parse(text) as Check)]
}

async function expectAnswer(lab: Lab, answer: Answer, recorded: Recorded | undefined): Promise<void> {
  if (recorded === undefined) return
  const { 'final-answer': expected, rows } = recorded
  if (expected === 'OK') expect((await finished(lab, answer.body?.data)).exitstatus).toBe('OK')
  else expect(`HTTP/1.1 ${answer.status} ${answer.reason}`).toBe(expected)
  // Who may see nothing sees an empty list.
  if (rows !== null && recorded['checks-in-order'].length === 0) expect(answer.body.data).toHaveLength(rows)
}

/** A new VM 150 with everything that the requests are about, or none if it is to be created. */
async function prepare(lab: Lab, isCreate: boolean): Promise<void> {
  for (const [content, filename] of [
    ['iso', 'a.iso'],
    ['import', 'e.raw'],
  ] as const) {
    const answer = await uploadFile(lab, {}, content, filename)
    await finished(lab, answer.body.data)
  }
  if (isCreate) return
  const form = {
    vmid: 150,
    scsi0: 'local:1',
    ide0: 'local:cloudinit',
    ide2: 'local:iso/a.iso,media=cdrom',
    agent: '1',
    ...cloudInit,
  }
  const { body } = await send(lab, 'POST', '/nodes/pve/qemu', { form })
  expect((await finished(lab, body.data)).exitstatus).toBe('OK')
}

/** Gives the user the first of the privileges that would do. */
async function grant(lab: Lab, { path, privilege }: Exclude<Check, { message: string }>, n: number) {
  const roleid = `Role${n}`
  const form = { roleid, privs: privilege.split('|')[0] ?? '' }
  expect((await send(lab, 'POST', '/access/roles', { form })).status).toBe(200)
  const entry = { path: path === mayAllocate ? '/vms/150' : path, roles: roleid, users: user.id }
  expect((await send(lab, 'PUT', '/access/acl', { form: entry })).status).toBe(200)
}

async function upload(lab: Lab, as: Record<string, string>): Promise<Answer> {
  return await uploadFile(lab, as, 'iso', 'up.iso')
}

async function uploadFile(
  lab: Lab,
  as: Record<string, string>,
  content: string,
  filename: string,
): Promise<Answer> {
  const disposition = 'Content-Disposition: form-data'
  const { raw, contentType } = multipart([
    { headers: `${disposition}; name="content"`, content },
    { headers: `${disposition}; name="filename"; filename="${filename}"`, content: 'x' },
  ])
  const authorization = `PVEAPIToken=${lab.tokenId}=${lab.tokenSecret}`
  return await send(lab, 'POST', `${storage}/upload`, {
    headers: { authorization, ...as, 'content-type': contentType },
    raw,
  })
}
