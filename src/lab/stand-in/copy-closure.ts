/**
 * `nix copy` of a toy closure: one `nix-store --import` per path that the target lacks. The wire format (a
 * line of JSON, then filling) is the lab's own; the messages are Nix's.
 */

import { Stop } from './arguments.ts'
import type { Remote } from './remote.ts'
import { say } from './say.ts'
import type { ToyClosure, ToyPath } from './toy-closure.ts'

/** Bytes of filling per path: enough to watch, little enough for a hundred hosts. */
const payload = 64 * 1024

/** `root` is `/mnt` for the system; `built` copies silently what would have been built on the target. */
export async function copyClosure(
  remote: Remote,
  closure: ToyClosure,
  root: string,
  built: boolean,
): Promise<void> {
  const paths = closure.map(({ path }) => path)
  // Over standard input, as Nix asks it in its own protocol: no command line names the paths.
  const check = `for path in ${paths.join(' ')}; do [ -e "${root}$path" ] || echo "$path"; done`
  const { exitCode, stdout } = await remote.run('sh -s', { capture: true, input: check })
  if (exitCode !== 0) throw new Stop(`error: failed to start SSH connection to '${remote.host}'`)
  const missing = closure.filter(({ path }) => stdout.split('\n').includes(path))
  if (missing.length === 0) return
  if (!built) say(`copying ${missing.length} paths...`)
  for (const one of missing) {
    if (!built) say(`copying path '${one.path}' to 'ssh://${remote.target}'...`)
    const store = root === '' ? '' : ` --store 'local?root=${root}'`
    const sent = await remote.run(`nix-store --import${store} >/dev/null`, { input: wire(one) })
    if (sent.exitCode !== 0) throw new Stop('error: write of 4096 bytes: Broken pipe')
  }
}

function wire({ path, narSize, files }: ToyPath): Buffer {
  return Buffer.concat([
    Buffer.from(`${JSON.stringify({ path, narSize, files, payload })}\n`),
    Buffer.alloc(payload),
  ])
}
