import { expect, test } from 'vitest'
import { failureSummaryText, summaryText } from '../../src/cli/summary.ts'
import type { Failure, Success } from '../../src/core/run.ts'
import type { Outputs } from '../../src/core/step.ts'

const result = {
  ...{ ok: true, step: 'provision', changed: true, check: false, diff: [], warnings: ['careful'] },
  output: {
    ...{ name: 'web1', vmid: 100, node: 'pve', host: '10.0.0.5', port: 22, user: 'root', seconds: 20 },
    steps: [{ step: 'vm.create', status: 'changed', seconds: 3, began: 0 }],
  },
} as unknown as Success<Outputs['provision']>

test('steps with their times, how to log in, warnings', () => {
  expect(summaryText(result, 80)).toBe(`step       result   time
vm.create  changed  3 s

web1 runs NixOS: VM 100 on node pve, in 20 s
  login   ssh root@10.0.0.5
warning: careful
`)
})

test('what the progress display left on the terminal is not said again', () => {
  expect(summaryText(result, 80, { rowsShown: true })).toBe(`
web1 runs NixOS: VM 100 on node pve, in 20 s
  login   ssh root@10.0.0.5
`)
})

test('what there is to do, and that there is nothing to do', () => {
  const check = { ...result, check: true, warnings: [] }
  expect(summaryText(check, 80, { rowsShown: true })).toBe(
    '\nNothing was changed: this is what provisioning web1 would do.\n',
  )
  expect(summaryText({ ...check, changed: false }, 80, { rowsShown: true })).toBe(`
web1 runs NixOS: VM 100 on node pve, nothing to do
  login   ssh root@10.0.0.5
`)
})

test('long messages are broken between words', () => {
  const failure: Failure = {
    ...{ ok: false, step: 'provision', warnings: [] },
    error: {
      ...{
        code: 'SSH_NOT_READY',
        message: 'No login was possible within the time that was given.',
        retryable: true,
      },
      ...{
        hint: 'Look at the console of the machine, then run it again.',
        details: { vm_kept: { vmid: 100 } },
      },
    },
  }
  expect(failureSummaryText(failure, 40)).toBe(`SSH_NOT_READY: No login was possible
  within the time that was given.
  Look at the console of the machine,
  then run it again.
  The VM 100 is kept; running this again
  carries on with it.
`)
})
