/**
 * Things that live as long as a run and that its steps share: connections. Disposed in reverse order. The runs of a batch
 * have a parent in common, for what is good for all of them.
 */
export class Resources implements AsyncDisposable {
  readonly #parent: Resources | undefined
  readonly #byKey = new Map<string, AsyncDisposable>()
  readonly #stack = new AsyncDisposableStack()

  constructor(parent?: Resources) {
    this.#parent = parent
  }

  /** The resource of this key; made when it is first asked for. */
  get<Value extends AsyncDisposable>(key: string, create: () => Value): Value {
    const known = this.#byKey.get(key)
    // One key is always used for one kind of resource.
    if (known !== undefined) return known as Value
    const value = this.#stack.use(create())
    this.#byKey.set(key, value)
    return value
  }

  /** The resource of this key that all runs of a batch use; it lives as long as the batch. */
  shared<Value extends AsyncDisposable>(key: string, create: () => Value): Value {
    return (this.#parent ?? this).get(key, create)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync()
  }
}
