import { createHash } from 'node:crypto'

/** Options as text by name, as in the configuration file. */
export type Options = Record<string, string>

/** What a VM's file holds: its options, what is pending, and what the cloud-init drive was made from. */
export interface VmConfig {
  readonly options: Options
  readonly pending: Options
  /** Options to delete when the VM stops; `!` means the disk as well. */
  readonly pendingDelete: Set<string>
  /** Values the cloud-init drive still has, where the configuration has changed since. */
  readonly cloudInit: Options
}

/** A configuration with nothing in it. */
export function emptyConfig(options: Options = {}): VmConfig {
  return { options, pending: {}, pendingDelete: new Set(), cloudInit: {} }
}

/** Writes the configuration file in Proxmox's form: the description as comments, the options sorted, then sections. */
export function printConfig(config: VmConfig): string {
  const parts = [printOptions(config.options)]
  const deletes = [...config.pendingDelete].sort()
  const pending = { ...config.pending, ...(deletes.length > 0 ? { delete: deletes.join(',') } : {}) }
  if (Object.keys(pending).length > 0) parts.push(`[PENDING]\n${printOptions(pending)}`)
  if (Object.keys(config.cloudInit).length > 0)
    parts.push(`[special:cloudinit]\n${printOptions(config.cloudInit)}`)
  return parts.join('\n')
}

/** Reads what {@link printConfig} writes. */
export function parseConfig(text: string): VmConfig {
  const config = emptyConfig()
  let section: Options = config.options
  for (const line of text.split('\n')) {
    if (line === '[PENDING]') section = config.pending
    else if (line === '[special:cloudinit]') section = config.cloudInit
    else if (line.startsWith('#')) readDescription(section, line)
    else readOption(config, section, line)
  }
  return config
}

/** The digest that protects against lost updates: SHA-1 over the file. */
export function digestOf(config: VmConfig): string {
  return createHash('sha1').update(printConfig(config)).digest('hex')
}

/** Drops pending changes that change nothing. */
export function cleanUpPending(config: VmConfig): void {
  for (const [name, value] of Object.entries(config.pending)) {
    if (config.options[name] === value) delete config.pending[name]
  }
  for (const name of config.pendingDelete) {
    if (config.options[name.replace(/^!/, '')] === undefined) config.pendingDelete.delete(name)
  }
}

/** Whether an option is to be deleted. */
export function isPendingDelete(config: VmConfig, name: string): boolean {
  return config.pendingDelete.has(name) || config.pendingDelete.has(`!${name}`)
}

/** Takes an option off the list of those to be deleted. */
export function keep(config: VmConfig, name: string): void {
  config.pendingDelete.delete(name)
  config.pendingDelete.delete(`!${name}`)
}

/** Writes a value as the file would give it back: without trailing space, and never empty. */
export function normalize(name: string, value: string): string {
  if (name === 'description') return value.replace(/\s+$/, '')
  return value === '' ? ' ' : value
}

function printOptions(options: Options): string {
  const description = options.description
  const comments = description === undefined ? '' : encodeDescription(description)
  const names = Object.keys(options).filter((name) => name !== 'description')
  return (
    comments +
    names
      .sort()
      .map((name) => `${name}: ${options[name]}\n`)
      .join('')
  )
}

function encodeDescription(description: string): string {
  const lines = description.split('\n')
  return lines
    .map(
      (line) =>
        `#${line.replaceAll(/[%:\r]|[^\x20-\x7e\n]/gu, (character) => encodeURIComponent(character))}\n`,
    )
    .join('')
}

function readDescription(section: Options, line: string): void {
  const text = decodeURIComponent(line.slice(1))
  const before = section.description
  section.description = before === undefined ? text : `${before}\n${text}`
}

function readOption(config: VmConfig, section: Options, line: string): void {
  const match = /^([a-z][a-z0-9_-]*): (.*)$/i.exec(line)
  if (match === null) return
  const [, name = '', value = ''] = match
  if (section === config.pending && name === 'delete') {
    for (const item of value.split(',')) config.pendingDelete.add(item)
  } else {
    section[name] = value
  }
}
