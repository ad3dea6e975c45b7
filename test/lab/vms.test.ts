import { existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Lab } from '../../src/lab/lab.ts'
import { finished, runTask, send, upload } from './api-client.ts'
import { newLab } from './new-lab.ts'

const vm = '/nodes/pve/qemu/100'
const hardware = {
  vmid: 100,
  name: 'web1',
  memory: 512,
  ostype: 'l26',
  scsi0: 'local-lvm:2',
  ide0: 'local:cloudinit',
  ide2: 'none,media=cdrom',
  net0: 'virtio,bridge=vmbr0',
  boot: 'order=scsi0;ide2',
  agent: 'enabled=1',
  ciuser: 'root',
  ipconfig0: 'ip=192.0.2.77/24,gw=192.0.2.1',
}

async function create(lab: Lab, more: Record<string, string | number> = {}) {
  return await runTask(lab, 'POST', '/nodes/pve/qemu', { form: { ...hardware, ...more } })
}

async function start(lab: Lab) {
  return await runTask(lab, 'POST', `${vm}/status/start`)
}

async function change(lab: Lab, form: Record<string, string | number>) {
  return await send(lab, 'PUT', `${vm}/config`, { form })
}

async function config(lab: Lab, query = '') {
  return (await send(lab, 'GET', `${vm}/config${query}`)).body.data
}

async function pending(lab: Lab): Promise<Record<string, Record<string, unknown>>> {
  const rows = (await send(lab, 'GET', `${vm}/pending`)).body.data as { key: string }[]
  return Object.fromEntries(rows.map((row) => [row.key, row]))
}

describe('creating a VM', () => {
  it('makes sparse volumes and fills in what was left out', async () => {
    const { lab, folder } = await newLab()
    expect((await create(lab)).exitstatus).toBe('OK')
    const { scsi0, ide0, net0, smbios1, vmgenid, meta } = await config(lab)
    expect(scsi0).toBe('local-lvm:vm-100-disk-0,size=2G')
    expect(ide0).toBe('local:100/vm-100-cloudinit.qcow2,media=cdrom')
    expect(net0).toMatch(/^virtio=BC:24:11(:[0-9A-F]{2}){3},bridge=vmbr0$/)
    expect(smbios1).toMatch(/^uuid=[0-9a-f-]{36}$/)
    expect(vmgenid).toMatch(/^[0-9a-f-]{36}$/)
    expect(meta).toMatch(/^creation-qemu=/)
    const disk = statSync(path.join(folder, 'storage/local-lvm/images/100/vm-100-disk-0'))
    expect([disk.size, disk.blocks]).toEqual([2 * 1024 ** 3, 0])
  })

  it('with an id that is taken is a 500 at once', async () => {
    const { lab } = await newLab()
    await create(lab)
    const answer = await send(lab, 'POST', '/nodes/pve/qemu', { form: { vmid: 100 } })
    expect([answer.status, answer.reason]).toEqual([
      500,
      "unable to create VM 100 - VM 100 already exists on node 'pve'",
    ])
  })

  it('lets one of several with the same id win', async () => {
    const { lab } = await newLab()
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => send(lab, 'POST', '/nodes/pve/qemu', { form: { vmid: 100 } })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 500, 500, 500])
  })

  it('shows nothing but its lock while it lasts, and leaves nothing when it is aborted', async () => {
    const { lab, folder } = await newLab()
    lab.faults.add({ task: 'qmcreate', action: { hang: true } })
    const upid = (await send(lab, 'POST', '/nodes/pve/qemu', { form: hardware })).body.data
    expect(Object.keys(await config(lab)).sort()).toEqual(['digest', 'lock'])
    const task = `/nodes/pve/tasks/${encodeURIComponent(upid)}`
    expect((await send(lab, 'GET', `${task}/status`)).body.data).not.toHaveProperty('exitstatus')
    expect((await send(lab, 'GET', `${task}/log`)).body.data).toEqual([{ n: 1, t: 'no content' }])
    await send(lab, 'DELETE', task)
    expect((await finished(lab, upid)).exitstatus).toMatch(/^unable to create VM 100 - .*received interrupt$/)
    expect((await send(lab, 'GET', `${vm}/config`)).status).toBe(500)
    expect(existsSync(path.join(folder, 'nodes/pve/qemu-server/100.conf'))).toBe(false)
  })

  it('with an ISO that is missing fails in the task', async () => {
    const { lab } = await newLab()
    const { exitstatus } = await create(lab, { ide2: 'local:iso/ghost.iso,media=cdrom' })
    expect(exitstatus).toBe("unable to create VM 100 - volume 'local:iso/ghost.iso' does not exist")
  })

  it('on an unknown storage, or one without images, is refused at once', async () => {
    const { lab } = await newLab({ storages: [{ id: 'isos', content: ['iso'] }] })
    const unknown = await send(lab, 'POST', '/nodes/pve/qemu', { form: { vmid: 100, scsi0: 'ghost:1' } })
    expect([unknown.status, unknown.reason]).toEqual([500, "storage 'ghost' does not exist"])
    const wrong = await send(lab, 'POST', '/nodes/pve/qemu', { form: { vmid: 100, scsi0: 'isos:1' } })
    expect(wrong.body.errors).toEqual({ storage: "storage 'isos' does not support vm images" })
  })

  it('takes JSON, and hashes the password of the guest', async () => {
    const { lab, folder } = await newLab()
    const json = { vmid: 100, onboot: true, cores: 2, cipassword: 'secret12', tags: 'B;a,c d' }
    await runTask(lab, 'POST', '/nodes/pve/qemu', { json })
    expect(await config(lab)).toMatchObject({
      onboot: 1,
      cores: 2,
      cipassword: '**********',
      tags: 'a;b;c;d',
      boot: ' ',
    })
    const file = readFileSync(path.join(folder, 'nodes/pve/qemu-server/100.conf'), 'utf8')
    expect(file).toMatch(/^cipassword: \$5\$.{8}\$.{43}$/m)
  })
})

