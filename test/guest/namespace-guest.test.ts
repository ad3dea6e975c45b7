/**
 * A real guest without booting: real cloud-init reads the drive that the lab made, real networkd and a real sshd make of
 * it what an installer would, and the engine logs in. Skipped where it lacks something; test/guest/namespace-guest.ts
 * says which packages it takes.
 */
import { execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runStep } from '../../src/core/run.ts'
import type { Inputs, Step, StepId } from '../../src/core/step.ts'
import { validate } from '../../src/core/validate.ts'
import { type Lab, startLab } from '../../src/lab/lab.ts'
import { sshWait } from '../../src/steps/ssh/wait.ts'
import { vmCreate } from '../../src/steps/vm/create.ts'
import { vmStart } from '../../src/steps/vm/start.ts'
import { connectionTo } from '../support/connection.ts'
import { temporaryFolder } from '../support/folder.ts'
import { networkConfig, staticSubnet } from '../support/hardware.ts'
import { processesWith, until } from '../support/lab.ts'
import { makeKey } from '../support/sshd.ts'
import { missing, NamespaceGuest } from './namespace-guest.ts'

const why = missing === undefined ? '' : ` (skipped: there is no ${missing})`
const attached = (drive: string): string =>
  execFileSync('losetup', ['--associated', drive], { encoding: 'utf8' })

