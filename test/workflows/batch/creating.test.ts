import { expect, test } from 'vitest'
import { Resources } from '../../../src/core/resources.ts'
import { runStep } from '../../../src/core/run.ts'
import type { Inputs } from '../../../src/core/step.ts'
import { connectProxmox } from '../../../src/proxmox/client.ts'
import { readSettledCluster } from '../../../src/proxmox/cluster.ts'
import { vmCreate } from '../../../src/steps/vm/create.ts'
import { valuesFor } from '../../../src/workflows/run.ts'
import { recordingContext } from '../../support/context.ts'
import { until } from '../../support/lab.ts'
import { openBatchLab } from './batch-lab.ts'

test('a VM that another host of the batch creates is not waited for, and one of another run is', async () => {
  await using box = await openBatchLab({ latency: { createMs: 1000 } })
  const { input } = await box.host('web1', { vmid: 101 })
  await using batch = new Resources()
  const creation = runStep(vmCreate, valuesFor('vm.create', input) as unknown as Inputs['vm.create'], {
    signal: new AbortController().signal,
    emit: () => undefined,
    resources: batch,
  })
  await until(() => box.asked().some(({ method, path }) => `${method} ${path}` === 'POST /nodes/pve1/qemu'))

  const own = { ...recordingContext(), resources: new Resources(batch) }
  const during = await readSettledCluster(connectProxmox(input, own), own)
  expect(during.creating).toEqual([101])
  expect(own.events).toEqual([])

  await using others = new Resources()
  const other = { ...recordingContext(), resources: others }
  const after = await readSettledCluster(connectProxmox(input, other), other)
  expect(after.creating).toEqual([])
  expect(other.events).toEqual([{ type: 'phase', phase: 'waiting for a VM that is being created' }])
  await creation
})
