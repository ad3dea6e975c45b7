import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, it } from 'vitest'
import { pythonEnvironment } from '../../support/python.ts'
import { send } from '../api-client.ts'
import { newLab } from '../new-lab.ts'
import { ansible } from './requirements.ts'

it('the modules of community.proxmox make a VM, find nothing to do, and remove it', {
  timeout: 600_000,
}, async (context) => {
  const environment = await pythonEnvironment(context, ansible)
  const { lab, folder } = await newLab()
  const iso = join(folder, 'installer.iso')
  writeFileSync(iso, Buffer.alloc(100_000))
  const settings = { port: lab.port, password: lab.password, token_secret: lab.tokenSecret, iso }
  const play = async (playbook: string, more: object = {}) => {
    const file = new URL(playbook, import.meta.url).pathname
    const extra = JSON.stringify({ ...settings, ...more })
    const words = ['--inventory', 'localhost,', '--connection', 'local', '--extra-vars', extra, file]
    const { all = '', exitCode } = await execa(join(environment, 'bin', 'ansible-playbook'), words, {
      all: true,
      reject: false,
      env: {
        ANSIBLE_HOME: join(folder, 'ansible'),
        ANSIBLE_NOCOLOR: '1',
        ANSIBLE_PYTHON_INTERPRETER: join(environment, 'bin', 'python'),
      },
    })
    expect(exitCode, all).toBe(0)
    return Number(/changed=(\d+)/.exec(all)?.[1])
  }

  expect(await play('playbook.yml')).toBe(10)
  expect(await play('playbook.yml')).toBe(0)
  expect((await send(lab, 'GET', '/nodes/pve/qemu/100/status/current')).body.data.status).toBe('running')

  expect(await play('teardown.yml', { is_there: true })).toBe(8)
  expect(await play('teardown.yml', { is_there: false })).toBe(0)
  expect((await send(lab, 'GET', '/cluster/resources?type=vm')).body.data).toEqual([])
  expect((await send(lab, 'GET', '/nodes/pve/storage/local/content')).body.data).toEqual([])
})
