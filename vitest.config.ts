import { defineConfig } from 'vitest/config'

// CI asks for a file to count the results from.
const report = process.env.NCI_TEST_REPORT

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    disableConsoleIntercept: true,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    ...(report ? { reporters: ['default', ['json', { outputFile: report }]] } : {}),
  },
})
