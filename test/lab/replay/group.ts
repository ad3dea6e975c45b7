import type { LabOptions } from '../../../src/lab/lab.ts'
import type { Observed } from './compare.ts'
import type { Exchange, Source } from './recordings.ts'
import type { Version, World } from './world.ts'

/** Why something is as it is, by the exchange's name, in which `*` stands for anything. */
export type Reasons = Readonly<Record<string, string>>

/** Recorded exchanges that belong together: they are replayed in one lab, one after the other. */
export interface Group {
  readonly name: string
  readonly source: Source
  /** Which of the source's exchanges; those that begin with the group's name and a slash, if not given. */
  readonly includes?: (name: string) => boolean
  /** How its lab differs from the recorded server as {@link World} knows it. */
  readonly lab?: Partial<LabOptions> | ((version: Version) => Partial<LabOptions>)
  /** Brings the lab into the state in which the first exchange was recorded. */
  readonly setUp?: (world: World) => Promise<void> | void
  /** Names in the order in which they were recorded, where that matters; all others follow as they stand in the file. */
  readonly order?: readonly string[]
  /** Done before every exchange. */
  readonly before?: (world: World, exchange: Exchange) => Promise<void> | void
  /** Done before an exchange: what came before it in the recording and was not recorded itself. */
  readonly prepare?: Readonly<Record<string, (world: World) => Promise<void> | void>>
  /** How to replay what the recording describes in words: task ends, files, several requests at once. */
  readonly replay?: Readonly<Record<string, (world: World, exchange: Exchange) => Promise<Observed>>>
  /** The request to send, where the recorded one is not complete. */
  readonly request?: Readonly<Record<string, (exchange: Exchange, world: World) => Exchange['request']>>
  /** Values that depend on the machine, besides those that are measured everywhere. */
  readonly measured?: readonly string[]
  /** Lists that tell of what happened before: of these only the form of the rows is compared. */
  readonly shapeOnly?: Reasons
  /** The configuration afterwards was recorded for all options whose name fits. */
  readonly wholeConfig?: RegExp
  /** What a provisioning client does not meet, or what the recording machine is to blame for. */
  readonly excluded?: Reasons
  /** Where the lab is known to differ. The test fails for any other difference, and for any of these that is gone. */
  readonly disagreements?: Reasons
  /** The same for PVE 8, of which only the exchanges are compared that it answered differently. */
  readonly disagreementsIn8?: Reasons
}

/** The reason given for a name, directly or by a pattern. */
export function reasonFor(reasons: Reasons | undefined, name: string): string | undefined {
  if (reasons === undefined) return undefined
  return reasons[name] ?? Object.entries(reasons).find(([key]) => matches(key, name))?.[1]
}

/** Whether a name is meant by a key, in which `*` stands for anything. */
export function matches(key: string, name: string): boolean {
  const [begin = '', end] = key.split('*')
  return end === undefined ? key === name : name.startsWith(begin) && name.endsWith(end)
}

/** Names of a group, without its own in front, in the order in which they were recorded. */
export function inOrder(group: string, names: readonly (readonly string[])[]): string[] {
  return names.flat().map((name) => `${group}/${name}`)
}
