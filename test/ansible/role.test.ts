import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, type TestContext } from 'vitest'
import { GitHubServer } from '../releases/github-server.ts'
import { writeProgram } from '../support/program.ts'
import type { Requirement } from '../support/python.ts'
import { collection, hostValues, openStage, prefix, type Stage, writeFlake } from './support/play.ts'
import { newest, oldest } from './support/requirements.ts'

const provision = `${prefix}.provision`

/** Hosts that share the lab's values, each with an address of its own. */
function hosts(stage: Stage, names: readonly string[]): Record<string, object> {
  return Object.fromEntries(
    names.map((name, index) => {
      const { networks, ...shared } = hostValues(stage.box, `192.0.2.${21 + index}`)
      return [name, { nixos_vm_defaults: shared, nixos_vm: { networks } }]
    }),
  )
}

const knownHosts = (stage: Stage): string => join(stage.box.folder, '.ssh', 'known_hosts')

/** A lab with the token of the example inventory, and what plays it. */
async function openExample(context: TestContext, requirements: readonly Requirement[]) {
  const token = { id: 'nci@pve!ansible', secret: '1f6d5c1e-8f0c-4c53-9d2b-6f3f5a9b7e21' }
  const stage = await openStage(
    context,
    {
      users: [{ id: 'nci@pve' }],
      acl: [{ path: '/', id: 'nci@pve', role: 'Administrator' }],
      tokens: [{ ...token, privilegeSeparation: false }],
    },
    requirements,
  )
  const { box } = stage
  const github = await GitHubServer.start()
  github.release('v2.10.0')
  const environment = {
    // The token is the vaulted one.
    PROXMOX_TOKEN_ID: '',
    PROXMOX_TOKEN_SECRET: '',
    GITHUB_API_URL: github.url,
  }
  const password = writeProgram(join(box.folder, 'vault-password'), 'echo example')
  const extra = {
    proxmox_api_host: `127.0.0.1:${box.lab.port}`,
    nixos_flake: `path:${writeFlake(join(box.folder, 'hosts'), ['web1', 'web2', 'db1'])}`,
    public_key_file: `${stage.environment.NCI_SSH_PRIVATE_KEY_FILE}.pub`,
  }
  const words = ['-i', join(collection, 'examples', 'inventory'), '--vault-password-file', password]
  return {
    stage,
    run: (...more: string[]) => stage.play([...words, '-e', JSON.stringify(extra), ...more], { environment }),
    async [Symbol.asyncDispose]() {
      await github[Symbol.asyncDispose]()
      await stage[Symbol.asyncDispose]()
    },
  }
}

for (const [age, requirements] of Object.entries({ newest, oldest })) {
  it(`the example inventory is provisioned as it is, on the ${age} ansible-core`, {
    timeout: 300_000,
  }, async (context) => {
    await using example = await openExample(context, requirements)
    const { run, stage } = example
    const { box } = stage
    const predicted = await run(provision, '--check', '--diff', '--forks', '3')
    expect(predicted.exitCode, predicted.text).toBe(0)
    expect(box.writes()).toEqual([])
    expect(Object.values(predicted.recap).map(({ changed }) => changed)).toEqual([1, 1, 1])

    const limited = await run(provision, '--limit', 'db1')
    expect(limited.exitCode, limited.text).toBe(0)
    expect(box.vmids()).toHaveLength(1)
    expect(box.config(100)).toMatch(/^memory: 8192$/m)
    expect(box.config(100)).toMatch(/^scsi1: .*size=100G/m)
    expect(box.config(100)).toMatch(/^tags: nci;nixos$/m)

    const whole = await run(provision, '--forks', '2')
    expect(whole.exitCode, whole.text).toBe(0)
    expect(box.vmids()).toHaveLength(3)
    expect(box.isos()).toHaveLength(1)
    expect(whole.recap.db1?.changed).toBe(0)
    expect(readFileSync(knownHosts(stage), 'utf8').trim().split('\n')).toHaveLength(3)
    for (const host of ['web1', 'web2']) expect(whole.text).toContain(`${host} | provision nixos.install |`)

    const again = await run(provision)
    expect(Object.values(again.recap).map(({ changed }) => changed)).toEqual([0, 0, 0])

    const asked = await run(`${prefix}.destroy`)
    expect(asked.exitCode).toBe(2)
    expect(box.vmids()).toHaveLength(3)
    const destroyed = await run(`${prefix}.destroy`, '-e', 'nixos_destroy_confirm=yes', '--limit', 'web')
    expect(destroyed.exitCode, destroyed.text).toBe(0)
    expect(box.vmids()).toHaveLength(1)
  })
}

