import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'

const published = 'github:AnarchoBooleanism/nixos-cloud-init-installer'

/**
 * This project's flake: of the checkout that this program runs in, or else the published one.
 *
 * @param program file that Node was started with
 */
export function ownFlake(program: string | undefined = process.argv[1]): string {
  if (program === undefined || !existsSync(program)) return published
  // bin/start.cjs
  const root = dirname(dirname(realpathSync(program)))
  const isCheckout = ['flake.nix', join('nix', 'installer.nix')].every((name) => existsSync(join(root, name)))
  return isCheckout ? root : published
}
