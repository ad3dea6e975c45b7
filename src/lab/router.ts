import type { Identity } from './authentication.ts'
import type { Cluster } from './cluster.ts'
import type { Parameters } from './parameters.ts'
import type { EndpointSchema } from './schema.ts'
import type { ReceivedUpload } from './upload.ts'

/** What a handler gets: everything is checked against the endpoint's schema. */
export interface Call {
  readonly cluster: Cluster
  readonly identity: Identity
  readonly parameters: Parameters
  /** The node of the path; empty where there is none. */
  readonly node: string
  /** The VMID of the path; 0 where there is none. */
  readonly vmid: number
  /** The file of an upload. */
  readonly upload: ReceivedUpload | undefined
  /** Adds `total` to the answer. */
  setTotal(total: number): void
}

/** A handler's answer that is a text of its own, and not the content of `data`. */
export class PlainText {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** Answers a request with the content of `data`, or with a {@link PlainText}. */
export type Handler = (call: Call) => unknown

/** Handlers by `GET /nodes/{node}/…`: the names of Proxmox's schema, which declares parameters and privileges. */
export type Routes = Readonly<Record<string, Handler>>

/** A route that fits a request. */
export interface Match {
  /** `GET /nodes/{node}` */
  readonly name: string
  readonly schema: EndpointSchema
  readonly handler: Handler
  /** The values in the path by name. */
  readonly path: Readonly<Record<string, string>>
}

interface Entry {
  readonly name: string
  readonly parts: readonly string[]
  readonly schema: EndpointSchema
  readonly handler: Handler
}

/** Finds the route of a request. */
export class Router {
  readonly #entries = new Map<string, Entry[]>()

  constructor(endpoints: ReadonlyMap<string, EndpointSchema>, routes: Routes) {
    for (const [name, handler] of Object.entries(routes)) {
      const schema = endpoints.get(name)
      // Not every endpoint exists in every version.
      if (schema === undefined) continue
      const [method = '', path = ''] = name.split(' ')
      const entries = this.#entries.get(method) ?? []
      entries.push({ name, parts: partsOf(path), schema, handler })
      this.#entries.set(method, entries)
    }
    // Fixed names before placeholders: /nodes/{node}/qemu/{vmid}/agent/exec before …/agent/{command}.
    for (const entries of this.#entries.values()) entries.sort((a, b) => placeholders(a) - placeholders(b))
  }

  /** The route for a method and a path without `/api2/json`; `undefined` if there is none. */
  find(method: string, path: string): Match | undefined {
    const parts = partsOf(path)
    for (const entry of this.#entries.get(method) ?? []) {
      const values = valuesOf(entry.parts, parts)
      if (values !== undefined)
        return { name: entry.name, schema: entry.schema, handler: entry.handler, path: values }
    }
    return undefined
  }
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '')
}

function placeholders(entry: Entry): number {
  return entry.parts.filter((part) => part.startsWith('{')).length
}

function valuesOf(template: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  const values: Record<string, string> = {}
  for (const [index, name] of template.entries()) {
    const part = parts[index]
    if (part === undefined) return undefined
    // A volume's slash may come unencoded.
    if (name === '{volume}') {
      values.volume = decode(parts.slice(index).join('/'))
      return values
    }
    if (name.startsWith('{')) values[name.slice(1, -1)] = decode(part)
    else if (name !== part) return undefined
  }
  return parts.length === template.length ? values : undefined
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
