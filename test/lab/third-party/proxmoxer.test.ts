import { execa } from 'execa'
import { expect, it } from 'vitest'
import { pythonEnvironment } from '../../support/python.ts'
import { newLab } from '../new-lab.ts'
import { proxmoxer } from './requirements.ts'

it('proxmoxer takes a VM from its creation to its end', { timeout: 300_000 }, async (context) => {
  const environment = await pythonEnvironment(context, proxmoxer)
  const { lab } = await newLab()
  const script = new URL('proxmoxer_life.py', import.meta.url).pathname
  const { stdout } = await execa(`${environment}/bin/python`, [script], {
    env: {
      LAB_PORT: String(lab.port),
      LAB_PASSWORD: lab.password,
      LAB_TOKEN_SECRET: lab.tokenSecret,
      LAB_CERTIFICATE: lab.certificateFile,
    },
  })
  expect(JSON.parse(stdout)).toEqual({
    version: '9.2',
    nodes: ['pve'],
    vmid: 100,
    created: 'OK',
    name: 'web1',
    running: 'running',
    agent_error: '500 Internal Server Error: QEMU guest agent is not running',
    uploaded: 'OK',
    iso_size: 100_000,
    stopped: 'OK',
    destroyed: 'OK',
    left: [],
    denied: '403 Forbidden',
    invalid: { cores: 'value must have a minimum value of 1' },
  })
})
