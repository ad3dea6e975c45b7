import { describe, expect, test } from 'vitest'
import type { Parameters } from '../../src/proxmox/client.ts'
import { isVmidTaken, responseError } from '../../src/proxmox/responses.ts'
import { differences } from '../../src/proxmox/vm-differences.ts'
import type { VmConfig } from '../../src/proxmox/vms.ts'
import { hasReference, referenceJson } from '../support/reference.ts'

interface Recorded {
  readonly request?: { readonly method?: string; readonly path?: string; readonly params?: Parameters | null }
  readonly response?: {
    readonly status?: number
    readonly 'status-line'?: string
    readonly 'config-afterwards'?: VmConfig
    readonly body?: { readonly errors?: Record<string, string> } | string
  }
}

interface Flow {
  readonly exchanges: readonly {
    readonly method: string
    readonly path: string
    readonly params: Parameters
    readonly response: { readonly data: VmConfig }
  }[]
}

const of = (key: string): [string, Recorded][] =>
  hasReference
    ? Object.entries(
        (referenceJson('pve', 'recorded-more.json') as Record<string, Record<string, Recorded>>)[key] ?? {},
      )
    : []
const recorded = [...of('recorded-pve9'), ...of('recorded-pve8-differences')]

/** Parameters that are no settings: what is to be done, and to which VM. */
const isSetting = ([key]: [string, unknown]): boolean =>
  !/^(archive|cdrom|delete|digest|force|live-restore|pool|revert|storage|unique|vmid)$/.test(key)

const settingsOf = (parameters: Parameters | null | undefined): Parameters =>
  Object.fromEntries(Object.entries(parameters ?? {}).filter(isSetting))

describe.skipIf(!hasReference)('what Proxmox gave back for what it was sent', () => {
  const taken = recorded.filter(
    ([name, { request, response }]) =>
      // The engine sends numbers as numbers, volumes by their id, and identifiers that are not for Proxmox to make up.
      !['config/cores-01', 'disks/absolute-path', 'create/vmgenid-1'].includes(name) &&
      // The names of volumes that are not there: the task failed.
      !/missing/.test(name) &&
      ['PUT', 'POST'].includes(request?.method ?? '') &&
      response?.status === 200 &&
      response['config-afterwards'] !== undefined &&
      Object.keys(settingsOf(request?.params)).length > 0,
  )

  test('there is something to compare, of every kind', () => {
    const keys = new Set(taken.flatMap(([, { request }]) => Object.keys(request?.params ?? {})))
    const kinds = [
      ...['agent', 'boot', 'cpu', 'efidisk0', 'ide0', 'ide2', 'ipconfig0', 'machine', 'memory', 'net0'],
      ...['sata0', 'scsi0', 'startup', 'tags', 'tpmstate0', 'vga', 'virtio0'],
    ]
    expect(kinds.filter((key) => !keys.has(key))).toEqual([])
    expect(taken.length).toBeGreaterThan(80)
  })

  test.each(taken)('%s shows no difference', (_, { request, response }) => {
    const afterwards = Object.entries(response?.['config-afterwards'] ?? {})
    const now = Object.fromEntries(afterwards.filter(([, value]) => value !== '(absent)'))
    expect(differences(now, settingsOf(request?.params))).toEqual({})
  })

  test.each([
    ['efi', 'efi-cfg'],
    ['more/arch-create', 'more/arch-cfg'],
  ])('%s shows no difference in %s', (create, read) => {
    const { 'recorded-pve9': exchanges } = referenceJson('pve', 'recorded-exchanges.json') as {
      'recorded-pve9': Record<string, Recorded & { response: { body: { data: VmConfig } } }>
    }
    const sent = settingsOf(exchanges[create]?.request?.params)
    expect(Object.keys(sent)).toContain('efidisk0')
    expect(differences(exchanges[read]?.response.body.data ?? {}, sent)).toEqual({})
  })

  test('a VM that was just created shows no difference to what was asked for', () => {
    const { exchanges } = referenceJson('pve', 'golden-provision-flow.json') as Flow
    const create = exchanges.find(({ method, path }) => method === 'POST' && path.endsWith('/qemu'))
    const read = exchanges.find(({ path }) => path.endsWith('/qemu/101/config'))
    const sent = settingsOf(create?.params)
    expect(Object.keys(sent).length).toBeGreaterThan(10)
    expect(differences(read?.response.data ?? {}, sent)).toEqual({})
    expect(differences(read?.response.data ?? {}, { ...sent, memory: '257' })).toEqual({ memory: '257' })
  })
})

