import { NciError } from '../../core/errors.ts'
import { quote } from '../../core/shell.ts'
import type { SecondLook } from '../../nix/ssh-wrapper.ts'
import type { Session } from '../../ssh/session.ts'

/** In memory, as the mounts are: a boot forgets both. */
const formattedFile = '/run/nci-formatted'

// A digest of the disks, of all that is recognised on them and their partitions, and of what is mounted on /mnt.
const disks = `export LC_ALL=C PATH="$PATH:/run/current-system/sw/bin:/usr/sbin:/sbin"
if [ "$(id -u)" = 0 ]; then S=; else S="sudo -n"; fi
{ lsblk -nlbpo NAME,TYPE,SIZE,SERIAL
for d in $(lsblk -nlpo NAME); do echo "$d"; $S wipefs -n --noheadings -O TYPE,UUID,OFFSET "$d" 2>/dev/null; done
grep " /mnt" /proc/mounts; } | sha256sum | cut -c 1-64`

/**
 * Looks at the disks, for all that nixos-anywhere then does: each of its commands looks again, at the boot, and the one
 * that runs disko at the disks. Whoever else formats them in between, or boots another machine, is noticed.
 *
 * @param script disko's script, or the flake where it is not known yet
 * @throws {NciError} `INSTALL_UNPROVEN`
 */
export async function firstLook(
  session: Session,
  bootId: string,
  script: string,
  signal: AbortSignal,
): Promise<SecondLook> {
  const { stdout } = await session.run('sh -s', signal, disks)
  const printed = stdout.trim()
  if (!/^[0-9a-f]{64}$/.test(printed) || bootId === '') {
    throw new NciError('INSTALL_UNPROVEN', { reason: 'the installer does not say what is on its disks' })
  }
  return {
    bootId,
    disks: { command: disks, printed },
    ...(script.startsWith('/nix/store/') ? { diskoScript: script } : {}),
    afterDisko: `{ echo ${quote(script)}; grep ' /mnt' /proc/mounts; } > ${formattedFile} ||
{ echo "disko has mounted nothing on /mnt" >&2; exit 1; }`,
  }
}

/**
 * Whether this script has formatted the disks in this boot of the installer, to its end, and all is still mounted as it
 * left it. Only then an installation may go on without formatting anew.
 */
export async function isFormatted(session: Session, script: string, signal: AbortSignal): Promise<boolean> {
  const look = `f=${formattedFile}; m=$(grep ' /mnt' /proc/mounts) && [ -e $f ] &&
[ "$(head -n 1 $f)" = ${quote(script)} ] && [ "$(tail -n +2 $f)" = "$m" ]`
  const { code } = await session.run('sh -s', signal, look)
  return code === 0
}
