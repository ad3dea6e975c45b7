import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { NciError } from '../../../src/core/errors.ts'
import { runStep } from '../../../src/core/run.ts'
import type { Inputs } from '../../../src/core/step.ts'
import { validate } from '../../../src/core/validate.ts'
import { knownHostsLine } from '../../../src/ssh/address-map.ts'
import { sshWait } from '../../../src/steps/ssh/wait.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { hasSshd, makeKey, type Sshd, startSshd } from '../../support/sshd.ts'
import { tcpProxy } from '../../support/tcp-proxy.ts'

let folder: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  folder = temporaryFolder()
  vi.stubEnv('HOME', folder.path)
  vi.stubEnv('SSH_AUTH_SOCK', undefined)
})
afterEach(() => {
  vi.unstubAllEnvs()
  folder[Symbol.dispose]()
})

/** The public half of a new key. */
const makeKeyText = (name: string): string => readFileSync(`${makeKey(folder.path, name)}.pub`, 'utf8').trim()

const installer = {
  os_ID: 'nixos',
  os_VARIANT_ID: 'installer',
  os_PRETTY_NAME: 'NixOS 26.05',
  hostname: 'web1',
  root_fs: 'tmpfs',
  cloud_init: 'done',
}
const system = { os_ID: 'nixos', os_PRETTY_NAME: 'NixOS 26.05', hostname: 'web1', root_fs: 'ext4' }