describe('a running VM', () => {
  it('keeps most changes pending until the API stops it', async () => {
    const { lab } = await newLab()
    await create(lab)
    await start(lab)
    await change(lab, { memory: 768, description: 'at once' })
    expect(await config(lab)).toMatchObject({ memory: '768', description: 'at once' })
    expect(await config(lab, '?current=1')).toMatchObject({ memory: '512', description: 'at once' })
    expect((await pending(lab)).memory).toEqual({ key: 'memory', value: '512', pending: '768' })
    await runTask(lab, 'POST', `${vm}/status/stop`)
    expect(await config(lab, '?current=1')).toMatchObject({ memory: '768' })
  })

  it('hides a deleted CD-ROM that is still there', async () => {
    const { lab, guests } = await newLab()
    await create(lab)
    await start(lab)
    await change(lab, { delete: 'ide2' })
    expect(await config(lab)).not.toHaveProperty('ide2')
    expect(await config(lab, '?current=1')).toHaveProperty('ide2')
    expect(await pending(lab)).toMatchObject({ ide2: { delete: 1 }, boot: { pending: 'order=scsi0' } })
    expect(guests.get(100)?.ejected).toEqual([])
  })

  it('ejects a medium at once', async () => {
    const { lab, guests } = await newLab()
    await finished(lab, (await upload(lab, 'local', 'a.iso', 'iso')).body.data)
    await create(lab, { ide2: 'local:iso/a.iso,media=cdrom' })
    await start(lab)
    expect(guests.get(100)?.hardware?.isos.map(({ key }) => key)).toEqual(['ide2'])
    await change(lab, { ide2: 'none,media=cdrom' })
    expect(guests.get(100)?.ejected).toEqual(['ide2'])
    expect(await config(lab, '?current=1')).toMatchObject({ ide2: 'none,media=cdrom' })
  })

  it('loses the cloud-init volume when that drive is emptied', async () => {
    const { lab, folder } = await newLab()
    await create(lab)
    await start(lab)
    const volume = path.join(folder, 'storage/local/images/100/vm-100-cloudinit.qcow2')
    expect(existsSync(volume)).toBe(true)
    await change(lab, { ide0: 'none,media=cdrom' })
    expect(existsSync(volume)).toBe(false)
    expect((await pending(lab)).boot).toMatchObject({ pending: 'order=scsi0;ide2;ide0' })
  })

  it('has the old values on its cloud-init drive until that is made anew', async () => {
    const { lab } = await newLab()
    await create(lab)
    await start(lab)
    await change(lab, { ciuser: 'admin' })
    const rows = async () => (await send(lab, 'GET', `${vm}/cloudinit`)).body.data
    expect(await rows()).toEqual([{ key: 'ciuser', value: 'root', pending: 'admin' }])
    await send(lab, 'PUT', `${vm}/cloudinit`)
    expect(await rows()).toEqual([{ key: 'ciuser', value: 'admin' }])
  })

  it('gets the machine that its configuration describes', async () => {
    const { lab, guests } = await newLab()
    await create(lab, { cores: 2, bios: 'ovmf', efidisk0: 'local-lvm:1,efitype=4m' })
    await start(lab)
    const { smbios1 } = await config(lab)
    expect(guests.get(100)?.hardware).toMatchObject({
      vmid: 100,
      name: 'web1',
      uuid: smbios1.replace('uuid=', ''),
      cores: 2,
      memoryMiB: 512,
      firmware: 'uefi',
      bootOrder: ['scsi0', 'ide2'],
      disks: [{ key: 'scsi0', sizeBytes: 2 * 1024 ** 3 }],
      nics: [{ key: 'net0', bridge: 'vmbr0' }],
      agent: true,
      cloudInit: { key: 'ide0', files: { 'user-data': expect.stringContaining('hostname: web1') } },
    })
  })

  it('is in the file of addresses as long as it runs', async () => {
    const { lab, guests } = await newLab()
    const addresses = () => JSON.parse(readFileSync(lab.addressMapFile, 'utf8'))
    await create(lab)
    await start(lab)
    // All other addresses lead nowhere: what a real network has under them is not the lab's.
    expect(addresses()).toEqual({ '*': '127.0.0.1:1', '192.0.2.77:22': '127.0.0.1:40022' })
    guests.get(100)?.switchOff()
    expect(addresses()).toEqual({ '*': '127.0.0.1:1' })
    expect((await send(lab, 'GET', `${vm}/status/current`)).body.data.status).toBe('stopped')
  })

  it('cannot be started again or destroyed, and can be stopped twice', async () => {
    const { lab } = await newLab()
    await create(lab)
    await start(lab)
    expect((await start(lab)).exitstatus).toBe('VM 100 already running')
    expect((await send(lab, 'DELETE', vm)).reason).toBe('VM 100 is running - destroy failed')
    for (const _ of [1, 2]) expect((await runTask(lab, 'POST', `${vm}/status/stop`)).exitstatus).toBe('OK')
  })

  it('that ignores its power button is switched off only if that was asked for', async () => {
    const { lab, guests } = await newLab()
    await create(lab)
    await start(lab)
    Object.assign(guests.get(100) ?? {}, { ignoresPowerButton: true })
    const patient = await runTask(lab, 'POST', `${vm}/status/shutdown`, { form: { timeout: 0 } })
    expect(patient.exitstatus).toBe('VM quit/powerdown failed - got timeout')
    const forced = await runTask(lab, 'POST', `${vm}/status/shutdown`, { form: { timeout: 0, forceStop: 1 } })
    expect(forced.exitstatus).toBe('OK')
  })

  it('passes agent commands on to the guest', async () => {
    const { lab, guests } = await newLab()
    await create(lab)
    expect((await send(lab, 'POST', `${vm}/agent/ping`)).reason).toBe('VM 100 is not running')
    await start(lab)
    expect((await send(lab, 'POST', `${vm}/agent/ping`)).reason).toBe('QEMU guest agent is not running')
    Object.assign(guests.get(100) ?? {}, { answersAgent: true })
    expect((await send(lab, 'POST', `${vm}/agent/ping`)).body.data).toEqual({ result: {} })
    const osinfo = await send(lab, 'GET', `${vm}/agent/get-osinfo`)
    expect(osinfo.status).toBe(200)
    expect(osinfo.body.data.result.error.class).toBe('CommandNotFound')
    const form = [
      ['command', 'echo'],
      ['command', 'a b'],
    ] as const
    expect((await send(lab, 'POST', `${vm}/agent/exec`, { form })).body.data.asked).toEqual(['echo', 'a b'])
  })
})

