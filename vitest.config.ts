import { defineConfig } from 'vitest/config'

// CI asks for a file to count the results from.
const report = process.env.NCI_TEST_REPORT

export default defineConfig({
  // Node has `using`; what is made of it for older ones keeps an error of one turn of a loop for the next.
  oxc: { target: 'esnext' },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    disableConsoleIntercept: true,
    // They mostly wait for other processes.
    maxWorkers: 4,
    // Real programs race with each other on a machine that has other work; a mistake fails twice. Reported as a retry.
    retry: Number(process.env.NCI_TEST_RETRIES ?? 0),
    testTimeout: 120_000,
    hookTimeout: 120_000,
    ...(report ? { reporters: ['default', ['json', { outputFile: report }]] } : {}),
  },
})
