/** Debian's own cloud-init reads what the lab writes; skipped where the package is not installed. */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cloudInitDrive } from '../../../src/lab/cloud-init/drive.ts'
import { temporaryFolder } from '../../support/folder.ts'

const hasCloudInit = spawnSync('cloud-init', ['--version']).status === 0

const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMb4G2N3rVYxkPqGl6a1cJf9uP5Z4wq0m2bQ2s7n9T0h me@home'
const common = {
  name: 'web1',
  net0: 'virtio=BC:24:11:00:00:01,bridge=vmbr0',
  ciuser: 'root',
  sshkeys: encodeURIComponent(key),
}
const second = { net1: 'virtio=BC:24:11:00:00:02,bridge=vmbr1' }
const dns = { nameservers: ['10.11.12.1'], search: 'test.lan' }

const variants: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'a static IPv4 address': { ipconfig0: 'ip=192.0.2.7/24,gw=192.0.2.1', nameserver: '192.0.2.1' },
  'static addresses of both families': {
    ipconfig0: 'ip=192.0.2.7/24,gw=192.0.2.1,ip6=2001:db8::7/64,gw6=2001:db8::1',
  },
  'an IPv6 address alone': { ipconfig0: 'ip6=2001:db8::7/64,gw6=2001:db8::1', nameserver: '2001:db8::1' },
  DHCP: { ipconfig0: 'ip=dhcp' },
  'DHCP of both families': { ipconfig0: 'ip=dhcp,ip6=dhcp' },
  SLAAC: { ipconfig0: 'ip6=auto' },
  'two network cards': {
    ...second,
    ipconfig0: 'ip=192.0.2.7/24,gw=192.0.2.1',
    ipconfig1: 'ip=198.51.100.7/28',
  },
  'search domains and several nameservers': {
    ipconfig0: 'ip=192.0.2.7/24',
    nameserver: '192.0.2.1 192.0.2.2',
    searchdomain: 'example.test other.test',
  },
  'another user, with a password and no upgrade': {
    ipconfig0: 'ip=dhcp',
    ciuser: 'nixos',
    cipassword: '$5$rounds=5000$abc$0123456789012345678901234567890123456789012',
    ciupgrade: '0',
  },
  'several keys': { ipconfig0: 'ip=dhcp', sshkeys: encodeURIComponent(`${key}\n${key} two`) },
  'no address': {},
  'an interfaces file': { citype: 'configdrive2', ipconfig0: 'ip=192.0.2.7/24,gw=192.0.2.1' },
}

describe.skipIf(!hasCloudInit).each(Object.entries(variants))('a drive with %s', (_, options) => {
  const { files } = cloudInitDrive({ ...common, ...options }, 100, dns, () => '')
  const part = (...names: string[]): string => names.map((name) => files[name] ?? '').join('')

  test('is a cloud-config that fits cloud-init’s schema', () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'user-data')
    writeFileSync(file, part('user-data', 'openstack/latest/user_data'))
    const { status, stdout, stderr } = spawnSync('cloud-init', ['schema', '-c', file], { encoding: 'utf8' })
    expect([status, stdout + stderr]).toEqual([0, expect.stringContaining('Valid')])
  })

  test('has a network that cloud-init makes into one of systemd’s, as the installer has it', () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'network-config')
    writeFileSync(file, part('network-config', 'openstack/content/0000'))
    const { status, stderr } = convert(file, files['network-config'] === undefined ? 'eni' : 'yaml')
    expect(status, stderr).toBe(0)
    const written = everything(folder.path)
    const { ipconfig0 = '' } = options as { ipconfig0?: string }
    const addresses = [...ipconfig0.matchAll(/(?:ip6?|gw6?)=([0-9a-f.:]+)/g)].map(([, address]) => address)
    for (const address of addresses.filter((one) => /\d[.:]/.test(one ?? '')))
      expect(written).toContain(address)
  })
})

test.skipIf(!hasCloudInit)(
  'an interfaces file with addresses of both families is read by no cloud-init',
  () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'interfaces')
    const options = { ...common, citype: 'configdrive2', ipconfig0: 'ip=192.0.2.7/24,ip6=auto' }
    const { files } = cloudInitDrive(options, 100, dns, () => '')
    writeFileSync(file, files['openstack/content/0000'] ?? '')
    const { status, stderr } = convert(file, 'eni')
    expect(status).not.toBe(0)
    expect(stderr).toContain('can only be defined once')
  },
)

/** Has cloud-init make systemd's files of it, beside it. */
function convert(file: string, kind: 'eni' | 'yaml') {
  const given = ['--network-data', file, '--kind', kind, '--directory', dirname(file)]
  const words = [...given, '--output-kind', 'networkd', '-D', 'debian']
  return spawnSync('cloud-init', ['devel', 'net-convert', ...words], { encoding: 'utf8' })
}

/** All that was written below a folder. */
function everything(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'network-config')
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n')
}