describe('a stopped VM', () => {
  it('applies changes at once; a deleted disk becomes unused, a deleted cloud-init drive is gone', async () => {
    const { lab } = await newLab()
    await create(lab)
    await change(lab, { delete: 'ide0,scsi0' })
    const now = await config(lab)
    expect(now).toMatchObject({ unused0: 'local-lvm:vm-100-disk-0', boot: 'order=ide2' })
    expect(now).not.toHaveProperty('ide0')
  })

  it('refuses a stale digest', async () => {
    const { lab } = await newLab()
    await create(lab)
    const { digest } = await config(lab)
    expect((await change(lab, { name: 'a', digest })).body).toEqual({ data: null })
    const stale = await change(lab, { name: 'b', digest })
    expect([stale.status, stale.reason]).toEqual([500, 'checksum mismatch (file change by other user?)'])
  })

  it('answers a POST of its configuration with a task', async () => {
    const { lab } = await newLab()
    await create(lab)
    const { lines } = await runTask(lab, 'POST', `${vm}/config`, { form: { name: 'b', delete: 'ide2' } })
    expect(lines).toEqual(['update VM 100: -delete ide2 -name b', 'TASK OK'])
  })

  it('has disks that grow but do not shrink', async () => {
    const { lab } = await newLab()
    await create(lab)
    const resize = (size: string) => runTask(lab, 'PUT', `${vm}/resize`, { form: { disk: 'scsi0', size } })
    expect((await resize('+1G')).exitstatus).toBe('OK')
    expect((await config(lab)).scsi0).toBe('local-lvm:vm-100-disk-0,size=3G')
    expect((await resize('1G')).exitstatus).not.toBe('OK')
  })

  it('with UEFI but without a disk for it starts with a warning', async () => {
    const { lab } = await newLab()
    await create(lab, { bios: 'ovmf' })
    const { exitstatus, lines } = await start(lab)
    expect(exitstatus).toBe('WARNINGS: 1')
    expect(lines).toContain('WARN: no efidisk configured! Using temporary efivars disk.')
  })

  it('is destroyed with its disks; protection prevents that', async () => {
    const { lab } = await newLab()
    await create(lab, { protection: 1 })
    expect((await send(lab, 'DELETE', vm)).reason).toBe("can't remove VM 100 - protection mode enabled")
    await change(lab, { protection: 0 })
    await runTask(lab, 'DELETE', `${vm}?purge=1`)
    const content = await send(lab, 'GET', '/nodes/pve/storage/local-lvm/content')
    expect(content.body.data).toEqual([])
    expect((await send(lab, 'GET', '/cluster/nextid')).body.data).toBe('100')
  })

  it('is there again when the lab is started again on its folder', async () => {
    const first = await newLab()
    await create(first.lab, { description: 'two\nlines: 100%' })
    await start(first.lab)
    const before = await config(first.lab)
    await first.lab.close()
    const second = await newLab({ folder: first.folder })
    expect(await config(second.lab)).toEqual(before)
    expect((await send(second.lab, 'GET', `${vm}/status/current`)).body.data.status).toBe('stopped')
    expect(second.lab.fingerprint).toBe(first.lab.fingerprint)
    expect(second.lab.tokenSecret).toBe(first.lab.tokenSecret)
  })
})

it('a start of a VM that does not exist is a task that fails', async () => {
  const { lab } = await newLab()
  const { exitstatus } = await runTask(lab, 'POST', '/nodes/pve/qemu/9999/status/start')
  expect(exitstatus).toBe("Configuration file 'nodes/pve/qemu-server/9999.conf' does not exist")
})

it('nodes share shared storages and have local ones of their own', async () => {
  const { lab } = await newLab({
    nodes: [{ name: 'pve' }, { name: 'pve2' }],
    storages: [
      { id: 'local', content: ['iso'] },
      { id: 'nas', content: ['iso'], shared: true },
    ],
  })
  for (const storage of ['local', 'nas'])
    await finished(lab, (await upload(lab, storage, 'a.iso', 'x')).body.data)
  const isos = async (storage: string) =>
    (await send(lab, 'GET', `/nodes/pve2/storage/${storage}/content`)).body.data
  expect(await isos('local')).toEqual([])
  expect(await isos('nas')).toHaveLength(1)
})
