import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { schemas } from '../../src/generated/schemas.ts'
import { GitHubServer } from '../releases/github-server.ts'
import { type Box, type Document, type End, openBox } from '../support/lab.ts'

const ajv = new Ajv2020({ strict: false })
const isEvent = ajv.compile(schemas.event as object)
const isResult = ajv.compile(schemas.result as object)

type Input = Readonly<Record<string, unknown>>

/** That a run succeeded, and that all it printed is what the schemas say. */
function succeeded(step: string, end: End): Document {
  const { document } = end
  expect(document.ok, `${end.stdout}\n${end.stderr}`).toBe(true)
  expect(end.exitCode).toBe(0)
  expectValid(isResult, document)
  expect(document.step).toBe(step)
  for (const line of end.stderr.split('\n').filter((text) => text !== ''))
    expectValid(isEvent, JSON.parse(line))
  return document
}

function expectValid(validate: ValidateFunction, value: unknown): void {
  validate(value)
  expect(validate.errors ?? []).toEqual([])
}

/** What a step changed, by name. */
const changed = ({ diff }: Document): string[] => diff.map(({ what }) => what)

interface Expected {
  /** A step that only looks or waits changes nothing the first time either. */
  readonly changes?: boolean
  /** What the second run is given, where that is not the same. */
  readonly again?: Input
}

/** Check mode, the run, and the run again. */
async function thrice(box: Box, step: string, input: Input, { changes = true, again }: Expected = {}) {
  const words = step.split('.')
  const state = () => [box.writes().length, box.vmids().map(box.config), box.isos()]
  const before = state()
  const check = succeeded(step, await box.run([...words, '--check'], { input }))
  expect(check).toMatchObject({ check: true, changed: changes })
  expect(state()).toEqual(before)

  const done = succeeded(step, await box.run(words, { input }))
  expect(done).toMatchObject({ check: false, changed: changes })
  expect(changed(done)).toEqual(changed(check))
  expectValid(ajv.compile((schemas[step] as { output: object }).output), done.output)
  // What check mode promises of the output is what comes.
  expect(done.output).toMatchObject(predictable(check.output))

  const between = state()
  const second = succeeded(step, await box.run(words, { input: again ?? input }))
  expect(second).toMatchObject({ changed: false, diff: [] })
  expect(state()).toEqual(between)
  expectValid(ajv.compile((schemas[step] as { output: object }).output), second.output)
  return done
}

/** Without what is known only afterwards, for which check mode has an empty list. */
function predictable(output: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(output).filter(([, value]) => !Array.isArray(value) || value.length > 0),
  )
}

