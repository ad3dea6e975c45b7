import { describe, expect, test } from 'vitest'
import { openBox } from '../../support/lab.ts'
import { examine, limited } from './support.ts'

const { environment } = limited
const [base] = limited.sandbox.tokens
/** In so many days and a half, in seconds since 1970: the hours of a test do not count. */
const inDays = (days: number): number => Math.floor(Date.now() / 1000) + days * 86_400 + 43_200

/** A user who may do all that is needed, and look at himself. */
const users = [{ id: 'nci@pve' }]
const mayAll = (id: string) => [
  { path: '/', id, role: 'PVEAdmin' },
  { path: '/access', id, role: 'Administrator' },
]

describe('a token', () => {
  test.each([
    ['that ends soon', inDays(10), 'warning', 'It expires in 10 days.', 10],
    ['that ends within a day', inDays(0), 'warning', 'It expires in 0 days.', 0],
    ['that lasts', inDays(30), 'ok', 'It may do what its user may, and lasts 30 days.', 30],
    ['that never ends', 0, 'ok', 'It may do what its user may, and never expires.', undefined],
  ])('%s', async (_, expire, status, message, days) => {
    const tokens = [{ ...base, privilegeSeparation: false, expire }]
    await using box = await openBox({ users, tokens, acl: mayAll('nci@pve') })
    const found = await examine(box, box.host, environment)
    const details = { privilege_separation: false, ...(days === undefined ? {} : { days_left: days }) }
    expect(found.check('token')).toMatchObject({ status, message })
    expect(found.check('token').details).toEqual(details)
    expect(found.unwell).toEqual(status === 'warning' ? ['token'] : [])
    if (status === 'warning') {
      expect(found.check('token').hint).toContain('`pveum user token modify nci@pve nci --expire 0`')
    }
  })

  test('with entries of its own that are enough', async () => {
    const acl = ['nci@pve', 'nci@pve!nci'].flatMap(mayAll)
    await using box = await openBox({ ...limited.sandbox, acl })
    const found = await examine(box, box.host, environment)
    expect(found.check('token')).toMatchObject({
      status: 'ok',
      message: 'It has entries of its own, and never expires.',
    })
  })

  test('that may do less than its user, who is granted nothing then', async () => {
    const acl = [...mayAll('nci@pve'), { path: '/access', id: 'nci@pve!nci', role: 'Administrator' }]
    await using box = await openBox({ ...limited.sandbox, acl })
    const found = await examine(box, box.host, environment)
    expect(found.check('token')).toMatchObject({
      status: 'warning',
      message: expect.stringMatching(/^It may do less than its user nci@pve, who would lack nothing of \d+ /),
      hint: expect.stringContaining('entries of its own'),
      details: { privilege_separation: true },
    })
    expect(found.statuses['privileges.vm.create']).toBe('failed')
    const entries = found.commands.filter((command) => command.includes(' acl '))
    expect(entries.length).toBeGreaterThan(2)
    expect(entries.join('\n')).not.toContain('--users')
  })
})
