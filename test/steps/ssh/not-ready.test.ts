import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { NciError, toNciError } from '../../../src/core/errors.ts'
import { runStep } from '../../../src/core/run.ts'
import type { Inputs } from '../../../src/core/step.ts'
import { validate } from '../../../src/core/validate.ts'
import { notReady } from '../../../src/steps/ssh/not-ready.ts'
import { sshWait } from '../../../src/steps/ssh/wait.ts'
import { vmCreate } from '../../../src/steps/vm/create.ts'
import { vmStart } from '../../../src/steps/vm/start.ts'
import { connectionTo } from '../../support/connection.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { uploadIso } from '../../support/iso-on-lab.ts'
import { makeKey } from '../../support/sshd.ts'
import { type StepsOnLab, stepsOnLab } from '../../support/steps.ts'

let steps: StepsOnLab
let folder: ReturnType<typeof temporaryFolder>
let iso: string
beforeAll(async () => {
  steps = await stepsOnLab({ guestFaults: { bootHangs: true } })
  folder = temporaryFolder()
  iso = await uploadIso(steps.lab)
})
afterAll(async () => {
  await steps[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})
beforeEach(() => {
  steps.sandbox.guests.faults.bootHangs = true
})
afterEach(() => {
  for (const name of ['bootHangs', 'keysNeverArrive', 'bannerNeverSent'] as const) {
    steps.sandbox.guests.faults[name] = undefined
  }
})

const key = (): string => join(steps.sandbox.folder, 'id_ed25519')
const publicKey = (file: string): string => readFileSync(`${file}.pub`, 'utf8').trim()
const fingerprint = (file: string): string | undefined =>
  execFileSync('ssh-keygen', ['-l', '-f', file], { encoding: 'utf8' }).split(' ')[1]

let count = 0
/** A VM that is created and started, with other values than usual. */
async function vm(rest: Readonly<Record<string, unknown>> = {}, start = true): Promise<number> {
  const address = `192.0.2.${100 + ++count}`
  const { output } = await steps.run(vmCreate, {
    name: `guest${count}`,
    iso,
    cloud_init: true,
    networks: [{ bridge: 'vmbr0', ip: `${address}/24`, gateway: '192.0.2.1' }],
    ssh_public_keys: [publicKey(key())],
    ...rest,
  })
  if (start) await steps.run(vmStart, { vmid: output.vmid })
  return output.vmid
}

const silent = 'an address is known, nothing answers there yet'
const refused = 'its host key is verified'

/** The error of a wait whose time is up as soon as it is so far. */
async function failed(
  vmid: number,
  rest: Readonly<Record<string, unknown>> = {},
  end = silent,
): Promise<NciError> {
  const { lab, sandbox } = steps
  const document: Record<string, unknown> = {
    ...connectionTo(lab),
    vmid,
    ssh_private_key_file: key(),
    ssh_address_map: sandbox.environment.NCI_SSH_ADDRESS_MAP,
    ssh_config_file: 'none',
    ...rest,
  }
  await validate('ssh.wait', document)
  const controller = new AbortController()
  return runStep(sshWait, document as unknown as Inputs['ssh.wait'], {
    signal: controller.signal,
    emit(event) {
      if (event.type === 'phase' && event.phase === end)
        controller.abort(new NciError('TIMEOUT', { what: 'ssh.wait', seconds: 600 }))
    },
  }).then(() => Promise.reject(new Error('no failure')), toNciError)
}

test('what Proxmox knows is told: state, agent, and the last task with its end', async () => {
  const vmid = await vm()
  const error = await failed(vmid)
  expect(error).toMatchObject({
    code: 'SSH_NOT_READY',
    details: {
      stage: 'an address is known, nothing answers there yet',
      vm: {
        vmid,
        status: 'running',
        agent: false,
        addresses: [],
        last_task: { type: 'qmstart', status: 'OK', upid: expect.stringMatching(/^UPID:.*:qmstart:/) },
      },
    },
  })
  expect(error.message).toContain(
    `VM ${vmid} is running; its guest agent does not answer; its last task, qmstart, ended with "OK".`,
  )
})

test('a VM that is off is to be started', async () => {
  const error = await failed(await vm({}, false))
  expect(error.message).toMatch(/is stopped; its last task, qmcreate, ended with "OK"/)
  expect(error.hint).toContain('nci vm start')
})

test('a silent address points to bridge and VLAN', async () => {
  expect((await failed(await vm())).hint).toContain('bridge `vmbr0`, without a VLAN')
  const tagged = { networks: [{ bridge: 'vmbr0', vlan: 5, ip: '192.0.2.99/24', gateway: '192.0.2.1' }] }
  expect((await failed(await vm(tagged))).hint).toContain('bridge `vmbr0`, VLAN 5')
})

test('without `ipconfig0`, and without a cloud-init drive, that is the guess', async () => {
  const bare = { ssh_host: '192.0.2.98' }
  const noAddress = await vm({ networks: [{ bridge: 'vmbr0' }] })
  const config = await failed(noAddress, bare)
  expect(config.hint).toMatch(/`ipconfig0`|guest agent|network/)
  const noDrive = await vm({ cloud_init: false, networks: [{ bridge: 'vmbr0' }], ssh_public_keys: [] })
  expect((await failed(noDrive, bare)).hint).toContain('no cloud-init drive')
})

test('a refused key that is not among the VM’s is named, with those that are', async () => {
  steps.sandbox.guests.faults.bootHangs = undefined
  const stranger = makeKey(folder.path, 'stranger')
  const error = await failed(await vm(), { ssh_private_key_file: stranger }, refused)
  expect(error).toMatchObject({
    code: 'SSH_NOT_READY',
    details: { offered_keys: [fingerprint(stranger)], authorized_keys: [fingerprint(key())] },
  })
  expect(error.hint).toContain(`(${fingerprint(stranger)}) is not among the VM's \`sshkeys\``)
})

test('a refused key that is among them points to cloud-init, or to the disk that was booted', async () => {
  steps.sandbox.guests.faults.bootHangs = undefined
  steps.sandbox.guests.faults.keysNeverArrive = true
  const error = await failed(await vm({ disks: [{ size: '4G' }] }), {}, refused)
  expect(error.hint).toMatch(/cloud-init/)
  expect(error.hint).toContain('a system on the disk `scsi0` may have started in place of the ISO')
})

test('of a system that was to boot nothing is said about the ISO or cloud-init', async () => {
  const error = await failed(await vm({ cloud_init: false, networks: [{ bridge: 'vmbr0' }] }), {
    ssh_host: '192.0.2.97',
    expect: 'system',
  })
  expect(error.hint).toMatch(/bridge `vmbr0`.*on its console whether it booted\./)
  expect(error.hint).not.toMatch(/ISO|cloud/)
})

const seen = { seconds: 9, expectsSystem: false, address: undefined, key: undefined, target: undefined }

test('without any address there is nothing but the ways to one', async () => {
  const error = await notReady({ ...seen, stage: undefined }, undefined)
  expect(error.message).toContain('it got as far as: no address known yet.')
  expect(error.hint).toMatch(/static `ip`.*`ssh_host`.*guest agent/)
})

test('a server that opens its port, and does not go on, points to the console', async () => {
  for (const stage of ['tcp', 'banner'] as const) {
    const error = await notReady({ ...seen, stage, address: { host: '192.0.2.7', port: 22 } }, undefined)
    expect(error.details).toMatchObject({ address: '192.0.2.7:22' })
    expect(error.hint).toContain('does not complete the handshake')
  }
})
