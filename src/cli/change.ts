/** A change in a line: `  + what: after`, `  - what: before`, `  ~ what: before → after`. */
export function changeText(change: { what?: unknown; before?: unknown; after?: unknown }): string {
  const { what, before, after } = change
  const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
  if (before === undefined) return `  + ${what}: ${text(after)}`
  return after === undefined
    ? `  - ${what}: ${text(before)}`
    : `  ~ ${what}: ${text(before)} → ${text(after)}`
}