test('each step of a provisioning predicts its changes, makes them, and then has nothing to do', async () => {
  await using box = await openBox()
  const path = String(box.host.iso_path)
  const iso = await thrice(box, 'iso.upload', { path })
  expect(iso.output).toMatchObject({ uploaded: true, size: readFileSync(path).length })
  expect(box.isos()).toEqual([iso.output.name])

  const description = {
    name: 'web1',
    iso: iso.output.volid,
    cores: 2,
    memory: 4096,
    disks: [{ size: '8G' }, { size: '2G', bus: 'virtio' }],
    networks: [
      { bridge: 'vmbr0', ip: '192.0.2.21/24', gateway: '192.0.2.1' },
      { bridge: 'vmbr0', vlan: 7, ip6: 'auto' },
    ],
    nameservers: ['192.0.2.1'],
    tags: ['Web', 'front'],
    description: 'A **web** server: 100 % äöü\n\nsecond paragraph',
    ssh_public_keys: [readFileSync(join(box.folder, 'id_ed25519.pub'), 'utf8').trim()],
  }
  const vm = await thrice(box, 'vm.create', description)
  expect(vm.output).toMatchObject({ name: 'web1', node: 'pve', status: 'stopped', created: true })
  expect(vm.output.macs).toHaveLength(2)
  const { vmid } = vm.output

  await thrice(box, 'vm.create', { ...description, memory: 2048, tags: ['web'] })
  expect(box.config(vmid)).toMatch(/^memory: 2048$/m)

  await thrice(box, 'vm.info', { vmid }, { changes: false })
  await thrice(box, 'vm.start', { vmid })
  const wait = await thrice(box, 'ssh.wait', { vmid }, { changes: false })
  expect(wait.output).toMatchObject({ host: '192.0.2.21', host_key_source: 'guest-agent' })
  expect(wait.output.facts).toMatchObject({ installer: true, hostname: 'web1', uuid: vm.output.uuid })

  const install = await thrice(box, 'nixos.install', { vmid, flake: box.host.flake, reboot: false })
  expect(install.output).toMatchObject({ host: '192.0.2.21', rebooted: false })
  expect(install.output.phases.map(({ phase }: { phase: string }) => phase)).toEqual([
    'prepare',
    'disko',
    'copy',
    'install',
  ])

  const detach = await thrice(box, 'vm.detach', { vmid })
  expect(detach.output).toMatchObject({ status: 'running', boot: 'order=scsi0', pending: [] })
  expect(detach.output.removed).toEqual(expect.arrayContaining(['ide0', 'ide2', 'ipconfig0', 'sshkeys']))
  const system = await thrice(
    box,
    'ssh.wait',
    { vmid, expect: 'system', system: install.output.system, ssh_host_key: install.output.host_key },
    { changes: false },
  )
  expect(system.output.facts).toMatchObject({ installer: false, system: install.output.system })
  const info = await thrice(box, 'vm.info', { name: 'web1' }, { changes: false })
  expect(info.output.installed).toMatchObject({ system: install.output.system })
  expect(info.output.config.description).toContain('A **web** server: 100 % äöü\n\nsecond paragraph')

  const destroy = await thrice(box, 'vm.destroy', { vmid, stop: true })
  expect(destroy.output).toMatchObject({ existed: true, name: 'web1' })
  expect(destroy.output.volumes).toHaveLength(2)
  expect(box.vmids()).toEqual([])
})

test('installing with a reboot proves the running system', async () => {
  await using box = await openBox()
  const made = succeeded(
    'iso.upload',
    await box.run(['iso', 'upload'], { input: { path: box.host.iso_path } }),
  )
  const ssh_public_keys = [readFileSync(join(box.folder, 'id_ed25519.pub'), 'utf8').trim()]
  const networks = [{ ip: '192.0.2.22/24', gateway: '192.0.2.1' }]
  const vm = succeeded(
    'vm.create',
    await box.run(['vm', 'create'], {
      input: { name: 'web1', iso: made.output.volid, networks, ssh_public_keys },
    }),
  )
  const { vmid } = vm.output
  await box.run(['vm', 'start'], { input: { vmid } })
  const install = await thrice(box, 'nixos.install', { vmid, flake: box.host.flake })
  expect(install.output.rebooted).toBe(true)
  expect(install.output.known_hosts).toEqual([`192.0.2.22 ${install.output.host_key}`])
  const hot = await thrice(box, 'vm.detach', { vmid, mode: 'hot' })
  expect(hot.output.status).toBe('running')
  expect(hot.output.pending).toEqual(expect.arrayContaining(['ide0', 'ide2']))
  const cold = await thrice(box, 'vm.detach', { vmid })
  expect(cold.output.pending).toEqual([])
})

test('downloading a release predicts the file, loads it once, and then finds it', async () => {
  await using box = await openBox()
  await using github = await GitHubServer.start()
  github.release('v2.10.0')
  const input = { github_api_url: github.url }
  const { output } = await thrice(box, 'iso.download', input)
  expect(output).toMatchObject({ release: 'v2.10.0', verified_by: 'github-digest' })
  expect(github.seen.filter(({ host }) => host === 'files')).toHaveLength(1)
  expect(readdirSync(box.temporary)).toEqual([])
})
