import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Asset, Release } from '../../src/releases/github.ts'

const repository = 'AnarchoBooleanism/nixos-cloud-init-installer'

/** A request that the server got. */
export interface Seen {
  /** `github` for the API and the web site, `files` for where assets are redirected to. */
  readonly host: 'github' | 'files'
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly status: number
}

/** What the next answer with a file does instead of being in order. */
export type Fault =
  | { readonly status: number; readonly headers?: Record<string, string> }
  /** The connection is cut after that many bytes of the body. */
  | { readonly cutAfter: number }
  /** The body stops after that many bytes until the promise is fulfilled. */
  | { readonly pauseAfter: number; readonly until: Promise<void> }
  /** The body ends early, with nothing that says so. */
  | { readonly endAfter: number }

interface Reply {
  readonly status: number
  readonly headers?: Record<string, string>
  readonly body?: string | Buffer
}

interface StoredFile {
  content: Buffer
  etag: string | undefined
  lastModified: string | undefined
}

/** GitHub as this project sees it: the API and the web site on one port, the files of releases on another. */
export class GitHubServer implements AsyncDisposable {
  readonly repository = repository
  readonly releases: Release[] = []
  /** Tags without a release. */
  readonly tags: string[] = []
  readonly seen: Seen[] = []
  /** What comes of the next requests for files, first one first. */
  readonly faults: (Fault | undefined)[] = []
  /** What comes of the next requests to the API, first one first. */
  readonly apiFaults: Reply[] = []
  readonly files = new Map<number, StoredFile>()
  pageSize = 100
  /** Whether parts of files can be asked for. */
  ranges = true
  /** Whether answers with files state their length. */
  lengths = true
  /** The only token that is good, where one is needed. */
  token: string | undefined
  readonly #github: Server
  readonly #files: Server
  #nextId = 1

  private constructor() {
    this.#github = createServer((request, response) => this.#answer('github', request, response))
    this.#files = createServer((request, response) => this.#answer('files', request, response))
  }

