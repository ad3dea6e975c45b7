import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { openStage, prefix } from './support/play.ts'

it('each module of the steps does its work, does nothing the second time, and predicts it in check mode', {
  timeout: 180_000,
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
  for (const [name, values] of steps) {
    const before = box.writes().length
    const predicted = await stage.module(name, values, {}, ['--check', '--diff'])
    expect(predicted.exitCode, predicted.text).toBe(0)
    expect(box.writes().length, `${name} in check mode`).toBe(before)
    const done = await stage.module(name, values, {}, ['--diff'])
    expect(done.exitCode, done.text).toBe(0)
    expect(done.result.changed, name).toBe(predicted.result.changed)
    expect(done.result.diff, name).toEqual(predicted.result.diff)
    if (name === 'ssh_wait') continue
    const again = await stage.module(name, values)
    expect(again.result.changed, `${name} again`).toBe(false)
  }
  expect(box.vmids()).toEqual([])
})

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
  expect(played.text).toContain('[WARNING]: ')
  const logged = readFileSync(`${stage.box.folder}/logs/upload.ndjson`, 'utf8')
  expect(logged).toContain('"type":"progress"')
  const quiet = await stage.tasks([
    { ...task, [`${prefix}.iso_upload`]: { ...values, filename: 'b.iso' }, no_log: true },
  ])
  expect(quiet.text).not.toContain('iso.upload |')
})
