import { expect } from 'vitest'
import type { Outputs } from '../../../src/core/step.ts'
import { send } from '../../lab/api-client.ts'
import type { Box, End, NciOptions } from '../../support/lab.ts'

type CheckResult = Outputs['doctor']['checks'][number]

/** What an examination found, whether or not something failed. */
export interface Examination {
  readonly end: End
  readonly commands: readonly string[]
  /** The status of every check. */
  readonly statuses: Readonly<Record<string, CheckResult['status']>>
  check(id: string): CheckResult
  /** The ids of the checks that are neither fine nor skipped. */
  readonly unwell: readonly string[]
}

/** Examines a host, or the connection alone; looks at what holds of every examination. */
export async function examine(
  box: Box,
  input: Readonly<Record<string, unknown>> = box.host,
  environment: NonNullable<NciOptions['environment']> = {},
): Promise<Examination> {
  const before = box.lab.requests.length
  const end = await box.run(['doctor'], { input, environment })
  const { document } = end
  expect(box.writes(before).map(({ path }) => path)).toEqual([])
  const found = document.ok ? document.output : document.error.details
  const { checks, commands, healthy } = found as Outputs['doctor']
  const failed = checks.filter(({ status }) => status === 'failed')
  expect(healthy).toBe(failed.length === 0)
  expect(document.ok).toBe(healthy)
  expect(end.exitCode).toBe(healthy ? 0 : 4)
  if (!document.ok) expect(document.error.code).toBe('DOCTOR_FOUND_PROBLEMS')
  for (const { message, hint = 'None.', status, ...rest } of checks) {
    expect(`${message}\n${hint}`).not.toMatch(/undefined|\[object|NaN|\{\w+\}|\.\.(\n|$)/)
    if (status === 'failed' || status === 'warning')
      expect({ ...rest, hint }).not.toMatchObject({ hint: 'None.' })
  }
  return {
    end,
    commands,
    statuses: Object.fromEntries(checks.map(({ id, status }) => [id, status])),
    unwell: checks.filter(({ status }) => status === 'failed' || status === 'warning').map(({ id }) => id),
    check(id) {
      const one = checks.find((check) => check.id === id)
      if (one === undefined)
        throw new Error(`no check ${id} among ${checks.map((each) => each.id).join(', ')}`)
      return one
    },
  }
}

/** Does to a lab what the `pveum` commands say, as root would. */
export async function obey(box: Box, commands: readonly string[]): Promise<void> {
  for (const command of commands) {
    const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
    const flag = (name: string): string => words[words.indexOf(`--${name}`) + 1] ?? ''
    const [, noun = '', verb, name = ''] = words
    const { status, reason } =
      noun === 'role' && verb === 'add'
        ? await send(box.lab, 'POST', '/access/roles', {
            form: { roleid: name, privs: flag('privs').replaceAll(' ', ',') },
          })
        : noun === 'role'
          ? await send(box.lab, 'PUT', `/access/roles/${name}`, {
              form: { append: flag('append'), privs: flag('privs').replaceAll(' ', ',') },
            })
          : noun === 'pool'
            ? await send(box.lab, 'POST', '/pools', { form: { poolid: name } })
            : await send(box.lab, 'PUT', '/access/acl', {
                form: {
                  path: name,
                  roles: flag('roles'),
                  ...(words.includes('--users') ? { users: flag('users') } : {}),
                  ...(words.includes('--tokens') ? { tokens: flag('tokens') } : {}),
                  ...(words.includes('--propagate') ? { propagate: flag('propagate') } : {}),
                },
              })
    expect([command, status, reason]).toEqual([command, 200, 'OK'])
  }
}

/** A token with privilege separation of a user who may do nothing yet, and the variables that choose it. */
export const limited = {
  sandbox: {
    users: [{ id: 'nci@pve' }],
    tokens: [
      { id: 'nci@pve!nci', secret: '00000000-1111-2222-3333-444444444444', privilegeSeparation: true },
    ],
  },
  environment: {
    PROXMOX_TOKEN_ID: 'nci@pve!nci',
    PROXMOX_TOKEN_SECRET: '00000000-1111-2222-3333-444444444444',
  },
} as const
