import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Box } from '../../support/lab.ts'
import type { ErrorCase } from '../error-cases.ts'
import { installerVm } from '../installer-vm.ts'

const wait = (box: Box, input: Readonly<Record<string, unknown>>, environment = {}) =>
  box.run(['ssh', 'wait'], { input, environment })

/** A public key that is nobody's. */
const otherKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMb4G2N3rVYxkPqGl6a1cJf9uP5Z4wq0m2bQ2s7n9T0h'

export const sshCases: ErrorCase[] = [
  {
    code: 'SSH_KEY_MISSING',
    when: 'no key is given and the user has none',
    run: (box) => wait(box, { ssh_host: '127.0.0.1' }, { NCI_SSH_PRIVATE_KEY_FILE: undefined }),
    says: ['id_ed25519', 'ssh-keygen'],
  },
  {
    code: 'SSH_KEY_UNUSABLE',
    when: 'the public key is given in place of the private one',
    run: (box) =>
      wait(box, { ssh_host: '127.0.0.1', ssh_private_key_file: join(box.folder, 'id_ed25519.pub') }),
    says: ['public key'],
  },
  {
    code: 'SSH_KEY_UNUSABLE',
    when: 'the passphrase of the key is missing',
    async run(box) {
      const file = join(box.folder, 'encrypted')
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'open sesame', '-f', file])
      return wait(box, { ssh_host: '127.0.0.1', ssh_private_key_file: file })
    },
    says: ['encrypted', 'ssh_private_key_passphrase'],
  },
  {
    code: 'SSH_KEY_UNUSABLE',
    when: 'the passphrase is another key’s',
    run: (box) =>
      wait(box, {
        ssh_host: '127.0.0.1',
        ssh_private_key: readFileSync(join(box.folder, 'encrypted'), 'utf8'),
        ssh_private_key_passphrase: 'open barley',
      }),
    says: ['the passphrase does not open it'],
  },
  {
    code: 'SSH_ADDRESS_MAP_INVALID',
    when: 'the address map is no JSON',
    run(box) {
      const ssh_address_map = join(box.folder, 'map.json')
      writeFileSync(ssh_address_map, '192.0.2.7 127.0.0.1')
      return wait(box, { ssh_host: '192.0.2.7', ssh_address_map })
    },
    says: ['map.json', 'host:port'],
  },
  {
    code: 'SSH_NOT_READY',
    when: 'nobody listens, and says how far it came',
    run: (box) => wait(box, { ssh_host: '127.0.0.1', ssh_port: 1, timeout: 0.5 }),
    says: ['nothing answers there yet', '0.5 seconds'],
  },
  {
    code: 'SSH_NOT_READY',
    when: 'the VM hangs in its boot, and says what Proxmox knows of it',
    sandbox: { guestFaults: { bootHangs: true } },
    before: (box) => installerVm(box, 'hanging', '192.0.2.31', { wait: false }),
    run: (box) => wait(box, { name: 'hanging', timeout: 1 }),
    says: ['is running; its guest agent does not answer', 'console'],
  },
  {
    code: 'SSH_NOT_READY',
    when: 'the keys never arrive, and points to cloud-init',
    sandbox: { guestFaults: { keysNeverArrive: true } },
    before: (box) => installerVm(box, 'keyless', '192.0.2.32', { wait: false }),
    run: (box) => wait(box, { name: 'keyless', timeout: 6 }),
    says: ['host key is verified', 'The key is not accepted', 'boot order', 'cloud-init'],
  },
  {
    code: 'SSH_NOT_READY',
    when: 'another key logs in than the VM was given, and names both',
    before: (box) => installerVm(box, 'locked', '192.0.2.37'),
    run(box) {
      const file = join(box.folder, 'stranger')
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file])
      return wait(box, { name: 'locked', ssh_private_key_file: file, timeout: 4 })
    },
    says: [/SHA256:\S+\) is not among the VM's `sshkeys` \(SHA256:/, 'ssh_public_keys'],
  },
  {
    code: 'SSH_JUMP_FAILED',
    when: 'the jump host is not there',
    run: (box) =>
      wait(box, {
        ssh_host: '192.0.2.7',
        ssh_proxy_jump: 'me@127.0.0.1:1',
        ssh_config_file: 'none',
        timeout: 3,
      }),
    says: ['me@127.0.0.1:1', 'Connection refused', 'BatchMode'],
  },
  {
    code: 'SSH_JUMP_FAILED',
    when: 'the configuration of OpenSSH is wrong',
    run(box) {
      const ssh_config_file = join(box.folder, 'ssh_config')
      writeFileSync(ssh_config_file, 'Hots *\n')
      return wait(box, { ssh_host: '192.0.2.7', ssh_config_file })
    },
    says: ['ssh_config', 'bad configuration options'],
  },
  {
    code: 'SSH_KNOWN_HOSTS_UNREADABLE',
    when: 'the file of known hosts is not there',
    run: (box) => wait(box, { ssh_host: '127.0.0.1', ssh_known_hosts_file: '/nowhere/known_hosts' }),
    says: ['/nowhere/known_hosts', 'ssh_known_hosts_file'],
  },
  {
    code: 'SSH_KEY_MISSING',
    when: 'a key for the run is asked for where no run put one into the VM',
    run: (box) => wait(box, { ssh_host: '127.0.0.1', ssh_generate_key: true }),
    says: ['nci provision'],
  },
  {
    code: 'SSH_HOST_KEY_MISMATCH',
    when: 'the machine shows another key than the given one',
    before: (box) => installerVm(box, 'renewed', '192.0.2.33'),
    run: (box) => wait(box, { name: 'renewed', ssh_host_key: otherKey }),
    says: [/^The SSH server at \S+:\d+ shows the host key ssh-ed25519 /, 'ssh_host_key'],
  },
  {
    code: 'SSH_HOST_KEY_MISMATCH',
    when: 'somebody is between, and the agent tells the real key',
    before: (box) => installerVm(box, 'between', '192.0.2.34'),
    run(box) {
      box.guests.faults.foreignHostKey = true
      return wait(box, { name: 'between', timeout: 20 }).finally(() => {
        box.guests.faults.foreignHostKey = undefined
      })
    },
  },
  {
    code: 'SSH_HOST_KEY_UNKNOWN',
    when: 'nobody tells the host key, and unknown ones are refused',
    run: (box) => wait(box, { ssh_host: '127.0.0.1', ssh_host_key_checking: 'strict' }),
    says: ['127.0.0.1:22', 'ssh_known_hosts_file', 'accept-new'],
  },
  {
    code: 'SSH_HOST_KEY_REVOKED',
    when: 'the known hosts revoke the key that the machine shows',
    before: (box) => installerVm(box, 'revoked', '192.0.2.38'),
    async run(box) {
      const { document } = await wait(box, { name: 'revoked' })
      if (!document.ok) throw new Error(document.error.message)
      const ssh_known_hosts_file = join(box.folder, 'revoked')
      writeFileSync(ssh_known_hosts_file, `@revoked * ${document.output.host_key}\n`)
      return wait(box, { name: 'revoked', ssh_known_hosts_file })
    },
    says: ['revoked', 'ssh_known_hosts_file'],
  },
  {
    code: 'SSH_CONNECTION_LOST',
    when: 'the machine drops the connection in the middle of the preparations',
    async before(box) {
      const vmid = await installerVm(box, 'flaky', '192.0.2.35', { wait: false })
      box.guests.faultsOf(vmid).dropAfterCommands = 1
    },
    run: (box) => box.run(['nixos', 'install'], { input: { name: 'flaky', flake: box.host.flake } }),
    changes: true,
    says: ['console'],
  },
  {
    code: 'SSH_WRONG_SYSTEM',
    when: 'the installer answers where the installed system is expected',
    before: (box) => installerVm(box, 'unfinished', '192.0.2.36'),
    run: (box) => wait(box, { name: 'unfinished', expect: 'system', timeout: 6 }),
    says: ['a NixOS installer', 'an installed system'],
  },
]
