import type { Facts } from '../../ssh/facts.ts'
import type { Session } from '../../ssh/session.ts'
import { asRoot } from './remote.ts'

/** What cannot hold a system by itself: partition tables, boot partitions, swap; data that nobody recognises boots nothing. */
const harmless = /^(gpt|dos|PMBR|mbr|vfat|swap|unrecognised)$/
// Without replaying a journal: not one byte of the disk is changed. Of btrfs all subvolumes, and not the default one.
const readOnly: Readonly<Record<string, readonly string[]>> = {
  ext2: ['ro'],
  ext3: ['ro,noload'],
  ext4: ['ro,noload'],
  xfs: ['ro,norecovery'],
  f2fs: ['ro,norecovery'],
  bcachefs: ['ro,norecovery'],
  btrfs: ['ro,subvolid=5,rescue=nologreplay', 'ro,subvolid=5,norecovery'],
}

/**
 * Whether somebody may have used disks since an installation on them stopped: they hold more than it leaves before its
 * end, of whatever system, or something that cannot be looked into: an encrypted volume, a pool. Mounts file systems
 * read-only for a moment.
 */
export async function mayBeUsed(
  session: Session,
  disks: Facts['disks'],
  signal: AbortSignal,
): Promise<boolean> {
  const found = disks.flatMap(({ content }) => content.map((text) => text.split(' ')))
  const parts = found.flatMap(([device, type]) =>
    type === undefined || harmless.test(type) ? [] : [{ device, ways: readOnly[type] }],
  )
  if (parts.length === 0) return false
  const looks = parts.flatMap(({ device, ways }) =>
    ways === undefined ? [] : `look ${device} ${ways.join(' ')}`,
  )
  if (looks.length < parts.length) return true
  const { stdout } = await session.run('sh -s', signal, `${look}${looks.join('\n')}\nrmdir $m\necho $found\n`)
  return stdout.trim() !== 'none'
}

// Before its end there is the store and its database, with the host key and a swap file at most; extra files look like
// those of a system. What makes a system is the profile, which nixos-install sets shortly before the boot loader. The
// store may be a file system of its own, or a subvolume.
const look = `${asRoot}
m=$(mktemp -d) found=none
[ -n "$m" ] || exit 1
look() {
  d=$1; shift
  for o in "$@" ''; do
    [ -n "$o" ] || { found=unseen; return; }
    $S mount -o "$o" "$d" $m 2>/dev/null && break
  done
  # An error is printed as well: what cannot be seen is taken for used.
  f=$($S find $m -mindepth 1 -type d -name store -prune -o \\( -path '*/var/nix/profiles/system' -o \\
    ! -type d ! -path '*/var/nix/*' ! -path '*/var/log/nix/*' ! -path '*/etc/ssh/ssh_host_*' ! -name swapfile \\) -print 2>&1 | head -n 1)
  [ -z "$f" ] || found=used
  $S umount $m || exit 1
}
`
