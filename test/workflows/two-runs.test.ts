import { existsSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readDiskContent } from '../../src/lab/simulated/disk-content.ts'
import { installerVm } from '../errors/installer-vm.ts'
import { send } from '../lab/api-client.ts'
import { type Box, type Nci, openBox, until } from '../support/lab.ts'
import { writeProgram } from '../support/program.ts'
import { expectNothingLeft, expectProvisioned, succeeded } from './provisioned.ts'

/** The installation of `web1`, stopped in the middle of its build; the result lets it go on. */
async function building(box: Box): Promise<{ readonly run: Nci; goOn(): void }> {
  const nix = join(box.folder, 'bin', 'nix')
  const file = (name: string): string => join(box.folder, name)
  const [genuine, started, resumed] = [file('genuine-nix'), file('started'), file('resumed')] as const
  renameSync(nix, genuine)
  writeProgram(
    nix,
    `: > '${started}'; until [ -e '${resumed}' ]; do sleep 0.05; done; exec '${genuine}' "$@"`,
  )
  const run = box.start(['nixos', 'install'], {
    input: { name: 'web1', flake: box.host.flake, reinstall: true },
  })
  await until(() => existsSync(started))
  return { run, goOn: () => writeFileSync(resumed, '') }
}

function content(box: Box, vmid: number): ReturnType<typeof readDiskContent> {
  const images = join(box.folder, 'pve', 'storage', 'local-lvm', 'images')
  return readDiskContent(join(images, String(vmid), `vm-${vmid}-disk-0`))
}

test.concurrent('a VM of which somebody noted something else during the build is not formatted', async () => {
  await using box = await openBox()
  const vmid = await installerVm(box, 'web1', '192.0.2.22')
  const { run, goOn } = await building(box)
  const path = `/nodes/pve/qemu/${vmid}/config`
  const { body } = await send(box.lab, 'GET', path)
  const description = String(body.data.description).replace('"uuid"', '"boot":"another","disks":[],"uuid"')
  await send(box.lab, 'PUT', path, { form: { description } })
  goOn()
  const { document } = await run.ended
  expect(document.error).toMatchObject({ code: 'INSTALL_MACHINE_CHANGED' })
  expect(document.error.message).toContain("another note in its VM's description")
  expect(await content(box, vmid)).toEqual({})
  expect(decodeURIComponent(box.config(vmid))).toContain('"boot":"another"')
  expectNothingLeft(box)
})

test.concurrent('another VM that got the same id during the build is not formatted, whatever may be wiped', async () => {
  await using box = await openBox()
  const vmid = await installerVm(box, 'web1', '192.0.2.22')
  const { run, goOn } = await building(box)
  succeeded(await box.run(['vm', 'destroy'], { input: { vmid, stop: true } }))
  expect(await installerVm(box, 'web1', '192.0.2.22')).toBe(vmid)
  goOn()
  const { document } = await run.ended
  expect(document.error).toMatchObject({ code: 'INSTALL_MACHINE_CHANGED' })
  expect(document.error.message).toContain('another VM of the same id')
  expect(await content(box, vmid)).toEqual({})
})

test.concurrent('of two runs that come to the same disks at the same time one installs, and the other does nothing', async () => {
  await using box = await openBox()
  const vmid = await installerVm(box, 'web1', '192.0.2.22')
  const { run, goOn } = await building(box)
  const input = { name: 'web1', flake: box.host.flake, reboot: false }
  const second = box.start(['nixos', 'install'], { input })
  await second.until((line) => line.phase?.startsWith('building') === true)
  goOn()
  const ends = [await run.ended, await second.ended].map(({ document }) => document)
  const [failed, ...rest] = ends.filter(({ ok }) => !ok)
  expect(rest).toEqual([])
  // Which of its looks meets the other one's work depends on how far that is.
  expect(failed?.error.code).toMatch(/^INSTALL_(MACHINE_CHANGED|UNPROVEN)$/)
  expect((await content(box, vmid)).installed).toBeDefined()
})

test.concurrent('a run that meets another one at work leaves it alone, and goes on once that was killed', async () => {
  await using box = await openBox({ guestLatency: { install: 3_600_000 } })
  const first = box.start(['provision'], { input: box.host })
  await first.until({ step: 'nixos.install', phase: 'installing NixOS' })
  const since = box.lab.requests.length
  const input = { name: 'web1', flake: box.host.flake, reinstall: true }
  const second = await box.run(['nixos', 'install'], { input })
  expect(second.document.error).toMatchObject({
    code: 'INSTALL_UNDER_WAY',
    details: { pid: first.child.pid },
  })
  expect(box.writes(since)).toEqual([])
  first.signal('SIGKILL')
  await first.ended
  box.guests.latency.install = 20
  await expectProvisioned(box, succeeded(await box.run(['provision'], { input: box.host })))
})

test.concurrent('a run that failed does not keep others out, although its process goes on with other hosts', async () => {
  await using box = await openBox({ guestFaults: { installFails: 'error: cannot install the boot loader' } })
  const end = await box.run(['provision'], { input: box.host })
  expect(end.document.error.code).toBe('INSTALL_FAILED')
  const config = decodeURIComponent(box.config(100))
  expect(config).toContain('"disks":')
  expect(config).not.toContain('"engine":')
})

test.concurrent('disks that somebody else formats just before disko does stay as they are, with what he does there', async () => {
  await using box = await openBox()
  await installerVm(box, 'web1', '192.0.2.22')
  const nixos_anywhere = writeProgram(
    join(box.folder, 'meddling'),
    `for word; do case $before in -i) key=$word ;; -p) port=$word ;; esac; before=$word; done
unsafe='-o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no'
ssh -T $unsafe -i "$key" -p "$port" "$word" 'mkfs.ext4 -q /dev/sda && mkdir -p /mnt && mount /dev/sda /mnt' </dev/null
exec '${join(box.folder, 'bin', 'nixos-anywhere')}' "$@"`,
  )
  const input = { name: 'web1', flake: box.host.flake, nixos_anywhere }
  const { document } = await box.run(['nixos', 'install'], { input })
  expect(document.error.code).toBe('INSTALL_MACHINE_CHANGED')
  expect(document.error.details).not.toHaveProperty('cleaned')
  // It is still mounted: nothing of the other one's was undone.
  const again = await box.run(['nixos', 'install'], { input: { name: 'web1', flake: box.host.flake } })
  expect(again.document.error.code).toBe('INSTALL_DISK_NOT_BLANK')
})
