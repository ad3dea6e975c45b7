import type { Observed } from '../compare.ts'
import { type Group, inOrder } from '../group.ts'
import { cardStatistics, RecordedAgent } from '../recorded-agent.ts'
import type { Exchange, RecordedRequest } from '../recordings.ts'
import type { World } from '../world.ts'
import { isUploadOrAccess } from './uploads.ts'

const spice = 'SPICE did not start on that machine, for want of a certificate'
const firmware = 'the firmware for aarch64 was not installed yet'

/** Machines from create to destroy, of the older recording. */
export const machines: Group = {
  name: 'machines',
  source: 'recorded-exchanges',
  includes: (name) => !isUploadOrAccess(name),
  setUp: (world) => {
    world.isosAndSnippets()
    world.identities.set('noperm@pve', () => world.ticketOf('noperm@pve'))
  },
  order: [
    ...['create-ok', 'config-after-create', 'cloudinit-get', 'cloudinit-dump-user', 'cloudinit-dump-bad'],
    ...['nextid-ok', 'nextid-no-perm', 'nextid-free', 'nextid-repeated-without-create', 'create-existing'],
    ...['agent-vm-stopped', 'agent-not-configured', 'start-ok', 'status-current-running'],
    ...['start-already-running', 'agent-not-running', 'agent-ping-not-running', 'run-delete-vm'],
    ...['config-running', 'pending-running', 'run-ci-change', 'run-ci-cloudinit-pending'],
    ...['run-ci-regenerate', 'run-ci-cloudinit-after', 'run-ide2-none', 'run-ide2-none-pending'],
    ...['run-ide2-reinsert', 'run-ide2-delete', 'run-ide2-delete-config', 'run-ide2-delete-config-current'],
    ...['run-ide2-delete-pending', 'run-ide0-delete(cloudinit)', 'run-ide0-delete-pending'],
    ...['content-after-ide0-delete', 'run-ide0-none(cloudinit)', 'run-ide0-none-pending'],
    ...['content-after-ide0-none', 'run-memory-change', 'run-boot-change', 'run-pending-all'],
    ...['shutdown-timeout', 'stop-ok', 'config-after-stop', 'pending-after-stop', 'content-after-stop'],
    ...['start2', 'config-after-start2', 'pending-after-start2', 'content-after-start2', 'stop2'],
    ...['lock-set', 'locked-config', 'locked-config-get', 'unlock'],
    ...['digest-mismatch', 'delete-missing-drive', 'stop-ci-readd', 'stop-ci-readd-cfg', 'stop-ci-second'],
    ...['stop-ide0-delete', 'config-stop-ide0-delete', 'content-stop-ide0-delete', 'stop-scsi0-delete'],
    ...[
      'config-stop-scsi0-delete',
      'protect',
      'delete-protected',
      'unprotect',
      'resize',
      'resize-shrink',
      'efi',
      'efi-cfg',
      'efi-start',
      'efi-stop',
    ],
    ...['efi-nodisk', 'efi-nodisk-start', 'import-cfg', 'arch-aarch64', 'arch-start', 'delete-ok'],
    ...['json-body-create', 'json-body-cfg', 'mk110', 'start110', 'agent-ping', 'root-token-skiplock'],
    ...['agent-info', 'agent-network-get-interfaces', 'agent-get-osinfo-unsupported', 'root-token-lock'],
    ...[
      'create-race-same-vmid',
      'stop110',
      'del110',
      'del112',
      'create-with-warnings',
      'start-with-warnings',
    ],
    ...['tasks-list-warnings', 'task-log-paging'],
    ...inOrder('more', [
      ['mk', 'resize-ok', 'resize-cfg', 'del', 'arch-create', 'arch-cfg', 'arch-start', 'arch-stop'],
      ['arch-ci-ide0', 'arch-ci-del-ide0', 'arch-ci-sata0', 'arch-ci-del-sata0', 'arch-ci-scsi1'],
      ['arch-ci-del-scsi1', 'arch-bios-seabios', 'arch-seabios-start', 'sshkeys-double'],
      ['sshkeys-percent-encoded-once-then-form-encoded', 'sshkeys-plus-for-space', 'sshkeys-raw-key'],
      ['sshkeys-two-keys', 'x', 'cipassword', 'cipassword-config', 'cipassword-dump', 'tags'],
      ['nameserver-list-space', 'name-long', 'json-body-array-delete', 'cfg'],
    ]),
    ...inOrder('aarch64', [['create-ide0', 'start-ide0', 'create-sata0', 'start-sata0']]),
    ...['task-status-running', 'task-log-running', 'task-abort', 'task-status-after-abort'],
  ],
  before: forgetKeys,
  prepare: {
    'config-running': change(100, { description: 'x' }),
    'shutdown-timeout': async (world) => {
      Object.assign(world.guests.get(100) ?? {}, { ignoresPowerButton: true })
    },
    'import-cfg': (world) =>
      world.create(103, { memory: 128, scsi0: 'local:0,import-from=local:import/e.raw' }),
    'agent-ping': (world) => {
      const there = new RecordedAgent([{ address: '10.11.12.50', family: 4, prefix: 24 }])
      there.lacks = new Set(['get-osinfo'])
      there.installIn(world.guests.get(110))
    },
    del110: async (world) => {
      await world.run('POST', '/nodes/pve/qemu/110/status/stop')
    },
    'start-with-warnings': async (world) => {
      await world.run('POST', '/nodes/pve/qemu/113/status/stop')
    },
    'more/sshkeys-double': (world) =>
      world.create(123, { memory: 128, ide0: 'local:cloudinit', ide2: 'none,media=cdrom', boot: 'cdn' }),
    'aarch64/create-ide0': (world) => world.destroy(121),
    'aarch64/create-sata0': (world) => world.destroy(121),
    'aarch64/create-scsi1': (world) => world.destroy(121),
    'task-status-running': beginShutdown,
  },
  request: {
    'config-no-perm': asNobody,
    'create-arch-aarch64-nonroot-no-perm': asNobody,
    'create-no-perm': asNobody,
    'list-no-perm': asNobody,
    'nextid-no-perm': asNobody,
    'vm-unknown-noperm': asNobody,
    'root-token-arch': asRootToken,
    'root-token-args': asRootToken,
    'root-token-lock': asRootToken,
    'root-token-skiplock': asRootToken,
    'json-body-create': () => ({
      method: 'POST',
      path: '/nodes/pve/qemu',
      body: { vmid: 106, name: 'js', memory: 128, cores: 1, onboot: true, agent: 'enabled=1' },
      'content-type': 'application/json',
    }),
    'more/json-body-array-delete': () => ({
      method: 'PUT',
      path: '/nodes/pve/qemu/123/config',
      body: { delete: ['tags', 'name', 'nameserver'] },
      'content-type': 'application/json',
    }),
    'create-race-same-vmid': ({ request }) => ({
      parallel: (request.parallel ?? []).map((one) => ({
        ...one,
        params: { ...(one.params as Record<string, string>), scsi0: 'local:1' },
      })),
    }),
    'task-abort': () => ({ method: 'DELETE', path: `/nodes/pve/tasks/${shutdownTask}` }),
    'task-log-running': () => ({ method: 'GET', path: `/nodes/pve/tasks/${shutdownTask}/log` }),
    'task-status-running': () => ({ method: 'GET', path: `/nodes/pve/tasks/${shutdownTask}/status` }),
    'task-status-after-abort': () => ({ method: 'GET', path: `/nodes/pve/tasks/${shutdownTask}/status` }),
  },
  replay: {
    'nextid-repeated-without-create': async (world) => {
      const answers = [1, 2, 3].map(() => world.ask('GET', '/cluster/nextid'))
      return { statusLine: '', body: (await Promise.all(answers)).map(({ body }) => body.data) }
    },
    'more/cipassword-config': async (world) => ({
      statusLine: '',
      body: (await world.config(123))?.cipassword,
    }),
    'more/cipassword-dump': userData,
  },
  measured: cardStatistics,
  shapeOnly: {
    'agent-info': 'depends on the agent that answered there',
    'tasks-list': 'the list holds what was done that day',
  },
  excluded: {
    'arch-aarch64': firmware,
    'arch-start': firmware,
    'more/arch-start': spice,
    'more/arch-ci-start*': spice,
    'more/arch-seabios-start': spice,
    stop110: 'QEMU took longer than a second to stop',
  },
}

