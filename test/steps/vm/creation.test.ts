import { expect, test } from 'vitest'
import { vmCreate } from '../../../src/steps/vm/create.ts'
import { stepsOnLab } from '../../support/steps.ts'

const alone = { alone: true } as const

test('an id is chosen from the wanted range, the lowest first, until none is left', async () => {
  await using steps = await stepsOnLab()
  const range = { vmid_min: 200, vmid_max: 201 }
  const ids: number[] = []
  for (const name of ['web1', 'web2'])
    ids.push((await steps.run(vmCreate, { name, ...range }, alone)).output.vmid)
  expect(ids).toEqual([200, 201])
  await expect(steps.run(vmCreate, { name: 'web3', ...range }, alone)).rejects.toMatchObject({
    code: 'PVE_VMID_RANGE_FULL',
  })
  // One end is enough.
  const open = { name: 'web3', vmid_min: 200 }
  expect((await steps.run(vmCreate, open, alone)).output.vmid).toBe(202)
  const low = { name: 'web4', vmid_max: 100 }
  expect((await steps.run(vmCreate, low, alone)).output.vmid).toBe(100)
  await expect(steps.run(vmCreate, { ...low, name: 'web5' }, alone)).rejects.toMatchObject({
    code: 'PVE_VMID_RANGE_FULL',
  })
})

test('an installer that nobody can log in to is warned of', async () => {
  await using steps = await stepsOnLab()
  const warned = [expect.stringContaining('nobody will be able to log in')]
  const check = { check: true } as const
  expect(await steps.run(vmCreate, { name: 'a' }, check)).toMatchObject({ warnings: warned })
  expect(await steps.run(vmCreate, { name: 'a', ssh_public_keys: [] }, check)).toMatchObject({
    warnings: warned,
  })
  const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFfMAQlYsUaRFYEYFRkA9viZt092nSOL3OzS6yBwBQZK'
  for (const way of [{ ssh_public_keys: [key] }, { ci_password: 'correct horse' }, { cloud_init: false }])
    expect(await steps.run(vmCreate, { name: 'a', ...way }, check)).toMatchObject({ warnings: [] })
})