it('the example of single steps does them once, and nothing the second time', {
  timeout: 300_000,
}, async (context) => {
  await using example = await openExample(context, newest)
  const { run, stage } = example
  const steps = join(collection, 'examples', 'steps.yml')
  const predicted = await run(steps, '--check', '--limit', 'web')
  expect(predicted.exitCode, predicted.text).toBe(0)
  expect(stage.box.writes()).toEqual([])
  const first = await run(steps, '--limit', 'web')
  expect(first.exitCode, first.text).toBe(0)
  expect(stage.box.vmids()).toHaveLength(2)
  const second = await run(steps, '--limit', 'web')
  expect(second.exitCode, second.text).toBe(0)
  expect(Object.values(second.recap).map(({ changed }) => changed)).toEqual([0, 0])
})

it('hosts at once share one upload; one that fails does not stop the others, and is carried on by the next run', {
  timeout: 300_000,
}, async (context) => {
  await using stage = await openStage(context)
  const { lab } = stage.box
  const inventory = stage.inventory(hosts(stage, ['web1', 'web2', 'web3']))
  // Long enough for all three to come for the same ISO.
  lab.faults.add({ task: 'imgcopy', action: { delayMs: 3000 } })
  lab.faults.add({ task: 'qmstart', times: 1, action: { fail: 'no KVM today' } })
  const first = await stage.play([...inventory, provision, '--forks', '3'])
  expect(first.exitCode).toBe(2)
  const uploads = lab.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/upload'))
  expect(uploads).toHaveLength(1)
  const failed = first.tasks.filter(({ status }) => status === 'failed')
  expect(failed, first.text).toHaveLength(1)
  expect(failed[0]?.result.error.code).toBe('PVE_TASK_FAILED')
  expect(failed[0]?.result.msg).toContain('no KVM today')
  const recaps = Object.values(first.recap)
  expect(recaps.map((host) => host.failed).sort()).toEqual([0, 0, 1])
  const second = await stage.play([...inventory, provision])
  expect(second.exitCode, second.text).toBe(0)
  const changed = Object.entries(second.recap).filter(([, recap]) => recap.changed > 0)
  expect(changed.map(([host]) => host)).toEqual([failed[0]?.host])
  expect(stage.box.vmids()).toHaveLength(3)
})

it('after the play a host is reached under its name, by its own host key', {
  timeout: 300_000,
}, async (context) => {
  await using stage = await openStage(context)
  const known = join(stage.box.folder, 'known')
  const config = join(stage.box.folder, 'ssh_config')
  const role = {
    hosts: 'all',
    gather_facts: false,
    strategy: 'ansible.builtin.free',
    // None of what the role does needs it, on whichever machine.
    become: true,
    become_method: 'ansible.builtin.su',
    vars: { ansible_become_exe: '/nowhere' },
    roles: [{ role: provision, tags: ['provisioning'] }],
  }
  // Only the lab's guests are elsewhere than at their addresses.
  const [place, file] = ["(lookup('file', map) | from_json)[ansible_host ~ ':22'].split(':')", 'map']
  const reach = {
    hosts: 'all',
    gather_facts: false,
    tags: ['provisioning'],
    vars: {
      [file]: "{{ lookup('env', 'NCI_SSH_ADDRESS_MAP') }}",
      key: "{{ lookup('env', 'NCI_SSH_PRIVATE_KEY_FILE') }}",
    },
    tasks: [
      {
        name: 'take the way of the lab',
        'ansible.builtin.set_fact': {
          ansible_ssh_common_args: `-F none -o HostKeyAlias={{ ansible_host }} -o UserKnownHostsFile=${known}`,
          ansible_ssh_private_key_file: '{{ key }}',
          ansible_host: `{{ ${place}[0] }}`,
          ansible_port: `{{ ${place}[1] | int }}`,
        },
      },
      { name: 'raw', 'ansible.builtin.raw': 'readlink /run/current-system' },
    ],
  }
  const played = await stage.play([
    ...stage.inventory(hosts(stage, ['web1'])),
    '-e',
    JSON.stringify({ nixos_provision_known_hosts: known, nixos_provision_ssh_config: config }),
    '--tags',
    'provisioning',
    stage.playbook([role, reach]),
  ])
  expect(played.exitCode, played.text).toBe(0)
  expect(played.tasks.find(({ task }) => task === 'raw')?.result.stdout).toContain('-nixos-system-')
  expect(readFileSync(known, 'utf8')).toMatch(/^192\.0\.2\.21 ssh-ed25519 /)
  expect(readFileSync(config, 'utf8')).toContain('Host web1\n  HostName 192.0.2.21\n  Port 22\n  User root\n')
  const logs = join(stage.box.folder, '.local', 'state', 'nixos-cloud-init-installer')
  expect(readFileSync(join(logs, 'web1.ndjson'), 'utf8')).toContain('"step":"nixos.install"')
  expect(readFileSync(join(logs, 'web1.log'), 'utf8')).not.toBe('')
})

