import { expect, test } from 'vitest'
import { agentGrace } from '../../../src/steps/ssh/agent-grace.ts'

test('who trusts the first host key seen waits little for the agent, and not longer with more time', () => {
  expect([60, 600, 6000].map((left) => agentGrace('accept-new', left))).toEqual([20, 20, 20])
})

test('who said nothing waits long, and leaves time for the login', () => {
  expect([6000, 150, 100, 50, 10].map((left) => agentGrace(undefined, left))).toEqual([120, 120, 70, 20, 20])
})

test('who refuses unknown host keys has nothing else to wait for', () => {
  expect([6000, 10].map((left) => agentGrace('strict', left))).toEqual([6000, 10])
})
