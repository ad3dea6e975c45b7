import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

const name = 'nixos-cloud-init-installer'

/** The program's folder for what can be had again: `~/.cache/nixos-cloud-init-installer`. */
export function userCache(): string {
  return join(base('XDG_CACHE_HOME', '.cache'), name)
}

/** The program's folder for logs and notes: `~/.local/state/nixos-cloud-init-installer`. */
export function userState(): string {
  return join(base('XDG_STATE_HOME', join('.local', 'state')), name)
}

function base(variable: string, usual: string): string {
  const given = process.env[variable]
  // The specification of XDG has relative paths ignored.
  return given !== undefined && isAbsolute(given) ? given : join(homedir(), usual)
}
