const mask = '********'

/** Properties whose values are ours alone: a password such as `start` must not break the document for its readers. */
const contractWords: ReadonlySet<string> = new Set(['step', 'failed_step', 'type', 'status', 'code', 'unit'])

/**
 * Replaces secrets in everything that leaves the engine. Each secret is known in the forms in which programs and
 * servers give it back: as it is, URL-encoded, in base64 (also as a part of a longer base64 text), and JSON-escaped.
 */
export class Redactor {
  readonly #secrets = new Set<string>()
  #pattern: RegExp | undefined

  /** Registers a secret. Shorter ones than four characters would mask ordinary text and are left out. */
  add(secret: string): void {
    if (secret.length < 4) return
    for (const form of [...formsOf(secret), ...linesOf(secret).flatMap(formsOf)]) {
      if (form.length >= 4) this.#secrets.add(form)
    }
    this.#pattern = undefined
  }

  text(text: string): string {
    if (this.#secrets.size === 0) return text
    // Longest first, so that a secret that contains another is masked whole; looking ahead, so that one that begins
    // within another is found as well.
    this.#pattern ??= new RegExp(
      `(?=(${[...this.#secrets]
        .sort((a, b) => b.length - a.length)
        .map((secret) => RegExp.escape(secret))
        .join('|')}))`,
      'g',
    )
    let masked = ''
    let end = 0
    for (const { index, 1: secret = '' } of text.matchAll(this.#pattern)) {
      if (index >= end) masked += text.slice(end, index) + mask
      end = Math.max(end, index + secret.length)
    }
    return masked + text.slice(end)
  }

  /** The same value with every string in it redacted, but for the words of the contract. */
  value<Value>(value: Value): Value {
    if (this.#secrets.size === 0) return value
    return this.#any(value) as Value
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