/** What the engine makes of a recorded answer. */
function errorOf(line: string, parameters: Record<string, string> = {}, request = 'start the VM 101') {
  const [, status = '', reason = ''] = /^HTTP\/1\.1 (\d+) (.*)$/.exec(line) ?? []
  const about = { request, endpoint: 'https://pve:8006', user: 'nci@pve!ci' }
  return responseError({ ...about, status: Number(status), reason, parameters })
}

test.each([
  ['HTTP/1.1 401 Authentication failed!', 'PVE_AUTH_FAILED', { reason: 'Authentication failed' }],
  ['HTTP/1.1 401 No ticket', 'PVE_AUTH_FAILED', {}],
  [
    'HTTP/1.1 403 Permission check failed (/vms/200, VM.Audit)',
    'PVE_FORBIDDEN',
    { path: '/vms/200', privilege: 'VM.Audit' },
  ],
  [
    'HTTP/1.1 403 Permission check failed (/vms/210, VM.GuestAgent.Audit|VM.GuestAgent.Unrestricted)',
    'PVE_FORBIDDEN',
    { privilege: 'VM.GuestAgent.Audit|VM.GuestAgent.Unrestricted' },
  ],
  ['HTTP/1.1 403 Permission check failed', 'PVE_FORBIDDEN', {}],
  ['HTTP/1.1 500 VM is locked (backup)', 'PVE_VM_LOCKED', { lock: 'backup', vmid: '101' }],
  ['HTTP/1.1 500 VM 230 is locked (suspending)', 'PVE_VM_LOCKED', { lock: 'suspending', vmid: '230' }],
  [
    "HTTP/1.1 500 Configuration file 'nodes/pve/qemu-server/9999.conf' does not exist",
    'PVE_VM_NOT_FOUND',
    { vm: '9999' },
  ],
  ["HTTP/1.1 500 can't remove VM 100 - protection mode enabled", 'PVE_VM_PROTECTED', { vmid: '100' }],
  [
    "HTTP/1.1 500 only root can set 'arch' config",
    'PVE_ROOT_REQUIRED',
    { options: '`arch`', user: 'nci@pve!ci' },
  ],
  ["HTTP/1.1 500 storage 'ghost' does not exist", 'PVE_REQUEST_FAILED', {}],
  ["HTTP/1.1 501 Method 'GET /nope' not implemented", 'PVE_REQUEST_FAILED', {}],
  ['HTTP/1.1 595 No route to host', 'PVE_NODE_OFFLINE', {}],
  [
    'HTTP/1.1 500 mkdir /mnt/tiny: File exists at /usr/share/perl5/PVE/Storage/Plugin.pm line 2663.',
    'PVE_REQUEST_FAILED',
    { reason: 'mkdir /mnt/tiny: File exists' },
  ],
])('%s is %s', (line, code, details) => {
  expect(errorOf(line)).toMatchObject({ code, details })
})

test('what is wrong with each parameter is in the message and the hint', () => {
  const error = errorOf('HTTP/1.1 400 Parameter verification failed.', {
    cores: 'type check failed.\n',
    vga: 'bad',
  })
  expect(error.message).toBe(
    'Proxmox does not accept the values to start the VM 101: cores (type check failed), vga (bad).',
  )
  expect(error.details.errors).toEqual({ cores: 'type check failed.\n', vga: 'bad' })
})

test('a taken id is told from other failures', () => {
  expect(
    isVmidTaken(errorOf("HTTP/1.1 500 unable to create VM 112 - VM 112 already exists on node 'pve'")),
  ).toBe(true)
  expect(isVmidTaken(errorOf('HTTP/1.1 500 unable to create VM 225: config file already exists'))).toBe(true)
  expect(isVmidTaken(errorOf("HTTP/1.1 500 storage 'ghost' does not exist"))).toBe(false)
  expect(isVmidTaken(new Error('VM 112 already exists'))).toBe(false)
})

describe.skipIf(!hasReference)('every recorded failure', () => {
  const failures = recorded.filter(([, { response }]) => (response?.status ?? 200) >= 400)

  test.each(failures)('%s becomes an error with sentences', (_, { response, request }) => {
    const body = response?.body
    const errors = typeof body === 'object' && body !== null ? (body.errors ?? {}) : {}
    const error = errorOf(response?.['status-line'] ?? '', errors, `ask for ${request?.path}`)
    expect(error.exitCode).toBe(4)
    expect(error.message).not.toMatch(/\.\.$|[!?]\.$|\n|\/perl5\/\S+ line \d/)
    expect(error.message).toMatch(/[.!?]$/)
  })
})