for (const [age, requirements] of Object.entries({ newest, oldest })) {
  it(`wrong values of a host are a sentence about it, and no value is quoted: ${age} ansible-core`, async (context) => {
    await using stage = await openStage(context, {}, requirements)
    const shared = { nixos_vm_defaults: { ci_password: 'c4nary' } }
    const wrong: Record<string, [object, string]> = {
      web1: [
        { nixos_vm: { memry: 1 } },
        'values of `web1` are not valid: there is no `memry` (did you mean `memory`?)',
      ],
      web2: [
        { nixos_vm_defaults: { api_host: 'pve' } },
        'values of `web2` are not valid: there is no `api_host`',
      ],
      web3: [{ nixos_vm: 'c4nary' }, 'values of `web3` are not valid: `nixos_vm` is no dict'],
      web4: [
        { nixos_vm: { disks: [{ sise: '4G' }] } },
        'there is no `disks.sise` (did you mean `disks.size`?)',
      ],
      web5: [{ nixos_vm: { cores: 'c4nary' } }, '`cores` is not of type int'],
      web6: [{ proxmox_api_port: 'c4nary' }, '`api_port` is not of type int'],
      web7: [{ nixos_vm: null }, 'flake'],
    }
    const inventory = Object.entries(wrong).map(([name, [values]]) => [name, { ...shared, ...values }])
    const played = await stage.play([...stage.inventory(Object.fromEntries(inventory)), provision, '-f', '2'])
    expect(played.exitCode, played.text).toBe(2)
    for (const [name, [, message]] of Object.entries(wrong)) {
      const { result } = played.tasks.find(({ host, status }) => host === name && status === 'failed') ?? {}
      expect(result?.msg, played.text).toMatch(/^INPUT_INVALID: /)
      expect(result.msg).toContain(message)
      expect(JSON.stringify(result).length, name).toBeLessThan(1500)
    }
    expect(played.text).not.toContain('c4nary')
    expect(stage.box.writes()).toEqual([])
  })
}

it('what a host’s values look up is looked up once for the task, however many values there are', async (context) => {
  await using stage = await openStage(context)
  const count = join(stage.box.folder, 'count')
  const [web1] = Object.values(hosts(stage, ['web1'])) as unknown as [{ nixos_vm: object }]
  const description = `{{ lookup('ansible.builtin.pipe', 'echo x >> ${count}; echo looked-up') }}`
  const words = stage.inventory({ web1: { ...web1, nixos_vm: { ...web1.nixos_vm, description } } })
  const played = await stage.play([...words, provision, '--check', '--diff'])
  expect(played.exitCode, played.text).toBe(0)
  expect(played.text).toContain('looked-up')
  // Once by Ansible's own look at the role's arguments.
  expect(readFileSync(count, 'utf8').split('\n').filter(Boolean).length).toBeLessThanOrEqual(2)
})