describe.skipIf(missing !== undefined)(`a guest in namespaces${why}`, () => {
  describe('that the lab has switched on', () => {
    let folder: ReturnType<typeof temporaryFolder>
    let lab: Lab
    let guest: NamespaceGuest
    let key: string
    beforeAll(async () => {
      folder = temporaryFolder()
      guest = new NamespaceGuest(join(folder.path, 'guest'), '192.0.2.7')
      lab = await startLab({ folder: join(folder.path, 'pve'), guests: () => guest })
      key = makeKey(folder.path, 'id')
      await run(vmCreate, {
        name: 'web1',
        disks: [{ size: '1G' }],
        networks: [
          {
            bridge: 'vmbr0',
            ip: '192.0.2.7/24',
            gateway: '192.0.2.1',
            ip6: '2001:db8::7/64',
            gateway6: '2001:db8::1',
          },
        ],
        nameservers: ['192.0.2.53'],
        // It has none, which would be waited for.
        agent: false,
        ssh_public_keys: [readFileSync(`${key}.pub`, 'utf8').trim()],
      })
      await run(vmStart, { name: 'web1' })
    })
    afterAll(async () => {
      await lab.close()
      await guest.powerOff()
      folder[Symbol.dispose]()
    })

    const login = () => ({ ssh_private_key_file: key, ssh_config_file: 'none' })

    async function run<Id extends StepId>(
      step: Step<Id>,
      input: Readonly<Record<string, unknown>>,
      onPhase: (phase: string) => void = () => undefined,
    ) {
      const connection = {
        ...connectionTo(lab),
      }
      const document: Record<string, unknown> = { ...connection, ...input }
      await validate(step.id, document)
      return runStep(step, document as unknown as Inputs[Id], {
        signal: AbortSignal.timeout(60_000),
        emit: (event) => {
          if (event.type === 'phase') onPhase(event.phase)
        },
      })
    }

    /** What a command says there, by OpenSSH's own client. */
    const ask = async (...words: string[]): Promise<string> => {
      const options = [
        'StrictHostKeyChecking=no',
        `UserKnownHostsFile=${folder.path}/known`,
        'LogLevel=ERROR',
      ]
      const reach = ['-F', 'none', '-i', key, '-p', String(guest.ssh?.port)]
      const parameters = [...reach, ...options.flatMap((one) => ['-o', one]), 'root@127.0.0.1', ...words]
      return (await promisify(execFile)('ssh', parameters, { timeout: 20_000 })).stdout
    }

    test('is ready once its key has come from the drive and cloud-init is done', async () => {
      const phases: string[] = []
      const input = { ...login(), name: 'web1', ssh_address_map: lab.addressMapFile }
      const { output, warnings } = await run(sshWait, input, (phase) => {
        phases.push(phase)
        if (phase !== 'waiting for cloud-init') return
        // The last stage has not begun: nothing but the engine's wait holds it up.
        expect(guest.log).not.toContain('done')
        guest.proceed()
      }).catch((error: unknown) => {
        throw new Error(`${String(error)}\n${guest.log.join('\n')}`)
      })
      expect(output).toMatchObject({
        host: '192.0.2.7',
        user: 'root',
        proof: 'login',
        facts: { hostname: 'web1', os: 'NixOS installer', installer: true, cloud_init: 'done' },
      })
      expect(output.facts).not.toHaveProperty('cloud_init_errors')
      expect(warnings).toEqual([expect.stringContaining('trusted on first use')])
      expect(phases.slice(-2)).toEqual(['waiting for cloud-init', 'cloud-init is done'])
    })

    test('read the lab’s drive, whole and without errors', async () => {
      expect(JSON.parse(await ask('cat', '/run/cloud-init/result.json'))).toMatchObject({
        v1: { datasource: expect.stringContaining('DataSourceNoCloud [seed=/dev/'), errors: [] },
      })
      expect(await ask('cat', '/root/.ssh/authorized_keys')).toContain(
        readFileSync(`${key}.pub`, 'utf8').trim(),
      )
    })

    test('has the addresses and gateways of `ipconfig0`', async () => {
      const [card] = JSON.parse(await ask('ip', '-json', 'address', 'show', 'dev', 'eth0', 'scope', 'global'))
      const addresses = (card.addr_info as { local?: string; prefixlen: number }[]).flatMap(
        ({ local, prefixlen }) => (local === undefined ? [] : [`${local}/${prefixlen}`]),
      )
      expect(addresses.sort()).toEqual(['192.0.2.7/24', '2001:db8::7/64'])
      expect(await ask('ip', 'route', 'show', 'default')).toContain('via 192.0.2.1 dev eth0')
      expect(await ask('ip', '-6', 'route', 'show', 'default')).toContain('via 2001:db8::1 dev eth0')
      expect(await ask('cat', '/etc/systemd/network/*')).toContain('DNS=192.0.2.53')
    })

    test('has the host key that sshd has shown from the start, and no other', async () => {
      expect(await ask('ls /etc/ssh/ssh_host_*')).toBe(
        '/etc/ssh/ssh_host_ed25519_key\n/etc/ssh/ssh_host_ed25519_key.pub\n',
      )
      const [, type, shown] = readFileSync(join(folder.path, 'known'), 'utf8').trim().split(' ')
      expect(await ask('cat', '/etc/ssh/ssh_host_ed25519_key.pub')).toContain(`${type} ${shown}`)
    })

    test('is logged in to by its IPv6 address as well', async () => {
      const { host, port } = await guest.forward('2001:db8::7')
      const map = join(folder.path, 'map.json')
      writeFileSync(map, JSON.stringify({ '[2001:db8::7]:22': `${host}:${port}` }))
      const { output } = await run(sshWait, { ...login(), ssh_host: '2001:db8::7', ssh_address_map: map })
      expect(output).toMatchObject({ host: '2001:db8::7', proof: 'login', facts: { hostname: 'web1' } })
    })

    test('leaves nothing behind when it is switched off', async () => {
      await guest.powerOff()
      await until(() => attached(join(folder.path, 'guest', 'drive.iso')) === '')
      expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(folder.path)
      expect(existsSync(join(folder.path, 'guest', 'root', 'etc'))).toBe(false)
    })
  })

  test('is gone with all its processes and its drive when the process that has it is killed', async () => {
    using folder = temporaryFolder()
    const mark = `NCI_TEST_MARK=${folder.path}`
    const owner = spawn(process.execPath, ['--input-type=module', '--eval', owning(folder.path)], {
      env: { ...process.env, NCI_TEST_MARK: folder.path },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const ended = once(owner, 'close')
    try {
      // It has a server, networkd and a stage of cloud-init by then.
      for await (const line of createInterface({ input: owner.stdout })) if (line === 'waiting') break
      const drive = join(folder.path, 'guest', 'drive.iso')
      expect(processesWith(mark).length).toBeGreaterThan(3)
      expect(attached(drive)).not.toBe('')
      owner.kill('SIGKILL')
      await until(() => processesWith(mark).length === 0)
      await until(() => attached(drive) === '')
      expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(folder.path)
    } finally {
      owner.kill('SIGKILL')
      await ended
    }
  })
})

/** A program that has a guest and tells what that says. */
function owning(folder: string): string {
  const hardware = {
    nics: [{ key: 'net0', mac: 'BC:24:11:00:00:01', bridge: 'vmbr0' }],
    cloudInit: {
      key: 'ide0',
      label: 'cidata',
      files: {
        'user-data': '#cloud-config\nhostname: web1\n',
        'meta-data': 'instance-id: one\n',
        'network-config': networkConfig(staticSubnet('192.0.2.7')),
        'vendor-data': '',
      },
    },
  }
  return `
    import { NamespaceGuest } from ${JSON.stringify(join(import.meta.dirname, 'namespace-guest.ts'))}
    const guest = new NamespaceGuest(${JSON.stringify(join(folder, 'guest'))}, '192.0.2.7')
    await guest.powerOn(${JSON.stringify(hardware)})
    for (let told = 0; guest.running; await new Promise((resolve) => setTimeout(resolve, 20))) {
      for (; told < guest.log.length; told++) console.log(guest.log[told])
    }
  `
}
