/** The settings of the stand-in for Nix: what `nix config show` prints. */
import { FlakeError } from './local-flake.ts'
import { storeFolder } from './toy-store.ts'

/** What it builds for: the machine that it runs on. */
export const platform = `${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux`

const settings: Readonly<Record<string, string | readonly string[]>> = {
  builders: '',
  'experimental-features': ['flakes', 'nix-command'],
  'extra-platforms': [],
  store: storeFolder(),
  substituters: ['https://cache.nixos.org/'],
  system: platform,
  'trusted-public-keys': ['cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY='],
}

/** A setting as a line has it. */
export function settingText(name: string): string {
  const value = settings[name]
  if (value === undefined) throw new FlakeError(`could not find setting '${name}'`)
  return typeof value === 'string' ? value : value.join(' ')
}

/** `config show [NAME]`: one setting or all of them, as lines or as JSON. */
export function showSettings(words: readonly string[], asJson: boolean): string {
  const [, name] = words[0] === 'show' ? words : []
  if (name !== undefined) return settingText(name)
  if (asJson) {
    return JSON.stringify(
      Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, { value }])),
    )
  }
  return Object.keys(settings)
    .map((key) => `${key} = ${settingText(key)}`)
    .join('\n')
}
