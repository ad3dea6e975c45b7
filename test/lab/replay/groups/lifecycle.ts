import type { Observed } from '../compare.ts'
import { type Group, inOrder } from '../group.ts'
import type { Exchange } from '../recordings.ts'
import { observe } from '../replay.ts'
import type { World } from '../world.ts'

const snapshots = 'snapshots are not emulated'

/** Starting, stopping, locking, destroying; what happens at the same time. */
export const lifecycle: Group = {
  name: 'lifecycle',
  source: 'recorded-more',
  setUp: async (world) => {
    world.isosAndSnippets()
    await world.create(100, { memory: 768, name: 'nixos1', serial0: 'socket' })
    await world.create(200, { memory: 256, name: 'web1', scsi0: 'local:1', serial0: 'socket' })
    await world.create(201, { name: 'db1', cores: 2, scsi0: 'local:1', pool: 'pool1' })
    await world.create(230, { memory: 256, name: 'lc1', scsi0: 'local:1', net0: 'virtio,bridge=vmbr0' })
    await world.start(200)
  },
  order: inOrder('lifecycle', [
    ['race-first', 'race-first-task', 'race-nextid-during', 'race-config-during', 'race-put-during'],
    ['race-second-same-vmid', 'parallel-create-config-after', 'parallel-create-content-after'],
    ['parallel-config-put', 'parallel-stop', 'parallel-delete', 'lock-set', 'locked/start', 'locked/stop'],
    ['locked/shutdown', 'locked/destroy', 'locked/resize', 'locked/list', 'locked/destroy-skiplock'],
    ['locked/clone', 'locked/cloudinit-regenerate', 'locked/config-post', 'locked/config-put'],
    ['locked/snapshot', 'locked/template', 'locked/unlink', 'delete-lock-as-non-root'],
    ['suspend-stopped', 'suspend-todisk-stopped', 'reboot-stopped', 'start', 'status-after-start'],
    ['destroy-running', 'destroy-running-purge', 'start-running', 'suspend', 'status-suspended'],
    ['list-suspended', 'start-suspended', 'resume', 'reset', 'shutdown-forcestop', 'shutdown-stopped'],
    ['stop-stopped', 'start-timeout-bad', 'start-unknown-parameter', 'start-timeout-0', 'stop-timeout-5'],
    ['start-timeout-1', 'start-body-empty-json', 'stop-keepActive', 'start-wait-shutdown-parallel-start'],
    ['stop-while-shutdown-runs', 'shutdown-overruled-task', 'start-no-kvm', 'destroy-parameters-in-body'],
    ['destroy-unknown-parameter', 'content-with-unreferenced', 'destroy-keeps-unreferenced'],
    ['content-after-destroy', 'acl-after-destroy-without-purge', 'pool-after-destroy', 'destroy-again'],
    ['destroy-unreferenced', 'content-after-unreferenced', 'destroy-purge', 'acl-after-purge'],
    ['start-bridge-missing-config', 'start-bridge-missing', 'start-too-much-memory', 'start-iso-gone'],
    ['start-too-many-cores', 'start-qemu-rejects-args', 'start-cpu-host-kvm-0', 'start-before-lock'],
    ['locked-running/stop', 'locked-running/stop-skiplock', 'locked-stopped/start-skiplock'],
    ['locked-running/shutdown', 'locked-running/snapshot', 'suspend-todisk', 'suspend-todisk-config'],
    ['suspend-todisk-config-put', 'suspend-todisk-start', 'suspend-todisk-status', 'monitor'],
    ['hotplug-net', 'hotplug-net-config', 'hotunplug-disk', 'post-config-error', 'put-config-error'],
    ['cfg-put-vs-post-async', 'post-config-background-delay'],
    ['slow-create', 'slow-create/config', 'slow-create/status', 'slow-create/resources'],
    ['slow-create/nextid', 'slow-create/tasks-active', 'slow-create/put-config', 'slow-create/second-create'],
    ['slow-create/task-still-running-after-these', 'slow-create/start', 'slow-create/start-task'],
    ['slow-create/final-task', 'slow-create/config-after'],
    ['abort-create', 'abort-create/task', 'abort-create/config-after', 'abort-create/content-after'],
  ]),
  prepare: {
    'lifecycle/parallel-create-config-after': (world) => world.create(232, { memory: 128, scsi0: 'local:1' }),
    'lifecycle/parallel-stop': async (world) => {
      await world.start(230)
      await world.start(231)
      // So that the second one comes while the first one works.
      world.lab.latency.stopMs = 300
    },
    'lifecycle/parallel-delete': (world) => {
      Object.assign(world.lab.latency, { stopMs: 0, destroyMs: 300 })
    },
    'lifecycle/lock-set': (world) => {
      world.lab.latency.destroyMs = 0
    },
    'lifecycle/suspend-stopped': change(230, { delete: 'lock', name: 'z', skiplock: 1 }),
    'lifecycle/shutdown-forcestop': ignorePowerButton(230),
    'lifecycle/start-body-empty-json': stop(230),
    'lifecycle/content-with-unreferenced': async (world) => {
      await stop(230)(world)
      world.file('local', 'images/230/vm-230-disk-7.raw', 1024 ** 3)
    },
    'lifecycle/destroy-unreferenced': (world) => world.create(230),
    'lifecycle/destroy-purge': (world) => world.create(230),
    'lifecycle/start-bridge-missing-config': async (world) => {
      await world.destroy(233)
      await world.create(233, { memory: 128 })
      await world.start(233)
    },
    'lifecycle/start-bridge-missing': stop(233),
    'lifecycle/start-too-much-memory': change(233, { delete: 'net0', memory: 99_999_999 }),
    'lifecycle/start-iso-gone': async (world) => {
      world.file('local', 'iso/gone.iso', 1)
      await change(233, { memory: 128, ide2: 'local:iso/gone.iso,media=cdrom' })(world)
      await world.run('DELETE', '/nodes/pve/storage/local/content/iso%2Fgone.iso')
    },
    'lifecycle/start-too-many-cores': change(233, { delete: 'ide2', cores: 3 }),
    'lifecycle/start-cpu-host-kvm-0': change(233, { cores: 1, cpu: 'host' }),
    'lifecycle/start-before-lock': change(233, { delete: 'cpu', name: 'x' }),
    'lifecycle/locked-running/stop': change(233, { lock: 'backup' }),
    'lifecycle/suspend-todisk-config': change(233, { lock: 'suspending', skiplock: 1 }),
    'lifecycle/hotplug-net': change(233, { delete: 'lock', skiplock: 1 }),
    'lifecycle/slow-create': async (world) => {
      world.file('local', 'import/slow.raw', 1500 * 1024 ** 2)
      world.lab.latency.copyMs = 1500
      for (const vmid of [230, 231, 233]) await world.destroy(vmid)
    },
    'lifecycle/abort-create': async (world) => {
      world.lab.latency.copyMs = 60_000
      const form = { vmid: 236, scsi0: 'local:0,import-from=local:import/slow.raw,format=qcow2' }
      const { body } = await world.ask('POST', '/nodes/pve/qemu', form)
      world.known.set('UPID:pve:0000012D:000BCA87:6B03433E:qmcreate:236:root@pam:', body.data)
    },
  },
  replay: {
    'lifecycle/race-first-task': taskKnownAs('UPID:pve:000042C1:000B19C6:6B03417A:qmcreate:231:root@pam:'),
    'lifecycle/stop-while-shutdown-runs': overruleShutdown,
    'lifecycle/shutdown-overruled-task': taskKnownAs(
      'UPID:pve:00004AE2:000B2A8B:6B0341A5:qmshutdown:230:root@pam:',
    ),
    'lifecycle/slow-create/start-task': taskKnownAs(
      'UPID:pve:00007FD8:000BCA37:6B03433D:qmstart:235:root@pam:',
    ),
    'lifecycle/slow-create/final-task': taskKnownAs(
      'UPID:pve:00007F9C:000BC7C9:6B034337:qmcreate:235:root@pam:',
    ),
    'lifecycle/abort-create/task': taskKnownAs('UPID:pve:0000012D:000BCA87:6B03433E:qmcreate:236:root@pam:'),
  },
  request: {
    // What the configuration shows afterwards.
    'lifecycle/race-first': ({ request }) => ({
      ...request,
      params: { ...(request.params as Record<string, string>), bios: 'ovmf', memory: 128 },
    }),
    'lifecycle/slow-create/task-still-running-after-these': ({ request }) => ({
      ...request,
      path: '/nodes/pve/tasks/UPID:pve:00007F9C:000BC7C9:6B034337:qmcreate:235:root@pam:/status',
    }),
  },
  excluded: {
    'lifecycle/locked/snapshot': snapshots,
    'lifecycle/locked-running/snapshot': snapshots,
    'lifecycle/monitor': "QEMU's own command line",
    'lifecycle/start-timeout-1': 'QEMU took longer than a second there; the error shows its command line',
    'lifecycle/resources-suspended': 'shows statistics from before the suspension',
    'lifecycle/hotunplug-disk': 'no system ran in that machine that could have released the device',
    'lifecycle/start-qemu-rejects-args': "what options QEMU knows is not the lab's to tell",
    'lifecycle/suspend-todisk': 'the recorded machine had a QEMU without the command for it',
  },
}

