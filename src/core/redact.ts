const mask = '********'
const shortest = 4

/** Properties whose values are ours alone: a password such as `start` must not break the document for its readers. */
const contractWords: ReadonlySet<string> = new Set(['step', 'failed_step', 'type', 'status', 'code', 'unit'])

/**
 * Replaces secrets in everything that leaves the engine. Each secret is known in the forms in which programs and
 * servers give it back: as it is, URL-encoded, in base64 (also as a part of a longer base64 text), and JSON-escaped.
 */
export class Redactor {
  /** The forms of all secrets by how they begin, the longest first: a batch may have thousands. */
  readonly #forms = new Map<string, string[]>()

  /** Registers a secret. Shorter ones than four characters would mask ordinary text and are left out. */
  add(secret: string): void {
    if (secret.length < shortest) return
    for (const form of [...formsOf(secret), ...linesOf(secret).flatMap(formsOf)]) this.#addForm(form)
  }

  text(text: string): string {
    if (this.#forms.size === 0) return text
    let masked = ''
    // What is before this place is written, or masked.
    let end = 0
    for (let index = 0; index + shortest <= text.length; index++) {
      // One that begins within another is found as well.
      const length = this.#lengthAt(text, index)
      if (length === 0) continue
      if (index >= end) masked += text.slice(end, index) + mask
      end = Math.max(end, index + length)
    }
    return masked + text.slice(end)
  }

  /** The same value with every string in it redacted, but for the words of the contract. */
  value<Value>(value: Value): Value {
    if (this.#forms.size === 0) return value
    return this.#any(value) as Value
  }

  #addForm(form: string): void {
    if (form.length < shortest) return
    const beginning = form.slice(0, shortest)
    const known = this.#forms.get(beginning) ?? []
    if (known.includes(form)) return
    // A secret that contains another is masked whole.
    this.#forms.set(
      beginning,
      [...known, form].sort((one, other) => other.length - one.length),
    )
  }

  /** How long the secret is that begins here; 0 where none does. */
  #lengthAt(text: string, index: number): number {
    const forms = this.#forms.get(text.slice(index, index + shortest))
    return forms?.find((form) => text.startsWith(form, index))?.length ?? 0
  }

  #any(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value)
    if (Array.isArray(value)) return value.map((item) => this.#any(item))
    if (value === null || typeof value !== 'object') return value
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        // A plain word as a key is a property's name; anything else may be somebody's text.
        /^[a-z_]+$/i.test(key) ? key : this.text(key),
        contractWords.has(key) ? item : this.#any(item),
      ]),
    )
  }
}

function formsOf(given: string): string[] {
  // Half a character, as JSON's escapes can write it, has no encoded form.
  const secret = given.toWellFormed()
  const bytes = Buffer.from(secret)
  // A secret in the middle of a base64 text starts at one of three bit positions; the outer characters depend on
  // its neighbours and are left out.
  const base64 = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    return text.slice(shift === 0 ? 0 : shift + 1, (bytes.length + shift) % 3 === 0 ? undefined : -1)
  })
  const uri = encodeURIComponent(secret)
  return [
    given,
    uri,
    encodeURIComponent(uri),
    uri.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    uri.replaceAll('%20', '+'),
    new URLSearchParams({ s: secret }).toString().slice(2),
    JSON.stringify(secret).slice(1, -1),
    ...base64.filter((form) => form.length >= 8),
    ...base64
      .filter((form) => form.length >= 8)
      .map((form) => form.replaceAll('+', '-').replaceAll('/', '_')),
  ]
}

/** The lines of a private key: programs quote them one by one. Its armour is no secret. */
function linesOf(secret: string): string[] {
  return secret.includes('\n')
    ? secret.split(/\r?\n/).filter((line) => line.length >= 16 && !line.startsWith('-----'))
    : []
}
