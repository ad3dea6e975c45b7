import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { bootSeconds, inGuest, openMachineBox, whyNoMachines } from '../machine/machine-box.ts'
import type { Figure } from './figures.ts'

const address = '192.0.2.21'
/** Milliseconds. A connection that QEMU takes before the guest does hangs for 6 s; others begin beside it. */
const attemptLife = 8000

/** From a VM's start to the login of its key on a real machine, and what of that is ours. */
export async function machine(): Promise<Figure[]> {
  if ((await whyNoMachines()) !== undefined) return []
  await using box = await openMachineBox(['web1'])
  const { flake: _, iso_path: path, boot_timeout: timeout, ...host } = box.hostNamed('web1')
  const { document: uploaded } = await box.run(['iso', 'upload'], { input: { path, node: 'pve' } })
  const key = readFileSync(`${box.environment.NCI_SSH_PRIVATE_KEY_FILE}.pub`, 'utf8').trim()
  await box.run(['vm', 'create'], {
    input: { ...host, iso: uploaded.output.volid, cloud_init: true, ssh_public_keys: [key] },
  })
  const asked = performance.now()
  const { document: started } = await box.run(['vm', 'start'], { input: { vmid: 101 } })
  if (!started.ok) throw new Error(started.error.message)
  const began = performance.now()
  const waiting = box.run(['ssh', 'wait'], { input: { vmid: 101, expect: 'any', timeout } })
  // Beside it somebody tries all the time: when could it have been known?
  const possible = loginPossible(box)
  const noticed = waiting.then((end) => ({ end, at: performance.now() }))
  const [{ end, at }, first] = await Promise.all([noticed, possible])
  if (!end.document.ok) throw new Error(end.document.error.message)
  const seconds = (from: number, to: number): number => Math.max(0, to - from) / 1000
  return [
    { name: 'VM start to key login, emulated', value: seconds(began, first), unit: 's' },
    { name: 'of it ours: the start of the VM', value: seconds(asked, began), unit: 's' },
    { name: 'of it ours: until the login is noticed', value: seconds(first, at), unit: 's' },
  ]
}

/** When the key could log in; a machine that does not boot is given up. */
async function loginPossible(box: Parameters<typeof inGuest>[0]): Promise<number> {
  const done = new AbortController()
  let first: number | undefined
  const attempt = (): Promise<void> =>
    inGuest(box, address, 'true', AbortSignal.any([done.signal, AbortSignal.timeout(attemptLife)])).then(
      () => {
        first ??= performance.now()
        done.abort()
      },
      () => undefined,
    )
  const end = performance.now() + bootSeconds * 1000
  const attempts: Promise<void>[] = []
  while (first === undefined && performance.now() < end) {
    attempts.push(attempt())
    await delay(1000)
  }
  done.abort()
  await Promise.all(attempts)
  if (first === undefined) throw new Error(`the machine was not up after ${bootSeconds} s`)
  return first
}
