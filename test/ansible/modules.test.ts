import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openToy, own } from '../steps/iso/build-nix.ts'
import { realNix } from '../support/nix.ts'
import { openStage, prefix, type Stage } from './support/play.ts'

/** Plays a module in check mode, then for good, and once more. */
async function keepsItsPromises(stage: Stage, name: string, values: object, more = {}): Promise<void> {
  const before = stage.box.writes().length
  const predicted = await stage.module(name, values, more, ['--check', '--diff'])
  expect(predicted.exitCode, predicted.text).toBe(0)
  expect(stage.box.writes().length, `${name} in check mode`).toBe(before)
  const task = { [`${prefix}.${name}`]: values, ...more }
  const played = await stage.tasks([task, task], ['--diff'])
  expect(played.exitCode, played.text).toBe(0)
  const [done, again] = played.tasks.map(({ result }) => result)
  expect(done.changed, name).toBe(predicted.result.changed)
  expect(done.diff, name).toEqual(predicted.result.diff)
  if (name !== 'ssh_wait') expect(again.changed, `${name} again`).toBe(false)
}

it('each module of the steps does its work, does nothing the second time, and predicts it in check mode', {
  timeout: 300_000,
}, async (context) => {
  await using stage = await openStage(context)
  const { box } = stage
  const iso = String(box.host.iso_path)
  const address = '192.0.2.21'
  const key = readFileSync(`${stage.environment.NCI_SSH_PRIVATE_KEY_FILE}.pub`, 'utf8').trim()
  const network = { bridge: 'vmbr0', ip: `${address}/24`, gateway: '192.0.2.1' }
  const steps: [string, object][] = [
    ['doctor', { node: 'pve', flake: box.host.flake, iso_path: iso }],
    ['iso_download', { iso_path: iso }],
    ['iso_upload', { path: iso, filename: 'installer.iso' }],
    [
      'vm_create',
      {
        name: 'web1',
        vmid: 101,
        iso: 'local:iso/installer.iso',
        disks: [{ size: '4G' }],
        networks: [network],
        ssh_public_keys: [key],
      },
    ],
    ['vm_start', { name: 'web1' }],
    ['ssh_wait', { name: 'web1' }],
    ['nixos_install', { name: 'web1', flake: box.host.flake }],
    ['vm_detach', { name: 'web1', mode: 'hot' }],
    ['vm_info', { name: 'web1' }],
    ['vm_destroy', { name: 'web1', stop: true }],
  ]
  for (const [name, values] of steps) await keepsItsPromises(stage, name, values)
  expect(box.vmids()).toEqual([])
})

it.skipIf(realNix === undefined)(
  'so does the one that builds the ISO, with the real Nix',
  {
    timeout: 180_000,
  },
  async (context) => {
    await using stage = await openStage(context)
    const folder = join(stage.box.folder, 'toy')
    mkdirSync(folder)
    const { flake, environment } = openToy(folder)
    const values = { flake: `path:${flake}`, architecture: own, path: 'images/' }
    await keepsItsPromises(stage, 'iso_build', values, { environment })
    expect(readdirSync(join(stage.box.folder, 'images'))).toHaveLength(1)
  },
)

it('a task in the background runs as the module, elsewhere than a host that does not exist yet', {
  timeout: 120_000,
}, async (context) => {
  await using stage = await openStage(context)
  const values = { iso_path: stage.box.host.iso_path }
  const local = { async: 60, poll: 1, delegate_to: 'localhost' }
  const done = await stage.module('iso_download', values, local)
  expect(done.exitCode, done.text).toBe(0)
  expect(done.result).toMatchObject({ changed: false, path: values.iso_path, engine_rc: 0 })
  const refused = await stage.module('iso_download', values, { async: 60, poll: 1 })
  expect(refused.result.error.code).toBe('ASYNC_NOT_DELEGATED')
})

it('the connection is set once for all modules by their group, and the task’s environment counts', {
  timeout: 120_000,
}, async (context) => {
  await using stage = await openStage(context)
  const { PROXMOX_HOST: host = '', PROXMOX_TOKEN_ID: id = '' } = stage.environment
  const play = {
    hosts: 'localhost',
    gather_facts: false,
    module_defaults: { [`group/${prefix}.proxmox`]: { api_host: host, api_token_id: id } },
    tasks: [
      { name: 'all', [`${prefix}.vm_info`]: { name: 'nobody' }, environment: { PROXMOX_TIMEOUT: '0' } },
    ],
  }
  const words = ['-i', 'localhost,', '-c', 'local', stage.playbook([play])]
  const played = await stage.play(words, { environment: { PROXMOX_HOST: '', PROXMOX_TOKEN_ID: '' } })
  expect(played.result.error.code).toBe('INPUT_INVALID')
  expect(played.result.error.message).toContain('api_timeout')
  // In the words of a task.
  expect(played.result.error.hint).toBe(`\`ansible-doc ${prefix}.vm_info\` describes them.`)
})

it('progress is shown host by host, warnings as such, and the log file holds everything', {
  timeout: 120_000,
}, async (context) => {
  await using stage = await openStage(context)
  const log = '~/logs/upload.ndjson'
  const values = {
    path: stage.box.host.iso_path,
    engine_log: log,
    validate_certs: false,
    api_fingerprint: null,
  }
  const environment = { PROXMOX_FINGERPRINT: '' }
  const task = { name: 'upload', [`${prefix}.iso_upload`]: values, environment }
  const played = await stage.tasks([task])
  expect(played.exitCode, played.text).toBe(0)
  expect(played.text).toMatch(/^localhost \| iso\.upload \| uploading .* 100 %/m)
  // Standard output may be a document for a program.
  expect(played.stdout).not.toContain('iso.upload |')
  expect(played.text).toContain('[WARNING]: ')
  const logged = readFileSync(`${stage.box.folder}/logs/upload.ndjson`, 'utf8')
  expect(logged).toContain('"type":"progress"')
  const quiet = await stage.tasks([
    { ...task, [`${prefix}.iso_upload`]: { ...values, filename: 'b.iso' }, no_log: true },
  ])
  expect(quiet.text).not.toContain('iso.upload |')
})
