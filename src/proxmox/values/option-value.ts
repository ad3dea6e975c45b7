/** A kind of option: its value, and the text that Proxmox has for it. */
export interface OptionValue<Value> {
  /** Never fails: what cannot be read is a value that differs from all that can be asked for. */
  parse(text: string): Value
  /** The same text for the same value. `parse(write(value))` is the value. */
  write(value: Value): string
  /** What a VM that has `now` is to have when `wanted` is asked for; what nobody asks for stays as it is. */
  merge(now: Value, wanted: Value): Value
}

/** Two texts of one option as values. */
export interface Comparison {
  /** Whether what is wanted is there already. */
  readonly same: boolean
  /** What to send so that it is. */
  readonly merged: string
}

/** Compares the text that Proxmox gives with the text that is to be sent. */
export type Compare = (now: string, wanted: string) => Comparison

export function comparing<Value>({ parse, write, merge }: OptionValue<Value>): Compare {
  return (now, wanted) => {
    const [current, asked] = [parse(now), parse(wanted)]
    const merged = write(merge(current, asked))
    // Where nothing is to be kept, what was asked for is sent as it was written.
    return { same: merged === write(current), merged: merged === write(asked) ? wanted : merged }
  }
}
