import { readJson } from './schema.ts'

interface ErrorEntry {
  exitCode: number
  retryable: boolean
  message: string
  hint: string
}

export const errorEntries = (): [string, ErrorEntry][] =>
  Object.entries(readJson('errors.json') as Record<string, ErrorEntry>)

/** Every error code with its texts; `as const`, so that the compiler knows the placeholders. */
export function generateErrors(): string {
  return `export const errorCatalogue = ${JSON.stringify(Object.fromEntries(errorEntries()), null, 2)} as const

export type ErrorCode = keyof typeof errorCatalogue
`
}
