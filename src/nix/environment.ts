import { childEnvironment } from '../core/child-environment.ts'

/**
 * The environment of Nix and of what calls it: without this tool's own secrets, and with the user's options in
 * `NIX_CONFIG`, where no process list shows them (`access-tokens` is one of them).
 */
export function nixEnvironment(
  options: Readonly<Record<string, string>>,
): Record<string, string | undefined> {
  const lines = [
    process.env.NIX_CONFIG,
    ...Object.entries(options).map(([name, value]) => `${name} = ${value}`),
  ]
  const config = lines.filter((line) => line).join('\n')
  return { ...childEnvironment(), ...(config === '' ? {} : { NIX_CONFIG: config }) }
}
