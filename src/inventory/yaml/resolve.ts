import { Unsafe, Vaulted } from './load.ts'

/** A part of a variable that only Ansible can tell the value of. */
export interface Unresolved {
  readonly path: string
  readonly reason: string
}

/** The value without its unresolved parts, which are added to a list. */
export function resolve(value: unknown, path: string, unresolved: Unresolved[]): unknown {
  if (value instanceof Vaulted) {
    unresolved.push({ path, reason: 'it is encrypted, and without Ansible it stays so' })
    return undefined
  }
  if (value instanceof Unsafe) return value.text
  if (typeof value === 'string') {
    if (!/\{\{|\{%|\{#/.test(value)) return value
    unresolved.push({ path, reason: 'it is a template, and without Ansible it stays one' })
    return undefined
  }
  if (Array.isArray(value)) {
    return value
      .map((item, index) => resolve(item, `${path}[${index}]`, unresolved))
      .filter((item) => item !== undefined)
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => {
      const resolved = resolve(item, `${path}.${key}`, unresolved)
      return resolved === undefined ? [] : [[key, resolved]]
    }),
  )
}
