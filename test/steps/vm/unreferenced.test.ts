import { expect, test } from 'vitest'
import { Resources } from '../../../src/core/resources.ts'
import type { Context, Inputs } from '../../../src/core/step.ts'
import { validate } from '../../../src/core/validate.ts'
import type { Lab, LabOptions } from '../../../src/lab/lab.ts'
import { connectProxmox } from '../../../src/proxmox/client.ts'
import { readCluster } from '../../../src/proxmox/cluster.ts'
import { vmCreate } from '../../../src/steps/vm/create.ts'
import { vmDestroy } from '../../../src/steps/vm/destroy.ts'
import { unreferencedVolumes } from '../../../src/steps/vm/unreferenced.ts'
import { send } from '../../lab/api-client.ts'
import { stepsOnLab } from '../../support/steps.ts'

/** As a command of its own. */
const alone = { alone: true } as const

/** What is found for each VM, asked for as the hosts of one batch do, or for each alone. */
async function straysOf(
  lab: Lab,
  vmids: readonly number[],
  [api_token_id, api_token_secret]: readonly [string, string],
  isBatch = true,
): Promise<string[][]> {
  await using resources = new Resources()
  const context: Context = {
    resources,
    signal: new AbortController().signal,
    assumed: new Set(),
    ...(isBatch ? { listings: { most: 10_000, after: 0 } } : {}),
    emit: () => undefined,
    redact: (text) => text,
  }
  const input: Record<string, unknown> = {
    ...{ api_host: `127.0.0.1:${lab.port}`, api_fingerprint: lab.fingerprint },
    ...{ api_token_id, api_token_secret, vmid: vmids[0] },
  }
  await validate('vm.destroy', input)
  const client = connectProxmox(input as unknown as Inputs['vm.destroy'], context)
  const cluster = await readCluster(client)
  // Not before: the connections end with this function.
  return await Promise.all(
    vmids.map(async (vmid) => {
      const vm = { vmid, node: 'pve', name: '' }
      const found = await unreferencedVolumes(client, context, cluster, vm, {
        referenced: [`local-lvm:vm-${vmid}-disk-0`],
        going: false,
      })
      return found.map(({ volid }) => volid)
    }),
  )
}

test('hosts of a batch share listings, unless these do not tell of their VMs', async () => {
  await using steps = await stepsOnLab({
    users: [{ id: 'small@pve' }],
    tokens: [{ id: 'small@pve!t', secret: 'of-no-use' }],
    roles: { Small: ['Datastore.AllocateSpace', 'VM.Audit'] },
    acl: [{ path: '/', id: 'small@pve', role: 'Small', propagate: true }],
  })
  const { lab } = steps
  const vmids: number[] = []
  const strays: string[][] = []
  for (const name of ['web1', 'web2', 'web3']) {
    const { vmid } = (await steps.run(vmCreate, { name, disks: [{ size: '1G' }], cloud_init: false })).output
    vmids.push(vmid)
    const form = { vmid, filename: `vm-${vmid}-disk-7`, size: '1G' }
    const path = '/nodes/pve/storage/local-lvm/content'
    strays.push([(await send(lab, 'POST', path, { form })).body.data])
  }
  const listings = (): number => steps.asked().filter((request) => request.endsWith('/content')).length
  const root = [lab.tokenId, lab.tokenSecret] as const
  steps.asked()
  expect(await straysOf(lab, vmids, root)).toEqual(strays)
  const storages = listings()
  expect(storages).toBeLessThan(vmids.length)
  expect(await straysOf(lab, vmids, root, false)).toEqual(strays)
  expect(listings()).toBe(vmids.length * storages)
  // Who may only allocate there sees what belongs to a VM that it names.
  expect(await straysOf(lab, vmids, ['small@pve!t', 'of-no-use'])).toEqual(strays)
})

test('what goes with the VM’s snapshots is not said to stay', async () => {
  await using steps = await stepsOnLab()
  const { vmid } = (await steps.run(vmCreate, { name: 'web1', disks: [{ size: '1G' }] })).output
  for (const filename of [`vm-${vmid}-state-before`, `vm-${vmid}-disk-7`]) {
    const form = { vmid, filename, size: '1G' }
    await send(steps.lab, 'POST', '/nodes/pve/storage/local-lvm/content', { form })
  }
  const { output } = await steps.run(vmDestroy, { vmid }, { ...alone, check: true })
  expect(output.unreferenced).toEqual([`local-lvm:vm-${vmid}-disk-7`])
})

test('a storage that hangs keeps no VM from being destroyed, unless what is left there is to go', async () => {
  const storages: LabOptions['storages'] = [
    { id: 'local', content: ['iso'] },
    { id: 'local-lvm', type: 'lvmthin', content: ['images'] },
    { id: 'fast', type: 'lvmthin', content: ['images'] },
  ]
  await using steps = await stepsOnLab({ storages })
  const { vmid } = (await steps.run(vmCreate, { name: 'web1', disks: [{ size: '1G' }] }, alone)).output
  const answer = { status: 596, reason: 'Connection timed out' }
  steps.lab.faults.add({ path: '/nodes/*/storage/fast/content', action: { answer } })
  await expect(steps.run(vmDestroy, { vmid, unreferenced: true }, alone)).rejects.toMatchObject({
    code: 'PVE_NODE_OFFLINE',
  })
  const { changed, warnings } = await steps.run(vmDestroy, { vmid }, alone)
  expect(changed).toBe(true)
  expect(warnings).toEqual([expect.stringContaining('The storage fast of node pve cannot be listed now')])
})
