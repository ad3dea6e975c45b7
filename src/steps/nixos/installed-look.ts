import type { Facts } from '../../ssh/facts.ts'
import type { Session } from '../../ssh/session.ts'
import { asRoot } from './remote.ts'

/** What cannot hold a system by itself: partition tables, boot partitions, swap; data that nobody recognises boots nothing. */
const harmless = /^(gpt|dos|PMBR|mbr|vfat|swap|unrecognised)$/
const mountable = /^(ext[234]|xfs|btrfs|f2fs|bcachefs)$/

/**
 * Whether disks hold a NixOS system, or something that cannot be looked into: an encrypted volume, a pool. Mounts file
 * systems read-only for a moment.
 */
export async function mayHoldSystem(
  session: Session,
  disks: Facts['disks'],
  signal: AbortSignal,
): Promise<boolean> {
  const found = disks.flatMap(({ content }) => content.map((text) => text.split(' ')))
  const parts = found.filter(([, type]) => type !== undefined && !harmless.test(type))
  if (parts.length === 0) return false
  if (!parts.every(([, type = '']) => mountable.test(type))) return true
  const devices = parts.map(([device]) => device).join(' ')
  const { stdout } = await session.run('sh -s', signal, look(devices))
  return stdout.trim() !== 'none'
}

// The profile is what nixos-install makes, shortly before the boot loader. Without replaying a journal: not one byte of
// the disk is changed. The store may be a file system of its own, or a subvolume.
function look(devices: string): string {
  return `${asRoot}
m=/nci-look found=none
$S mkdir -p $m || exit 1
for d in ${devices}; do
  $S mount -o ro,noload $d $m 2>/dev/null || $S mount -o ro $d $m 2>/dev/null || { found=unseen; continue; }
  for f in $m/nix/var/nix/profiles/system $m/var/nix/profiles/system $m/*/nix/var/nix/profiles/system $m/*/var/nix/profiles/system; do
    # A link is a system, nothing is none; whatever cannot be told is taken for one.
    $S readlink "$f" >/dev/null 2>&1
    case $? in 0) found=system;; 1) ;; *) found=unseen;; esac
  done
  $S umount $m || exit 1
done
$S rmdir $m
echo $found
`
}