const shutdownTask = 'UPID:pve:000039B9:0005D7AB:6B033404:qmshutdown:130:root@pam:'

function change(vmid: number, form: Record<string, string | number>): (world: World) => Promise<void> {
  return async (world) => {
    await world.ask('PUT', `/nodes/pve/qemu/${vmid}/config`, form)
  }
}

/** Each form of keys was tried on a machine without any. */
async function forgetKeys(world: World, { name }: Exchange): Promise<void> {
  if (!/^more\/sshkeys-/.test(name) || (await world.config(123)) === undefined) return
  await world.ask('PUT', '/nodes/pve/qemu/123/config', { delete: 'sshkeys' })
}

/** A shutdown that waits for an agent: it does not hear that it is to stop. */
async function beginShutdown(world: World): Promise<void> {
  await world.create(130, { memory: 128, agent: 1 })
  await world.start(130)
  Object.assign(world.guests.get(130) ?? {}, { agent: () => new Promise(() => undefined) })
  const { body } = await world.ask('POST', '/nodes/pve/qemu/130/status/shutdown')
  world.known.set(shutdownTask, body.data)
}

function asNobody({ request }: Exchange): RecordedRequest {
  return { ...request, auth: 'noperm@pve' }
}

function asRootToken({ request }: Exchange): RecordedRequest {
  return { ...request, auth: 'token root@pam!tk' }
}

async function userData(world: World): Promise<Observed> {
  const { body } = await world.ask('GET', '/nodes/pve/qemu/123/cloudinit/dump?type=user')
  return { statusLine: '', body: body.data }
}
