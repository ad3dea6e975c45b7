import type { ListingAge } from '../core/step.ts'

/** A listing, and who reads it. */
interface Listing {
  /** When it was asked for, as `performance.now()` has it. */
  readonly at: number
  readonly reader: AbortSignal
  readonly value: Promise<unknown>
}

/** Listings of a whole cluster that many hosts of a batch want at about the same time: they are read for all of them. */
export class Listings {
  readonly #byKey = new Map<string, Listing>()

  /**
   * The listing of this key, read anew where the last one is too old.
   *
   * @param reader whoever asks; one that is aborted while it reads for others does not take them with it
   */
  async recent<Value>(
    key: string,
    { most, after }: ListingAge,
    reader: AbortSignal,
    read: () => Promise<Value>,
  ): Promise<Value> {
    for (;;) {
      const last = this.#byKey.get(key)
      const isRecent = last !== undefined && last.at > after && performance.now() - last.at <= most
      const listing = isRecent ? last : this.#read(key, reader, read)
      try {
        // One key is always used for one kind of listing.
        return (await listing.value) as Value
      } catch (error) {
        if (reader.aborted || !listing.reader.aborted) throw error
      }
    }
  }

  #read(key: string, reader: AbortSignal, read: () => Promise<unknown>): Listing {
    const listing = { at: performance.now(), reader, value: read() }
    this.#byKey.set(key, listing)
    listing.value.catch(() => {
      if (this.#byKey.get(key) === listing) this.#byKey.delete(key)
    })
    return listing
  }
}
