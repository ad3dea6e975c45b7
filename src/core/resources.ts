/** Things that live as long as a run and that its steps share: connections. Disposed in reverse order. */
export class Resources implements AsyncDisposable {
  readonly #byKey = new Map<string, AsyncDisposable>()
  readonly #stack = new AsyncDisposableStack()

  /** The resource of this key; made when it is first asked for. */
  get<Value extends AsyncDisposable>(key: string, create: () => Value): Value {
    const known = this.#byKey.get(key)
    // One key is always used for one kind of resource.
    if (known !== undefined) return known as Value
    const value = this.#stack.use(create())
    this.#byKey.set(key, value)
    return value
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync()
  }
}