describe.skipIf(!hasSshd)('waiting for a machine whose facts are told by a real sshd', () => {
  let server: Sshd
  beforeAll(async () => {
    server = await startSshd('ForceCommand cat >/dev/null; cat {folder}/facts')
  })
  afterAll(() => server[Symbol.asyncDispose]())

  const says = (facts: Readonly<Record<string, string>>): void =>
    writeFileSync(
      join(server.folder, 'facts'),
      Object.entries({ ...facts, end: '1' })
        .map(([key, value]) => `${key}=${value}\n`)
        .join(''),
    )

  type End = string | ((phase: string) => boolean)

  /** @param end the time is up as soon as the wait is so far */
  async function wait(input: Readonly<Record<string, unknown>>, end?: End) {
    const controller = new AbortController()
    const events: string[] = []
    const document: Record<string, unknown> = {
      ssh_host: '127.0.0.1',
      ssh_port: server.port,
      ssh_user: server.user,
      ssh_private_key_file: server.keyFile,
      ssh_host_key: server.hostKey,
      ssh_config_file: 'none',
      ...input,
    }
    for (const [key, value] of Object.entries(document)) if (value === undefined) delete document[key]
    await validate('ssh.wait', document)
    const result = await runStep(sshWait, document as unknown as Inputs['ssh.wait'], {
      signal: controller.signal,
      emit: (event) => {
        if (event.type !== 'phase') return
        events.push(event.phase)
        if (event.phase === 'waiting for cloud-init') says(installer)
        const isEnd = typeof end === 'function' ? end(event.phase) : event.phase === end
        if (isEnd) controller.abort(new NciError('TIMEOUT', { what: 'ssh.wait', seconds: 600 }))
      },
    })
    return { ...result, events }
  }
  const failing = (input: Readonly<Record<string, unknown>>, end?: End): Promise<NciError> =>
    wait(input, end).then(
      () => Promise.reject(new Error('no failure')),
      (error) => error,
    )

  test('an installer whose cloud-init is done is ready', async () => {
    says(installer)
    const { output, warnings, events } = await wait({})
    expect(output).toMatchObject({ proof: 'login', host_key_source: 'given', facts: { cloud_init: 'done' } })
    expect([warnings, events.at(-1)]).toEqual([[], 'cloud-init is done'])
  })

  test('one whose cloud-init still runs is waited for, on the same connection', async () => {
    says({ ...installer, cloud_init: 'running' })
    const from = server.log.length
    const { output, events } = await wait({})
    expect(output.facts?.cloud_init).toBe('done')
    expect(events.slice(-2)).toEqual(['waiting for cloud-init', 'cloud-init is done'])
    expect(server.log.slice(from).filter((line) => line.startsWith('Accepted publickey'))).toHaveLength(1)
  })

  test('cloud-init is waited for so long and no longer', async () => {
    says({ ...installer, cloud_init: 'running' })
    const none = await wait({ cloud_init_timeout: 0 })
    expect([none.output.facts?.cloud_init, none.warnings]).toEqual(['running', []])
    // Whoever waits for anything does not wait for it.
    expect((await wait({ expect: 'any' })).output.facts?.cloud_init).toBe('running')
  })

  test('what cloud-init failed of is told', async () => {
    const result = '{ "v1": { "datasource": "DataSourceNoCloud", "errors": ["(\'ssh\', no keys)"] } }'
    says({ ...installer, cloud_result: result })
    const { output, warnings } = await wait({})
    expect(output.facts?.cloud_init_errors).toEqual(["('ssh', no keys)"])
    expect(warnings).toEqual(["cloud-init of the installer failed of: ('ssh', no keys)"])
  })

  describe('its host key', () => {
    const address = (): { host: string; port: number } => ({ host: '127.0.0.1', port: server.port })
    const known = (hostKey: string): string => {
      const file = join(folder.path, 'known_hosts')
      writeFileSync(file, `${knownHostsLine(address(), hostKey)}\n`)
      return file
    }
    const strange = (): string => makeKeyText('strange')

    test('is found in the known_hosts file that is named', async () => {
      says(installer)
      const file = known(server.hostKey)
      const { output, warnings } = await wait({ ssh_host_key: undefined, ssh_known_hosts_file: file })
      expect([output.host_key_source, warnings]).toEqual(['known-hosts', []])
    })

    test('is refused where that file has another one', async () => {
      const input = { ssh_host_key: undefined, ssh_known_hosts_file: known(strange()) }
      expect(await failing(input)).toMatchObject({ code: 'SSH_HOST_KEY_MISMATCH' })
    })

    test('is refused where nobody knows it and that was asked for, before anybody is logged in', async () => {
      const from = server.log.length
      const strict = { ssh_host_key: undefined, ssh_host_key_checking: 'strict' }
      expect(await failing(strict)).toMatchObject({
        code: 'SSH_HOST_KEY_UNKNOWN',
        hint: expect.stringContaining('accept-new'),
      })
      expect(server.log.slice(from).join('\n')).not.toMatch(/Accepted|Failed/)
    })

    test('is verified as ever where it is known, also when unknown ones are refused', async () => {
      says(installer)
      expect((await wait({ ssh_host_key_checking: 'strict' })).output.host_key_source).toBe('given')
    })

    test('is refused where that file revokes it, even a key that was given', async () => {
      const file = join(folder.path, 'revoked')
      writeFileSync(file, `@revoked * ${server.hostKey}\n`)
      const from = server.log.length
      const refused = { code: 'SSH_HOST_KEY_REVOKED', details: { actual: server.hostKey } }
      expect(await failing({ ssh_known_hosts_file: file })).toMatchObject(refused)
      expect(await failing({ ssh_host_key: undefined, ssh_known_hosts_file: file })).toMatchObject(refused)
      expect(server.log.slice(from).join('\n')).not.toMatch(/Accepted|Failed/)
    })

    test('is not said to be verified where only a certificate authority is known', async () => {
      says(installer)
      const file = join(folder.path, 'authority')
      writeFileSync(file, `@cert-authority * ${strange()}\n`)
      const { warnings } = await wait({ ssh_host_key: undefined, ssh_known_hosts_file: file })
      expect(warnings).toEqual([
        expect.stringContaining('trusted on first use'),
        expect.stringContaining('certificate authority'),
      ])
    })

    test('is trusted on first use, with a warning, where nobody knows it', async () => {
      says(installer)
      const file = join(folder.path, 'known_hosts')
      writeFileSync(file, `192.0.2.9 ${server.hostKey}\n`)
      const { output, warnings } = await wait({ ssh_host_key: undefined, ssh_known_hosts_file: file })
      expect(output.host_key_source).toBe('first-use')
      expect(warnings).toEqual([expect.stringContaining(server.hostKey)])
    })
  })

  describe('an installed system without any key to log in with', () => {
    const keyless = { expect: 'system', ssh_private_key_file: undefined }

    test('is proved by its host key alone, and that is said', async () => {
      const from = server.log.length
      const { output, warnings } = await wait(keyless)
      expect(output).toMatchObject({ proof: 'host-key', host_key: server.hostKey })
      expect(output).not.toHaveProperty('facts')
      expect(warnings).toEqual([expect.stringContaining('by its host key alone')])
      expect(server.log.slice(from).join('\n')).not.toMatch(/Accepted|Failed/)
    })

    test('is not proved at all where its host key is unknown', async () => {
      expect(await failing({ ...keyless, ssh_host_key: undefined })).toMatchObject({
        code: 'SSH_KEY_MISSING',
      })
    })

    test('is not proved by another host key, and that is the error in the end', async () => {
      expect(
        await failing({ ...keyless, ssh_host_key: makeKeyText('strange') }, 'an SSH server answers'),
      ).toMatchObject({
        code: 'SSH_HOST_KEY_MISMATCH',
      })
    })
  })

  test('the right system is told from another one', async () => {
    const path = '/nix/store/q99n4jhblf0lv4xg4dlwa5vrvj5mwrgg-nixos-system-web1'
    says({ ...system, system: path })
    expect((await wait({ expect: 'system', system: path })).output.facts?.system).toBe(path)
    const other = path.replace('q99', 'r99')
    expect(await failing({ expect: 'system', system: other }, 'commands run')).toMatchObject({
      code: 'SSH_WRONG_SYSTEM',
      details: { found: path, expected: other },
    })
  })

  describe('a machine that answered and is silent in the end', () => {
    const path = '/nix/store/q99n4jhblf0lv4xg4dlwa5vrvj5mwrgg-nixos-system-web1'
    test.each<[string, () => Readonly<Record<string, unknown>>]>([
      ['the host key', () => ({ ssh_host_key: makeKeyText('strange') })],
      ['the system', () => ({ system: path.replace('q99', 'r99') })],
    ])('did not come up, though it had shown another one before: %s', async (_, more) => {
      says({ ...system, system: path })
      await using proxy = await tcpProxy((n) => ({ port: n === 0 ? server.port : 1 }))
      const input = { expect: 'system', ssh_port: proxy.port, ...more() }
      expect(await failing(input, 'the port is open')).toMatchObject({
        code: 'SSH_NOT_READY',
        details: { stage: 'the port is open' },
      })
    })

    test('did not come up where nothing listens any more, either', async () => {
      says({ ...system, system: path })
      const proxy = await tcpProxy(() => ({ port: server.port }))
      const input = { expect: 'system', ssh_port: proxy.port, system: path.replace('q99', 'r99') }
      const known = 'an address is known, nothing answers there yet'
      let times = 0
      const error = failing(input, (phase) => {
        if (phase === 'commands run') void proxy[Symbol.asyncDispose]()
        return phase === known && ++times === 2
      })
      expect(await error).toMatchObject({ code: 'SSH_NOT_READY', details: { stage: known } })
    })
  })

  test('a key for the run is only for a run that put it into the VM', async () => {
    expect(await failing({ ssh_generate_key: true })).toMatchObject({
      code: 'SSH_KEY_MISSING',
      message: expect.stringContaining('`nci provision`'),
    })
  })

  test('a refused key of an installed system points to its configuration', async () => {
    const stranger = makeKey(folder.path, 'stranger')
    expect(
      await failing({ expect: 'system', ssh_private_key_file: stranger }, 'its host key is verified'),
    ).toMatchObject({
      code: 'SSH_NOT_READY',
      details: { stage: 'its host key is verified', offered_keys: [expect.stringMatching(/^SHA256:/)] },
      hint: expect.stringContaining('openssh.authorizedKeys'),
    })
  })
})
