import { NciError } from '../../core/errors.ts'
import { quote } from '../../core/shell.ts'
import type { Session } from '../../ssh/session.ts'

/** What needs root is run with `$S` before it. */
export const asRoot = `export PATH="$PATH:/run/current-system/sw/bin:/usr/sbin:/sbin"
if [ "$(id -u)" = 0 ]; then S=; else S='sudo -n'; fi`

/** Lets root log in with another key for the rest of the installer's life. */
export async function authorizeRoot(session: Session, publicKey: string, signal: AbortSignal): Promise<void> {
  const script = `${asRoot}
$S sh -c 'umask 077; mkdir -p /root/.ssh; cat >> /root/.ssh/authorized_keys' <<'END'
${publicKey}
END
`
  await must(session, script, signal, 'root cannot be given the key of this run')
}

// sudo where it is needed; the session's own processes must stay, so they are told apart by SSH_CONNECTION.
const endOthers = `
export PATH="$PATH:/run/current-system/sw/bin:/usr/sbin:/sbin"
[ "$(id -u)" = 0 ] || exec sudo -n SSH_CONNECTION="$SSH_CONNECTION" sh -s
keep=$SSH_CONNECTION; from=\${keep%% *}
others() {
  for e in $(grep -lzs "^SSH_CONNECTION=$from " /proc/[0-9]*/environ); do
    grep -qzsx "SSH_CONNECTION=$keep" "$e" || { p=\${e#/proc/}; echo "\${p%/environ}"; }
  done
}
for s in TERM TERM TERM TERM KILL KILL; do
  p=$(others); [ -n "$p" ] || break
  kill -$s $p 2>/dev/null; sleep 0.5
done
`

const release = `${asRoot}
# Never on anything but an installer: what is mounted there is the installation's alone.
grep -Eq '^VARIANT_ID="?installer"?$' /etc/os-release || { echo 'this is no installer' >&2; exit 4; }
sync
i=0
while grep -q ' /mnt[ /]' /proc/mounts && [ $i -lt 10 ]; do $S umount -R /mnt 2>/dev/null || sleep 0.5; i=$((i+1)); done
$S swapoff -a 2>/dev/null
# A pool that was not exported does not import in the new system, which has another host id.
if [ -e /dev/zfs ] && command -v zpool >/dev/null 2>&1; then $S zpool export -a || { echo 'a ZFS pool cannot be exported' >&2; exit 3; }; fi
if grep -q ' /mnt[ /]' /proc/mounts; then echo busy; exit 3; fi
$S rm -rf /mnt/nix /mnt/tmp 2>/dev/null
echo free
`

/** Ends what earlier sessions from here left running on the installer: an interrupted nixos-install goes on by itself. */
export async function endLeftovers(session: Session, signal: AbortSignal): Promise<void> {
  await session.run('sh -s', signal, endOthers)
}

/** Unmounts the new system: then the disks can be formatted, or booted from. @throws {NciError} `INSTALL_UNPROVEN` where it stays in use */
export async function releaseDisks(session: Session, signal: AbortSignal): Promise<void> {
  await must(session, release, signal, '/mnt of the installer cannot be unmounted')
}

/** The system that nixos-install made the current one, read from the mounted disk. */
export async function installedSystem(session: Session, signal: AbortSignal): Promise<string | undefined> {
  const profiles = '/mnt/nix/var/nix/profiles'
  const { stdout } = await session.run(
    `p=$(readlink ${profiles}/system) && case $p in /*) echo "$p";; *) readlink ${profiles}/"$p";; esac`,
    signal,
  )
  const path = stdout.trim()
  return path.startsWith('/nix/store/') ? path : undefined
}

/** Gives files of the new system, which is mounted, to their owners. @throws {NciError} `INSTALL_UNPROVEN` */
export async function changeOwners(
  session: Session,
  owners: readonly { readonly path: string; readonly owner: string }[],
  signal: AbortSignal,
): Promise<void> {
  if (owners.length === 0) return
  // Links are not followed: they lead somewhere else in the installer.
  const lines = owners.map(({ path, owner }) => `$S chown -hR ${quote(owner)} ${quote(`/mnt${path}`)}`)
  const script = [asRoot, 'set -e', ...lines].join('\n')
  await must(session, script, signal, 'the owners of `chown` cannot be set')
}

/** Has the machine reboot, a moment after the answer. @throws {NciError} `INSTALL_UNPROVEN` */
export async function requestReboot(session: Session, signal: AbortSignal): Promise<void> {
  const script = `${asRoot}
nohup $S sh -c 'sleep 1 && reboot' >/dev/null 2>&1 &
`
  await must(session, script, signal, 'the installer cannot be rebooted')
}

async function must(session: Session, script: string, signal: AbortSignal, otherwise: string): Promise<void> {
  const { code, stderr } = await session.run('sh -s', signal, script)
  if (code === 0) return
  const said = stderr.trim().split('\n').at(-1) ?? ''
  throw new NciError('INSTALL_UNPROVEN', { reason: said === '' ? otherwise : `${otherwise} (${said})` })
}
