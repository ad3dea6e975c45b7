import { expect, test } from 'vitest'
import type { NciError } from '../../src/core/errors.ts'
import { closest, type Mistake, validate } from '../../src/core/validate.ts'
import type { DocumentId } from '../../src/generated/types.ts'

async function mistakesOf(
  id: DocumentId | 'host',
  document: Record<string, unknown>,
): Promise<{ error: NciError; mistakes: Mistake[] }> {
  const error = await validate(id, document).then(
    () => undefined,
    (thrown: NciError) => thrown,
  )
  if (error === undefined) throw new Error('the document was accepted')
  return { error, mistakes: error.details.mistakes as Mistake[] }
}

const pointers = (mistakes: Mistake[]): string[] => mistakes.map(({ pointer }) => pointer).sort()

test('a valid document gets its defaults, nested ones too, and keeps its values', async () => {
  const document: Record<string, unknown> = { name: 'web1', cores: 8, networks: [{ ip: 'dhcp' }] }
  await validate('vm.create', document)
  expect(document).toMatchObject({
    cores: 8,
    memory: 2048,
    agent: true,
    cloud_init: true,
    validate_certs: true,
    disks: [{ size: '32G', bus: 'scsi', discard: true }],
    networks: [{ bridge: 'vmbr0', model: 'virtio', ip: 'dhcp' }],
  })
})

test('defaults are not shared between documents', async () => {
  const [first, second]: Record<string, unknown>[] = [{ name: 'a' }, { name: 'b' }]
  await validate('vm.create', first as Record<string, unknown>)
  ;(first as { disks: unknown[] }).disks.push('changed')
  await validate('vm.create', second as Record<string, unknown>)
  expect((second as { disks: unknown[] }).disks).toHaveLength(1)
})

test('all mistakes are reported at once, each with its place', async () => {
  const { error, mistakes } = await mistakesOf('vm.create', {
    cores: 'two',
    memory: 1,
    bios: 'uefi',
    disks: [{ size: '32G' }, { size: 'big', bus: 'ide' }, {}],
    networks: [{ vlan: 9999 }],
  })
  expect(pointers(mistakes)).toEqual(
    [
      '/name',
      '/cores',
      '/memory',
      '/bios',
      '/disks/1/size',
      '/disks/1/bus',
      '/disks/2',
      '/networks/0/vlan',
    ].sort(),
  )
  expect(error).toMatchObject({ code: 'INPUT_INVALID', exitCode: 3 })
  for (const { pointer } of mistakes) expect(error.message).toContain(`\`${pointer}\``)
  expect(error.hint).toContain('nci schema vm.create')
})

test.each([
  ['type', { cores: 'x' }, 'must be of type integer'],
  ['enum', { bios: 'x' }, 'must be one of `seabios`, `ovmf`'],
  ['pattern', { iso: 'x' }, 'must look like `local:iso/nixos.iso`'],
  ['limit', { vmid: 1 }, 'must be >= 100'],
  ['several types', { options: { a: [] } }, 'must be of type string or number or boolean'],
])('a wrong %s says what was expected', async (_, part, expected) => {
  const { mistakes } = await mistakesOf('vm.create', { name: 'web1', ...part })
  expect(mistakes.map((mistake) => mistake.expected)).toEqual([expected])
})

test('a misspelt name at the top level and in a list gets the name that was meant', async () => {
  const { error, mistakes } = await mistakesOf('vm.create', {
    name: 'web1',
    memmory: 1024,
    'api-host': 'x',
    disks: [{ size: '1G', sized: 1 }],
    networks: [{ bridg: 'vmbr0' }],
    zzzzzzzz: 1,
  })
  expect(Object.fromEntries(mistakes.map(({ pointer, suggestion }) => [pointer, suggestion]))).toEqual({
    '/memmory': 'memory',
    '/api-host': 'api_host',
    '/disks/0/sized': 'size',
    '/networks/0/bridg': 'bridge',
    '/zzzzzzzz': undefined,
  })
  expect(error.message).toContain('(did you mean `memory`?)')
})

test('a name that JSON pointers would take for two is escaped', async () => {
  const { mistakes } = await mistakesOf('vm.create', { name: 'web1', 'a/b~c': 1 })
  expect(pointers(mistakes)).toEqual(['/a~1b~0c'])
})

test('alternatives of which none is given are one mistake that names them all', async () => {
  const { error, mistakes } = await mistakesOf('ssh.wait', {})
  expect(mistakes).toEqual([{ pointer: '', expected: 'needs `vmid` or `name` or `ssh_host`' }])
  expect(error.message).toBe('The input is not valid: the document needs `vmid` or `name` or `ssh_host`.')
})

test('alternatives of several places are told apart', async () => {
  const { mistakes } = await mistakesOf('provision', { name: 'web1', disks: [{}, { size: '1G' }, {}] })
  const needs = mistakes.filter(({ expected }) => expected.startsWith('needs'))
  expect(needs.filter(({ pointer }) => pointer !== '')).toEqual([
    { pointer: '/disks/0', expected: 'needs `size` or `import_from`' },
    { pointer: '/disks/2', expected: 'needs `size` or `import_from`' },
  ])
  expect(needs.find(({ pointer }) => pointer === '')?.expected).not.toContain('size')
})

test('of very many mistakes the first hundred are told, and of a very long name its beginning', async () => {
  const names = Array.from({ length: 300 }, (_, index) => [`unknown${index}`, 1])
  const many = await mistakesOf('vm.create', { name: 'web1', ...Object.fromEntries(names) })
  expect(many.mistakes).toHaveLength(100)
  expect(many.error.message).toMatch(/; and 200 more\.$/)
  const long = await mistakesOf('vm.create', { name: 'web1', ['a'.repeat(5_000_000)]: 1 })
  expect(long.error.message.length).toBeLessThan(300)
})

test('the wrong value is never in the text: it may be a secret', async () => {
  const secret = 'hunter2hunter2'
  const documents: [DocumentId, Record<string, unknown>][] = [
    ['vm.create', { name: `${secret}!`, cores: secret, bios: secret, iso: secret, disks: secret }],
    ['vm.create', { name: 'a', api_user: secret, api_fingerprint: secret, networks: [{ ip: secret }] }],
    ['vm.start', { vmid: secret, api_password: [secret], api_timeout: { [secret]: secret } }],
  ]
  for (const [id, document] of documents) {
    const { error } = await mistakesOf(id, document)
    expect(JSON.stringify([error.message, error.hint, error.details])).not.toContain(secret)
  }
})

test('a host document is checked like the others', async () => {
  const { mistakes } = await mistakesOf('host', { name: 'web1', flak: '.#web1' })
  expect(mistakes).toContainEqual({
    pointer: '/flak',
    expected: 'is not known here',
    suggestion: 'flake',
  })
})

test('the closest name is the one with the fewest changes, and none where too much differs', () => {
  expect(closest('Vm Create', ['vm create', 'vm destroy'])).toBe('vm create')
  expect(closest('isso', ['iso', 'vm'])).toBe('iso')
  expect(closest('frobnicate', ['iso', 'vm'])).toBeUndefined()
  expect(closest('x', [])).toBeUndefined()
})
