import { isNciError, NciError } from '../core/errors.ts'
import { formatSeconds } from '../core/format.ts'
import { type Answer, type Http, seconds } from './http.ts'
import { newestFirst } from './newest.ts'
import { retrying } from './retry.ts'

/** A file of a release, as GitHub's API describes it. */
export interface Asset {
  readonly id: number
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** `sha256:…`; null for what was uploaded before June 2025. */
  readonly digest?: string | null
  /** `open` while it is being uploaded. */
  readonly state?: string
  readonly updated_at: string
  /** Its URL in the API: the only one that takes a token. */
  readonly url: string
  readonly browser_download_url: string
}

/** A release, as GitHub's API describes it. */
export interface Release {
  readonly tag_name: string
  readonly draft: boolean
  readonly prerelease: boolean
  readonly published_at: string | null
  readonly assets: readonly Asset[]
}

export interface GitHubOptions {
  readonly http: Http
  readonly signal: AbortSignal
  readonly apiUrl: string
  readonly repository: string
  readonly hasToken: boolean
}

/** The releases of one repository. */
export class GitHub {
  readonly #options: GitHubOptions
  readonly #base: string

  constructor(options: GitHubOptions) {
    this.#options = options
    this.#base = `${options.apiUrl.replace(/\/+$/, '')}/repos/${options.repository}`
  }