type Step = (world: World) => Promise<void>

function change(vmid: number, form: Record<string, string | number>): Step {
  return async (world) => {
    await world.ask('PUT', `/nodes/pve/qemu/${vmid}/config`, form)
  }
}

function stop(vmid: number): Step {
  return async (world) => {
    await world.run('POST', `/nodes/pve/qemu/${vmid}/status/stop`)
  }
}

function ignorePowerButton(vmid: number): Step {
  return async (world) => {
    Object.assign(world.guests.get(vmid) ?? {}, { ignoresPowerButton: true })
  }
}

/** How a task ended that began earlier. */
function taskKnownAs(recorded: string): (world: World, exchange: Exchange) => Promise<Observed> {
  return async (world) => {
    const { exitstatus, lines } = await world.finished(world.known.get(recorded) ?? recorded)
    return { statusLine: '', task: { exitstatus, log: lines } }
  }
}

async function overruleShutdown(world: World, exchange: Exchange): Promise<Observed> {
  const form = { timeout: 60 }
  const { body } = await world.ask('POST', '/nodes/pve/qemu/230/status/shutdown', form)
  world.known.set('UPID:pve:00004AE2:000B2A8B:6B0341A5:qmshutdown:230:root@pam:', body.data)
  return await observe(world, exchange.request, exchange)
}
