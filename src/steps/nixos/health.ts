import { delay } from '../../core/deadline.ts'
import { NciError } from '../../core/errors.ts'
import type { Context, Outputs } from '../../core/step.ts'
import { type Address, formatAddress } from '../../ssh/address-map.ts'
import type { Session } from '../../ssh/session.ts'

/** What systemd says of a system that may be used. */
export type SystemState = NonNullable<Outputs['nixos.install']['system_state']>

const pause = 1000
/** File systems that are gone after the next boot. */
const inMemory = ['tmpfs', 'ramfs', 'overlay', 'squashfs', 'iso9660', 'erofs']

// The mount that holds the store: a root in memory is no wonder by itself, where it is meant to be empty at each boot.
const storeMount = `awk '$2=="/nix/store"{s=$3} $2=="/nix"{n=$3} $2=="/"{r=$3} END{print s!="" ? s : n!="" ? n : r}' /proc/mounts`

/**
 * Whether the installed system that was logged in to runs from its disk, and came up.
 *
 * @param seconds that it may take until it has started
 * @throws {NciError} `INSTALL_UNPROVEN`, `INSTALL_UNHEALTHY`
 */
export async function checkHealth(
  session: Session,
  address: Address,
  context: Context,
  seconds: number,
): Promise<SystemState> {
  const { signal } = context
  const type = (await session.run(storeMount, signal)).stdout.trim()
  if (inMemory.includes(type)) {
    const reason = `the system at ${formatAddress(address)} has its store in memory (${type}), and not on a disk`
    throw new NciError('INSTALL_UNPROVEN', { reason })
  }
  const until = performance.now() + seconds * 1000
  for (;;) {
    const state = (await systemctl(session, 'is-system-running', signal)).trim()
    switch (state) {
      case 'running':
        return state
      case 'degraded':
        context.emit({
          type: 'warning',
          message: `Some units failed: ${await failedUnits(session, signal)}.`,
        })
        return state
      case 'initializing':
      case 'starting':
        if (performance.now() > until)
          throw new NciError('INSTALL_UNHEALTHY', { address: formatAddress(address), state })
        await delay(pause, signal)
        break
      case 'maintenance':
      case 'stopping':
        throw new NciError('INSTALL_UNHEALTHY', { address: formatAddress(address), state })
      default:
        context.emit({ type: 'warning', message: unknownState(address, state) })
        return 'unknown'
    }
  }
}

function unknownState(address: Address, state: string): string {
  const said = state === '' ? 'nothing' : `\`${state}\``
  return `Whether the system at ${formatAddress(address)} came up is not known: \`systemctl is-system-running\` says ${said}.`
}

/** What it prints. A login without a NixOS profile has it not in its PATH. */
async function systemctl(session: Session, words: string, signal: AbortSignal): Promise<string> {
  const command = `PATH="$PATH:/run/current-system/sw/bin" systemctl ${words}`
  return (await session.run(`sh -c '${command}'`, signal)).stdout
}

async function failedUnits(session: Session, signal: AbortSignal): Promise<string> {
  const stdout = await systemctl(session, 'list-units --failed --no-legend --plain', signal)
  const units = stdout.split('\n').flatMap((line) => line.trim().split(/\s+/)[0] || [])
  return units.join(', ') || 'systemd does not say which'
}