  /**
   * The published release with the highest version.
   *
   * @throws {NciError} `RELEASE_NONE`, also when there are only drafts and prereleases
   */
  async latest(): Promise<Release> {
    const published = (await this.#releases()).filter((release) => !release.draft)
    const [newest] = newestFirst(published.filter((release) => !release.prerelease))
    if (newest !== undefined) return newest
    const { repository } = this.#options
    if (published.length === 0) throw new NciError('RELEASE_NONE', { repository })
    const hint = `There are only prereleases: set \`iso_release\` to one of ${names(published)}.`
    throw new NciError('RELEASE_NONE', { repository }, { hint })
  }

  /**
   * @throws {NciError} `RELEASE_NOT_FOUND`, which names the newest releases and says whether the tag is a draft or
   *   only a tag
   */
  async tagged(tag: string): Promise<Release> {
    const found = await this.#json<Release>(`${this.#base}/releases/tags/${encodeURIComponent(tag)}`)
    if (found !== undefined) return release(found.value)
    const all = await this.#releases()
    const { repository } = this.#options
    const published = all.filter((other) => !other.draft)
    const hint = await this.#absence(tag, all)
    if (published.length === 0) throw new NciError('RELEASE_NONE', { repository, release: tag }, hint)
    throw new NciError(
      'RELEASE_NOT_FOUND',
      { repository, release: tag, releases: names(newestFirst(published)) },
      hint,
    )
  }

  /** A small text file of a release. */
  async text(asset: Asset): Promise<string> {
    const { http, signal } = this.#options
    const url = this.assetUrl(asset)
    const read = async (): Promise<string> => {
      const answer = await http.get(url, { accept: 'application/octet-stream' })
      if (answer.status !== 200) throw await this.#refusal(answer, url)
      return answer.body.text().catch((thrown: unknown) => {
        throw http.failure(thrown, url)
      })
    }
    return retrying(read, { url, signal })
  }

  /** Where an asset is downloaded from: private ones are to be had from the API alone, with a token. */
  assetUrl(asset: Asset): string {
    return this.#options.hasToken ? asset.url : asset.browser_download_url
  }

  /** Why there is no release for a tag, where that can be told. */
  async #absence(tag: string, all: readonly Release[]): Promise<{ hint: string } | undefined> {
    const way = 'publish it, or choose another `iso_release`.'
    if (all.some((other) => other.tag_name === tag)) return { hint: `\`${tag}\` is still a draft: ${way}` }
    const ref = await this.#json(`${this.#base}/git/ref/tags/${encodeURIComponent(tag)}`).catch(
      (thrown: unknown) => {
        // It only serves the hint.
        if (isNciError(thrown)) return undefined
        throw thrown
      },
    )
    return ref && { hint: `\`${tag}\` is a tag without a release: ${way}` }
  }

  async #releases(): Promise<Release[]> {
    const all: Release[] = []
    let url: string | undefined = `${this.#base}/releases?per_page=100`
    while (url !== undefined) {
      const page: Page<Release[]> | undefined = await this.#json<Release[]>(url)
      if (page === undefined) throw this.#forbidden('there is no such repository, or it is private')
      if (!Array.isArray(page.value)) throw notGitHub(url)
      all.push(...page.value.map(release))
      url = page.next
    }
    return all
  }

  /** What is at a URL of the API; nothing on 404. */
  async #json<Value>(url: string): Promise<Page<Value> | undefined> {
    const { http, signal } = this.#options
    const read = async (): Promise<Page<Value> | undefined> => {
      const answer = await http.get(url, {
        accept: 'application/vnd.github+json',
        'x-github-api-version': '2022-11-28',
      })
      if (answer.status === 404) return void (await answer.body.dump())
      if (answer.status !== 200) throw await this.#refusal(answer, url)
      const text = await answer.body.text().catch((thrown: unknown) => {
        throw http.failure(thrown, url)
      })
      const next = /<([^>]+)>;\s*rel="next"/.exec(answer.header('link') ?? '')?.[1]
      return { value: parsed(text, url) as Value, next: next && new URL(next, url).href }
    }
    return retrying(read, { url, signal })
  }

  async #refusal(answer: Answer, url: string): Promise<Error> {
    const { status } = answer
    const message = await answer.body.text().then(
      (text) => /"message":\s*"([^"]*)"/.exec(text)?.[1] ?? `status ${status}`,
      () => `status ${status}`,
    )
    if (status === 403 || status === 429) {
      const end = endOfLimit(answer, Date.now())
      if (end !== undefined || status === 429) return this.#rateLimited(end ?? Date.now() + aMinute)
    }
    if (status === 401 || status === 403) return this.#forbidden(message)
    return new NciError('DOWNLOAD_FAILED', { url, reason: `the answer is ${message}` })
  }

  #rateLimited(end: number): NciError {
    const at = new Date(end).toISOString().replace('T', ' ').slice(0, 19)
    const reset = `${at} UTC (in ${formatSeconds(Math.max(0, Math.round((end - Date.now()) / 1000)))})`
    const hint = this.#options.hasToken
      ? { hint: 'The token has used up its requests: wait, or set GITHUB_TOKEN to another.' }
      : undefined
    return new NciError('RELEASE_RATE_LIMITED', { reset }, hint)
  }

  #forbidden(reason: string): NciError {
    return new NciError('RELEASE_FORBIDDEN', { repository: this.#options.repository, reason })
  }
}

interface Page<Value> {
  readonly value: Value
  readonly next: string | undefined
}

const aMinute = 60_000

/** Until when GitHub wants to be left alone, in milliseconds since 1970; nothing where it refuses for another reason. */
function endOfLimit(answer: Answer, now: number): number | undefined {
  const retryAfter = seconds(answer.header('retry-after'))
  if (retryAfter !== undefined) return now + retryAfter * 1000
  if (answer.header('x-ratelimit-remaining') !== '0') return undefined
  const reset = Number(answer.header('x-ratelimit-reset'))
  return reset > 0 ? reset * 1000 : now + aMinute
}

function release(value: Release): Release {
  if (typeof value?.tag_name !== 'string' || !Array.isArray(value.assets)) throw notGitHub('The release')
  return value
}

function parsed(text: string, url: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // A proxy's or a hotel's page with status 200.
    throw notGitHub(url)
  }
}

function notGitHub(url: string): NciError {
  return new NciError('DOWNLOAD_FAILED', { url, reason: "what answers is not GitHub's API" })
}

function names(releases: readonly Release[]): string {
  return releases
    .slice(0, 5)
    .map((one) => `\`${one.tag_name}\``)
    .join(', ')
}