  static async start(): Promise<GitHubServer> {
    const server = new GitHubServer()
    await Promise.all(
      [server.#github, server.#files].map((each) => once(each.listen(0, '127.0.0.1'), 'listening')),
    )
    return server
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const each of [this.#github, this.#files]) {
      each.closeAllConnections()
      each.close()
    }
  }

  get url(): string {
    return originOf(this.#github)
  }

  get filesUrl(): string {
    return originOf(this.#files)
  }

  /** Adds a release, which has an ISO for x86_64 unless told otherwise. */
  release(
    tag: string,
    {
      assets = { [`nixos-cloud-init-installer-${tag}-x86_64.iso`]: iso(tag) },
      digests = true,
      ...rest
    }: Partial<Omit<Release, 'assets'>> & {
      assets?: Record<string, Buffer>
      digests?: boolean
    } = {},
  ): Release {
    const release: Release = {
      tag_name: tag,
      draft: false,
      prerelease: false,
      published_at: '2026-01-01T00:00:00Z',
      assets: Object.entries(assets).map(([name, content]) => this.#asset(tag, name, content, digests)),
      ...rest,
    }
    this.releases.unshift(release)
    return release
  }

  /** The stored file of a release's first asset. */
  file(release: Release): StoredFile {
    return this.files.get(release.assets[0]?.id ?? 0) as StoredFile
  }

  /** How many requests were answered, by who was asked. */
  count(host: Seen['host']): number {
    return this.seen.filter((request) => request.host === host).length
  }

  #asset(tag: string, name: string, content: Buffer, digests: boolean): Asset {
    const id = this.#nextId++
    this.files.set(id, { content, etag: `"${id}-1"`, lastModified: 'Thu, 01 Jan 2026 00:00:00 GMT' })
    return {
      id,
      name,
      size: content.length,
      digest: digests ? `sha256:${sha256(content)}` : null,
      state: 'uploaded',
      updated_at: '2026-01-01T00:00:00Z',
      url: `${this.url}/repos/${repository}/releases/assets/${id}`,
      browser_download_url: `${this.url}/${repository}/releases/download/${tag}/${name}`,
    }
  }

  #onGitHub(request: IncomingMessage): Reply {
    const { pathname, searchParams } = new URL(request.url ?? '/', this.url)
    const asset = this.#assetAt(pathname)
    if (asset !== undefined) {
      return { status: 302, headers: { location: `${this.filesUrl}/${asset.id}?signature=of-the-moment` } }
    }
    const fault = this.apiFaults.shift()
    if (fault !== undefined) return { body: '{"message": "Refused"}', ...fault }
    if (this.token !== undefined && request.headers.authorization !== `Bearer ${this.token}`) {
      return { status: 401, body: '{"message": "Bad credentials"}' }
    }
    const base = `/repos/${repository}`
    const tag = decodeURIComponent(pathname.split('/').at(-1) ?? '')
    const found = this.releases.find((release) => release.tag_name === tag && !release.draft)
    if (pathname === `${base}/releases`) {
      const page = Number(searchParams.get('page') ?? 1)
      const shown = this.releases.slice((page - 1) * this.pageSize, page * this.pageSize)
      const more = this.releases.length > page * this.pageSize
      const next = `<${this.url}${base}/releases?per_page=100&page=${page + 1}>; rel="next"`
      return { status: 200, headers: more ? { link: next } : {}, body: JSON.stringify(shown) }
    }
    if (pathname.startsWith(`${base}/releases/tags/`) && found !== undefined) {
      return { status: 200, body: JSON.stringify(found) }
    }
    if (pathname.startsWith(`${base}/git/ref/tags/`) && this.tags.includes(tag)) {
      return { status: 200, body: JSON.stringify({ ref: `refs/tags/${tag}` }) }
    }
    return { status: 404, body: '{"message": "Not Found"}' }
  }

  #assetAt(pathname: string): Asset | undefined {
    return this.releases
      .flatMap(({ assets }) => assets)
      .find(({ url, browser_download_url }) => [url, browser_download_url].includes(this.url + pathname))
  }

  #onFiles(request: IncomingMessage): Reply {
    const id = Number.parseInt(request.url?.slice(1) ?? '', 10)
    const file = this.files.get(id)
    if (file === undefined) return { status: 404, body: 'no such file' }
    const { content, etag, lastModified } = file
    const headers = {
      ...(etag === undefined ? {} : { etag }),
      ...(lastModified === undefined ? {} : { 'last-modified': lastModified }),
    }
    if (etag !== undefined && request.headers['if-none-match'] === etag) return { status: 304, headers }
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
    const condition = request.headers['if-range']
    const same = condition === undefined || condition === etag || condition === lastModified
    if (start === 0 || !this.ranges || !same) {
      const length = this.lengths ? { 'content-length': String(content.length) } : {}
      return { status: 200, headers: { ...headers, ...length }, body: content }
    }
    const body = content.subarray(start)
    if (body.length === 0) return { status: 416, headers: { 'content-range': `bytes */${content.length}` } }
    const range = `bytes ${start}-${content.length - 1}/${content.length}`
    return {
      status: 206,
      headers: { ...headers, 'content-range': range, 'content-length': String(body.length) },
      body,
    }
  }

  #answer(host: Seen['host'], request: IncomingMessage, response: ServerResponse): void {
    const fault = host === 'files' ? this.faults.shift() : undefined
    const inOrder = host === 'files' ? () => this.#onFiles(request) : () => this.#onGitHub(request)
    const { status, headers, body } =
      fault !== undefined && 'status' in fault ? { body: '', ...fault } : inOrder()
    this.seen.push({ host, path: request.url ?? '', headers: request.headers, status })
    response.writeHead(status, headers)
    send(response, Buffer.from(body ?? ''), fault)
  }
}

/** An ISO of a few MiB as far as its mark tells; another for each seed. */
export function iso(seed: string, size = 4 * 1024 ** 2): Buffer {
  const block = createHash('sha256').update(seed).digest()
  const content = Buffer.alloc(size, block)
  content.write('CD001', 32769, 'latin1')
  return content
}

export function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}

function send(response: ServerResponse, body: Buffer, fault: Fault | undefined): void {
  if (fault !== undefined && 'cutAfter' in fault) {
    response.write(body.subarray(0, fault.cutAfter), () => response.destroy())
  } else if (fault !== undefined && 'endAfter' in fault) {
    response.end(body.subarray(0, fault.endAfter))
  } else if (fault !== undefined && 'pauseAfter' in fault) {
    response.write(body.subarray(0, fault.pauseAfter))
    void fault.until.then(() => response.end(body.subarray(fault.pauseAfter)))
  } else {
    response.end(body)
  }
}

function originOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
