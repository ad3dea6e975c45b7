import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { finished, send } from '../lab/api-client.ts'
import { type Box, openBox } from '../support/lab.ts'
import { writeProgram } from '../support/program.ts'
import { expectProvisioned, succeeded } from './provisioned.ts'

interface Trouble {
  readonly what: string
  readonly step: string
  readonly code: string
  readonly host?: Readonly<Record<string, unknown>>
  begin(box: Box): unknown
  /** What a person does before trying again; the lab's own faults end by themselves. */
  end?(box: Box): unknown
}

/** What a person does with a VM that hangs. */
async function switchOff(box: Box): Promise<void> {
  const { body } = await send(box.lab, 'POST', '/nodes/pve/qemu/100/status/stop', { form: {} })
  await finished(box.lab, body.data)
}

const lost = { drop: 'after' } as const

const troubles: Trouble[] = [
  {
    what: 'the connection breaks in the middle of the upload, each time',
    step: 'iso.upload',
    code: 'PVE_UPLOAD_BROKEN',
    begin: ({ lab }) =>
      lab.faults.add({
        path: '/nodes/*/storage/*/upload',
        times: 3,
        action: { drop: 'upload', bytes: 65_536 },
      }),
  },
  {
    what: 'the storage cannot take the ISO',
    step: 'iso.upload',
    code: 'PVE_TASK_FAILED',
    begin: ({ lab }) => lab.faults.add({ task: 'imgcopy', times: 1, action: { fail: 'Input/output error' } }),
  },
  {
    what: 'the answer to the create is lost',
    step: 'vm.create',
    code: 'PVE_CONNECTION_LOST',
    begin: ({ lab }) => lab.faults.add({ method: 'POST', path: '/nodes/*/qemu', times: 1, action: lost }),
    // The task goes on after the request: it ends before a person reacts.
    async end(box) {
      while (box.config(100).includes('lock: create')) await new Promise(setImmediate)
    },
  },
  {
    what: 'the create fails',
    step: 'vm.create',
    code: 'PVE_TASK_FAILED',
    begin: ({ lab }) => lab.faults.add({ task: 'qmcreate', times: 1, action: { fail: 'lvcreate failed' } }),
  },
  {
    what: 'the VM does not start',
    step: 'vm.start',
    code: 'PVE_TASK_FAILED',
    begin: ({ lab }) =>
      lab.faults.add({ task: 'qmstart', times: 1, action: { fail: 'start failed: no bridge' } }),
  },
  {
    what: 'the answer to the start is lost',
    step: 'vm.start',
    code: 'PVE_CONNECTION_LOST',
    begin: ({ lab }) =>
      lab.faults.add({ method: 'POST', path: '/nodes/*/qemu/*/status/start', times: 1, action: lost }),
  },
  {
    what: 'the installer does not boot',
    step: 'ssh.wait',
    code: 'SSH_NOT_READY',
    host: { boot_timeout: 1 },
    begin({ guests }) {
      guests.faults.bootHangs = true
    },
    async end(box) {
      box.guests.faults.bootHangs = undefined
      await switchOff(box)
    },
  },
  {
    what: 'the build fails',
    step: 'nixos.build',
    code: 'NIX_BUILD_FAILED',
    begin(box) {
      const failed = join(box.folder, 'failed-once')
      const nix = join(box.folder, 'bin', 'nix')
      const standIn = readFileSync(nix, 'utf8').replace(/^#!.*\n/, '')
      const once = `[ -e ${failed} ] || { : > ${failed}; echo 'error: builder failed' >&2; exit 1; }`
      writeProgram(nix, `${once}\n${standIn}`)
    },
  },
  {
    what: 'the boot loader cannot be installed',
    step: 'nixos.install',
    code: 'INSTALL_FAILED',
    begin({ guests }) {
      guests.faults.installFails = 'error: cannot install the boot loader'
    },
    end({ guests }) {
      guests.faults.installFails = undefined
    },
  },
  {
    what: 'the disk cannot be read',
    step: 'nixos.install',
    code: 'INSTALL_DISK_NOT_BLANK',
    begin({ guests }) {
      guests.faults.diskVanishes = true
    },
    async end(box) {
      box.guests.faults.diskVanishes = undefined
      await switchOff(box)
    },
  },
  {
    what: 'the machine dies while the system is copied',
    step: 'nixos.install',
    code: 'INSTALL_FAILED',
    begin({ guests }) {
      guests.faults.diesDuring = 'copy'
    },
    end({ guests }) {
      guests.faults.diesDuring = undefined
    },
  },
  {
    what: 'the VM does not stop',
    step: 'vm.detach',
    code: 'PVE_TASK_FAILED',
    begin: ({ lab }) => lab.faults.add({ task: 'qmshutdown', times: 1, action: { fail: 'got timeout' } }),
  },
  {
    what: 'the drives cannot be removed',
    step: 'vm.detach',
    code: 'PVE_REQUEST_FAILED',
    begin: ({ lab }) =>
      // The first change of the configuration notes the start of the installation, the second its end.
      lab.faults.add({
        method: 'PUT',
        path: '/nodes/*/qemu/*/config',
        after: 2,
        times: 1,
        action: { answer: { status: 500, reason: 'lvremove failed' } },
      }),
  },
  {
    what: 'the VM does not start without its drives',
    step: 'vm.detach',
    code: 'PVE_TASK_FAILED',
    begin: ({ lab }) =>
      lab.faults.add({ task: 'qmstart', after: 1, times: 1, action: { fail: 'start failed' } }),
  },
  {
    what: 'the installed system does not boot',
    step: 'proof',
    code: 'SSH_NOT_READY',
    host: { boot_timeout: 8 },
    begin({ guests }) {
      guests.faults.installedSystemHangs = true
    },
    async end(box) {
      box.guests.faults.installedSystemHangs = undefined
      await switchOff(box)
    },
  },
]

for (const { what, step, code, host = {}, begin, end } of troubles) {
  test.concurrent(`where ${what}, the run fails in ${step}, and the next one succeeds`, async () => {
    await using box = await openBox()
    await begin(box)
    const first = await box.run(['provision'], { input: { ...box.host, ...host } })
    expect(first.document.error?.code, first.stdout).toBe(code)
    expect(first.document.error.details).toMatchObject({ name: 'web1', failed_step: step })
    await end?.(box)
    await expectProvisioned(box, succeeded(await box.run(['provision'], { input: box.host })))
  })
}
