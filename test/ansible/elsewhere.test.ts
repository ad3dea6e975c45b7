import { expect, it, type TestContext } from 'vitest'
import { until } from '../support/lab.ts'
import { nciPath } from '../support/nci.ts'
import { hasSshd, startSshd } from '../support/sshd.ts'
import { openStage, prefix, type Stage } from './support/play.ts'

/** A lab, and another machine that tasks are delegated to: an SSH server with a home and an environment of its own. */
async function openTwo(context: TestContext) {
  if (!hasSshd) return context.skip('needs an OpenSSH server')
  const stage = await openStage(context)
  const sshd = await startSshd()
  const builder = {
    ansible_host: '127.0.0.1',
    ansible_port: sshd.port,
    ansible_user: sshd.user,
    ansible_ssh_private_key_file: sshd.keyFile,
    ansible_ssh_common_args:
      '-F none -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o ControlPath=none',
  }
  return {
    stage,
    /** A play on a host that is not there yet, with tasks that are delegated. */
    words: (tasks: readonly object[]) => [
      ...stage.inventory({ web1: {}, builder }),
      stage.playbook([
        {
          hosts: 'web1',
          gather_facts: false,
          tasks: tasks.map((task) => ({ ...task, delegate_to: 'builder' })),
        },
      ]),
    ],
    async [Symbol.asyncDispose]() {
      await stage[Symbol.asyncDispose]()
      await sshd[Symbol.asyncDispose]()
    },
  }
}

const connection = ({ environment }: Stage) => ({
  api_host: environment.PROXMOX_HOST,
  api_token_id: environment.PROXMOX_TOKEN_ID,
  api_token_secret: environment.PROXMOX_TOKEN_SECRET,
  api_fingerprint: environment.PROXMOX_FINGERPRINT,
})

it('a delegated task runs on the other machine, with the engine and the environment of that one', {
  timeout: 300_000,
}, async (context) => {
  await using two = await openTwo(context)
  const { stage } = two
  const [create, info] = [`${prefix}.vm_create`, `${prefix}.vm_info`]
  const here = { ...connection(stage), engine_path: nciPath, name: 'web1', vmid: 101 }
  const tasks = [
    { name: 'no engine', [info]: { name: 'web1' }, ignore_errors: true },
    { name: 'no connection', [info]: { name: 'web1', engine_path: nciPath }, ignore_errors: true },
    { name: 'unknown', [info]: { ...connection(stage), nme: 'web1' }, ignore_errors: true },
    { name: 'predicted', [create]: here, check_mode: true, diff: true },
    { name: 'created', [create]: here, diff: true },
    { name: 'again', [create]: here },
  ]
  const {
    exitCode,
    text,
    tasks: done,
  } = await stage.play(two.words(tasks), { environment: { ANSIBLE_PIPELINING: 'true' } })
  expect(exitCode, text).toBe(0)
  const result = (name: string) => done.find(({ task }) => task === name)?.result
  expect(result('no engine').error.code).toBe('ENGINE_MISSING')
  expect(result('no connection').error.code).toBe('PVE_HOST_MISSING')
  expect(result('unknown').error.message).toContain('there is no `nme` (did you mean `name`?)')
  expect(result('predicted')).toMatchObject({ changed: true, diff: { after: { name: 'web1' } } })
  expect(result('created')).toMatchObject({ changed: true, diff: result('predicted').diff })
  expect(result('again').changed).toBe(false)
  expect(text).not.toContain(stage.environment.PROXMOX_TOKEN_SECRET)
})

for (const pipelining of ['true', 'false']) {
  it(`a play that is killed ends its engine on the other machine, with pipelining ${pipelining}`, {
    timeout: 180_000,
  }, async (context) => {
    await using two = await openTwo(context)
    const { stage } = two
    const { lab } = stage.box
    lab.faults.add({ task: 'qmcreate', action: { hang: true } })
    const sees = (pattern: RegExp): boolean =>
      lab.requests.some(({ method, path }) => pattern.test(`${method} ${path}`))
    const task = { [`${prefix}.vm_create`]: { ...connection(stage), engine_path: nciPath, name: 'web1' } }
    const playing = stage.start(two.words([task]), { environment: { ANSIBLE_PIPELINING: pipelining } })
    await until(() => sees(/^GET .*qmcreate/))
    process.kill(Number(playing.child.pid), 'SIGKILL')
    // It had the time to stop the task that it started.
    await until(() => sees(/^DELETE .*\/tasks\//))
  })
}
