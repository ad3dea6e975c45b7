/** A measured value, with its goal where it has one. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly goal?: { readonly text: string; readonly met: boolean }
}

export function atMost(name: string, value: number, unit: string, limit: number): Figure {
  return { name, value, unit, goal: { text: `at most ${limit}`, met: value <= limit } }
}

export function atLeast(name: string, value: number, unit: string, limit: number): Figure {
  return { name, value, unit, goal: { text: `at least ${limit}`, met: value >= limit } }
}
