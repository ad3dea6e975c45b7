import type { Redactor } from '../core/redact.ts'
import { documents } from '../generated/commands.ts'
import type { DocumentId } from '../generated/types.ts'

/** Registers the secrets of a document, so that they are masked in all that leaves the engine. */
export function registerSecrets(id: DocumentId, document: unknown, redactor: Redactor): void {
  for (const pointer of documents[id].secrets) {
    for (const value of valuesAt(document, pointer.split('/').slice(1))) {
      if (typeof value === 'string') redactor.add(value)
    }
  }
}

function valuesAt(value: unknown, [segment, ...rest]: readonly string[]): unknown[] {
  if (segment === undefined) return [value]
  if (typeof value !== 'object' || value === null) return []
  if (segment === '*') return Object.values(value).flatMap((item) => valuesAt(item, rest))
  return valuesAt((value as Record<string, unknown>)[segment], rest)
}
