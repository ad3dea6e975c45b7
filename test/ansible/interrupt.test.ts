import { expect, it } from 'vitest'
import { until } from '../support/lab.ts'
import { hostValues, openStage, prefix, type Stage } from './support/play.ts'
import { newest, oldest } from './support/requirements.ts'

/** Of the lab, as `DELETE /nodes/pve/tasks/…`. */
const requests = (stage: Stage): string[] =>
  stage.box.lab.requests.map(({ method, path }) => `${method} ${path}`)
const stopsTask = expect.stringMatching(/^DELETE .*\/tasks\//)

const provision = `${prefix}.provision`

for (const [age, requirements] of Object.entries({ newest, oldest })) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
    it(`${signal} ends the engine of a play, cleanly, and the next play carries on: ${age} ansible-core`, {
      timeout: 90_000,
    }, async (context) => {
      await using stage = await openStage(context, {}, requirements)
      const { lab } = stage.box
      lab.faults.add({ task: 'qmcreate', times: 1, action: { hang: true } })
      const words = [
        ...stage.inventory({ web1: { nixos_vm: hostValues(stage.box, '192.0.2.21') } }),
        provision,
      ]
      const playing = stage.start(words)
      await playing.until('web1 | provision vm.create | ')
      await until(() => requests(stage).some((request) => /^GET .*qmcreate/.test(request)))
      // Ctrl-C reaches the whole group of the terminal; a supervisor's signal the play alone.
      const pid = Number(playing.child.pid)
      process.kill(signal === 'SIGINT' ? -pid : pid, signal)
      await playing.ended
      await until(() => playing.alive().length === 0)
      // The engine had the time to stop the task that it started.
      expect(requests(stage)).toContainEqual(stopsTask)
      const again = await stage.play(words)
      expect(again.exitCode, again.text).toBe(0)
      expect(stage.box.vmids()).toHaveLength(1)
    })
  }

  it(`a task’s own timeout ends its engine: ${age} ansible-core`, { timeout: 180_000 }, async (context) => {
    await using stage = await openStage(context, {}, requirements)
    const { lab } = stage.box
    lab.faults.add({ task: 'qmcreate', action: { hang: true } })
    const playing = stage.start([
      '-i',
      'localhost,',
      '-c',
      'local',
      stage.playbook([
        {
          hosts: 'localhost',
          gather_facts: false,
          tasks: [{ name: 'create', [`${prefix}.vm_create`]: { name: 'web1' }, timeout: 4 }],
        },
      ]),
    ])
    const { exitCode, text } = await playing.ended
    expect(exitCode, text).toBe(2)
    expect(text).toMatch(/timed out|time frame|exceeded/i)
    expect(playing.alive()).toEqual([])
    expect(requests(stage)).toContainEqual(stopsTask)
  })
}
