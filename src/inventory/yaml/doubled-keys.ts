type JsYaml = typeof import('js-yaml')

/** A mapping or a list that is being read. */
interface Frame {
  /** Of a mapping; as texts. */
  readonly keys: Set<string> | undefined
  /** What comes next in a mapping is a key. */
  isAtKey: boolean
}

/** The keys of a text that were in the same mapping before, with their lines, counted from 1. */
export function doubledKeys(
  { EVENT_ID, getScalarValue, parseEvents }: JsYaml,
  text: string,
): { readonly key: string; readonly line: number }[] {
  const doubled: { key: string; line: number }[] = []
  const frames: Frame[] = []
  for (const event of parseEvents(text, {})) {
    if (event.type === EVENT_ID.POP) {
      frames.pop()
      continue
    }
    const frame = frames.at(-1)
    if (frame?.keys !== undefined) {
      if (frame.isAtKey && event.type === EVENT_ID.SCALAR) {
        const key = getScalarValue(text, event)
        // Of merges there may be any number.
        if (frame.keys.has(key) && key !== '<<') doubled.push({ key, line: lineOf(text, event.valueStart) })
        frame.keys.add(key)
      }
      frame.isAtKey = !frame.isAtKey
    }
    if (event.type === EVENT_ID.MAPPING) frames.push({ keys: new Set(), isAtKey: true })
    else if (event.type === EVENT_ID.SEQUENCE || event.type === EVENT_ID.DOCUMENT)
      frames.push({ keys: undefined, isAtKey: false })
  }
  return doubled
}

function lineOf(text: string, position: number): number {
  return text.slice(0, position).split('\n').length
}
