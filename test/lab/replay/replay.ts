import { compare, type Observed } from './compare.ts'
import { measuredEverywhere, type Rules } from './compare-values.ts'
import { type Group, reasonFor } from './group.ts'
import { differencesInPve8, type Exchange, type RecordedRequest, recordedExchanges } from './recordings.ts'
import { sendRecorded } from './send-recorded.ts'
import { type Version, World } from './world.ts'

/** How an exchange went. */
export interface Result {
  readonly name: string
  readonly version: Version
  /** Nothing where the lab agrees. */
  readonly differences: readonly string[]
}

/** The exchanges of a group in the order in which they are replayed, without those that are left out. */
export function exchangesOf(group: Group): Exchange[] {
  const all = recordedExchanges(group.source)
  const belongs = group.includes ?? ((name) => name.startsWith(`${group.name}/`))
  const names = [...new Set([...(group.order ?? []), ...all.keys()])].filter(belongs)
  return names.map((name) => {
    const exchange = all.get(name)
    if (exchange === undefined) throw new Error(`nothing was recorded under '${name}'`)
    return exchange
  })
}

/** Replays a group against a lab of its own. In PVE 8's place only what it answered differently is compared. */
export async function replayGroup(group: Group, version: Version): Promise<Result[]> {
  const differing = differencesInPve8(group.source)
  const all = exchangesOf(group).filter(({ name }) => reasonFor(group.excluded, name) === undefined)
  return await replay(group, version, all, ({ name }) => version === '9.2' || differing.has(name))
}

/** Replays what is left out of a group as well, and tells how that went: what agrees need not be left out. */
export async function replayExcluded(group: Group): Promise<Result[]> {
  const isTold = (exchange: Exchange) =>
    reasonFor(group.excluded, exchange.name) !== undefined && tells(exchange)
  return await replay(group, '9.2', exchangesOf(group), isTold)
}

/**
 * Whether an exchange can be sent again, and its answer says all: not so a listing made by a shell, a client that announces
 * another length than it sends, a task that was still running when it was looked at.
 */
function tells({ request, response }: Exchange): boolean {
  const hasEnded = response.task?.status.data.status !== 'running'
  return request.path !== undefined && (request['content-length-offset'] ?? 0) === 0 && hasEnded
}

async function replay(
  group: Group,
  version: Version,
  all: readonly Exchange[],
  isCompared: (exchange: Exchange) => boolean,
): Promise<Result[]> {
  const differing = differencesInPve8(group.source)
  // What comes after the last one that is compared need not be sent.
  const needed = all.slice(0, all.findLastIndex(isCompared) + 1)
  const results: Result[] = []
  if (needed.length === 0) return results
  const options = typeof group.lab === 'function' ? group.lab(version) : group.lab
  await using world = await World.open(version, options)
  await group.setUp?.(world)
  for (const recorded of needed) {
    const exchange = version === '9.2' ? recorded : (differing.get(recorded.name) ?? recorded)
    const differences = await replayOne(group, world, exchange)
    if (isCompared(exchange)) results.push({ name: exchange.name, version, differences })
  }
  return results
}

async function replayOne(group: Group, world: World, exchange: Exchange): Promise<string[]> {
  try {
    await group.before?.(world, exchange)
    await group.prepare?.[exchange.name]?.(world)
    const custom = group.replay?.[exchange.name]
    const observed =
      custom === undefined
        ? await observe(
            world,
            group.request?.[exchange.name]?.(exchange, world) ?? exchange.request,
            exchange,
          )
        : await custom(world, exchange)
    return compare(exchange.response, withTheirValues(world, observed), rulesOf(group, exchange))
  } catch (error) {
    return [`could not be replayed: ${error instanceof Error ? error.message : String(error)}`]
  }
}

function withTheirValues(world: World, observed: Observed): Observed {
  if (world.aliases.size === 0) return observed
  let text = JSON.stringify(observed)
  for (const [theirs, ours] of world.aliases) text = text.replaceAll(ours, theirs)
  return JSON.parse(text) as Observed
}

function rulesOf(group: Group, exchange: Exchange): Rules {
  return {
    measured: new Set([...measuredEverywhere, ...(group.measured ?? [])]),
    shapeOnly: reasonFor(group.shapeOnly, exchange.name) !== undefined,
    wholeConfig: group.wholeConfig,
  }
}

/** Sends a recorded request and gathers all that the recording has of its answer. */
export async function observe(world: World, request: RecordedRequest, exchange: Exchange): Promise<Observed> {
  if (request.parallel !== undefined) {
    // Who wins is open: if one answer came with a task or a configuration, they are gathered for all.
    const response = Object.assign({}, ...(exchange.response.parallel ?? []))
    const parallel = await Promise.all(
      request.parallel.map((one) => observe(world, one, { name: exchange.name, request: one, response })),
    )
    return { statusLine: '', parallel }
  }
  const answer = await sendRecorded(world, request)
  if (answer === undefined) return { statusLine: '(no response)' }
  remember(world, exchange, answer.body)
  const task = await taskOf(world, exchange, answer.body)
  const config = await configOf(world, request, exchange)
  return {
    statusLine: `HTTP/1.1 ${answer.status} ${answer.reason}`,
    contentType: answer.headers['content-type'],
    body: answer.body ?? answer.text,
    ...(task === undefined ? {} : { task }),
    ...(config === undefined ? {} : { config }),
    ...(exchange.response['dump-user'] === undefined ? {} : { userData: await userDataOf(world, request) }),
    ...filesOf(world, exchange),
  }
}

/** What an upload left, where that was recorded. */
export function filesOf(world: World, { request, response }: Exchange): Pick<Observed, 'files'> {
  if (response['files-afterwards'] === undefined || request.filename === undefined) return {}
  const size = world.sizeOf('local', `iso/${request.filename}`)
  return { files: size === undefined ? '' : `${size} ${request.filename}` }
}

/** Later requests name the recorded task or digest: in them it stands for ours. */
function remember(world: World, { response }: Exchange, body: { data?: unknown } | undefined): void {
  const [recorded, ours] = [(response.body as { data?: unknown } | undefined)?.data, body?.data]
  if (isUpid(recorded) && isUpid(ours)) world.known.set(recorded, ours)
  const [theirDigest, ourDigest] = [digestOf(recorded), digestOf(ours)]
  if (theirDigest !== undefined && ourDigest !== undefined) world.known.set(theirDigest, ourDigest)
}

async function taskOf(
  world: World,
  { response }: Exchange,
  body: { data?: unknown } | undefined,
): Promise<Observed['task']> {
  if (response.task === undefined || response.task === null || !isUpid(body?.data)) return undefined
  const { exitstatus, lines } = await world.finished(body.data)
  return { exitstatus, log: lines }
}

async function configOf(
  world: World,
  request: RecordedRequest,
  { response }: Exchange,
): Promise<Observed['config']> {
  if (response['config-afterwards'] === undefined) return undefined
  const params = request.params as { vmid?: number } | null | undefined
  const vmid = /\/qemu\/(\d+)/.exec(request.path ?? '')?.[1] ?? params?.vmid
  return await world.config(Number(vmid))
}

async function userDataOf(world: World, request: RecordedRequest): Promise<string> {
  const vmid = /\/qemu\/(\d+)/.exec(request.path ?? '')?.[1]
  return (await world.ask('GET', `/nodes/pve/qemu/${vmid}/cloudinit/dump?type=user`)).body.data
}

function isUpid(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith('UPID:')
}

function digestOf(data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null || !('digest' in data)) return undefined
  return typeof data.digest === 'string' ? data.digest : undefined
}
