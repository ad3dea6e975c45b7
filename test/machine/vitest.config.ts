import { defineConfig } from 'vitest/config'
import shared from '../../vitest.config.ts'

/** Milliseconds: an installer and a system boot, each within 180 s, twice where a machine dies in between. */
const longest = 900_000

/** The machine tier, `npm run test:machine`: real machines, one at a time. */
export default defineConfig({
  ...shared,
  test: {
    ...shared.test,
    include: ['test/machine/**/*.machine.ts'],
    maxWorkers: 1,
    testTimeout: longest,
    hookTimeout: longest,
  },
})
