import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createVm, newKey, until } from './vm.ts'

it('a boot that hangs leaves a running machine without network and agent', async () => {
  await using vm = await createVm({}, { faults: { bootHangs: true } })
  await vm.guest.powerOn(vm.hardware)
  await until(() => vm.log.some((line) => line.includes('hangs in the boot')))
  expect(vm.guest.running).toBe(true)
  expect(vm.guest.addresses).toEqual([])
  await expect(vm.guest.agent('ping', {})).rejects.toMatchObject({ reason: 'not-running' })
})

it('faults can be set for one guest, and taken back while it runs', async () => {
  await using vm = await createVm()
  await vm.guest.powerOn(vm.hardware)
  await vm.ready()
  vm.guests.faultsOf(101).agentSilent = true
  expect(await vm.guest.agent('ping', {})).toEqual({ result: {} })
  vm.guests.faultsOf(100).agentSilent = true
  await expect(vm.guest.agent('ping', {})).rejects.toMatchObject({ reason: 'not-running' })
  vm.guests.faultsOf(100).agentSilent = undefined
  expect(await vm.guest.agent('ping', {})).toEqual({ result: {} })
})

it('a fault of one guest does not hide one for all that it leaves unset', async () => {
  await using vm = await createVm({}, { faults: { agentSilent: true } })
  vm.guests.faultsOf(100).agentSilent = undefined
  await vm.guest.powerOn(vm.hardware)
  await vm.ready()
  await expect(vm.guest.agent('ping', {})).rejects.toMatchObject({ reason: 'not-running' })
})

it('an error of cloud-init is in its result', async () => {
  await using vm = await createVm({}, { faults: { cloudInitError: 'no disk today' } })
  await vm.guest.powerOn(vm.hardware)
  await vm.ready()
  const { stdout } = await vm.ssh('cloud-init status --wait; echo $?; cat /run/cloud-init/result.json')
  expect(stdout).toContain('status: error\n1\n')
  expect(stdout).toContain('no disk today')
})

it('connections are cut after so many bytes', async () => {
  await using vm = await createVm()
  await vm.guest.powerOn(vm.hardware)
  await vm.ready()
  vm.guests.faults.dropAfterBytes = 100_000
  expect((await vm.ssh('cat > /tmp/x', { input: Buffer.alloc(1_000_000) })).exitCode).toBe(255)
  // What came before is there: the command saw the end of its input, as on a real machine.
  await until(
    async () => Number((await vm.ssh('stat -c %s /tmp/x 2>/dev/null || echo 1000000')).stdout) < 1_000_000,
  )
})

it('a reboot is ignored', async () => {
  await using vm = await createVm({}, { faults: { rebootIgnored: true } })
  await vm.guest.powerOn(vm.hardware)
  await vm.ready()
  const bootId = async () => (await vm.ssh('cat /proc/sys/kernel/random/boot_id')).stdout
  const before = await bootId()
  await vm.ssh('reboot')
  expect(await bootId()).toBe(before)
})

it('failed logins are penalised when asked for', async () => {
  await using vm = await createVm({}, { loginPenalties: true, faults: { keysNeverArrive: true } })
  await vm.guest.powerOn(vm.hardware)
  const other = newKey(join(vm.folder, 'other'))
  // sshd drops the connection before its banner; the client has no better word for it.
  await until(async () => /Connection (closed|reset)/.test((await vm.ssh('true', { key: other })).stderr))
})
