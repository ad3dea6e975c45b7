import type { Session } from './session.ts'

/** What a machine says of itself. */
export interface Facts {
  readonly hostname: string
  /** `PRETTY_NAME` of its os-release. */
  readonly os: string
  /** Whether it is a NixOS installer that runs from memory. */
  readonly installer: boolean
  /** DMI product UUID, in lower case. */
  readonly uuid: string | undefined
  /** `/run/current-system`. */
  readonly system: string | undefined
  readonly bootId: string
  /** What the kernel names: `x86_64`. */
  readonly architecture: string
  readonly memoryMib: number
  readonly cloudInit: 'done' | 'running' | 'disabled' | 'absent'
  /** What cloud-init failed of. */
  readonly cloudInitErrors?: readonly string[]
  /** What the disks hold, by device: partition tables and file systems. Blank disks have none. */
  readonly disks: readonly {
    readonly device: string
    readonly serial?: string
    readonly bytes: number
    readonly content: readonly string[]
  }[]
  /** Where /mnt leads, for an installation that is under way. */
  readonly mounted: readonly string[]
}

// Read-only, plain sh, quick: what the shell can do itself takes no process. One fact a line. sudo where the user is
// not root: the UUID and the disks are root's.
const script = `
export LC_ALL=C PATH="$PATH:/run/current-system/sw/bin:/usr/sbin:/sbin"
S=; if [ "$(id -u)" != 0 ] && sudo -n true 2>/dev/null; then S='sudo -n'; fi
set -f
# What no tool recognises is data all the same: the disk's first 2 MiB and its last MiB are zero where it is blank.
zero() { $S timeout 10 cmp -s -n "$2" -i "$3:0" "$1" /dev/zero </dev/null 2>/dev/null; }
blank() {
  n=2097152; [ "$2" -ge $n ] || n=$2
  zero "$1" $n 0 && zero "$1" $((n / 2)) $(($2 - n / 2))
}
fact() { k=$1; set -- $2; printf '%s=%s\\n' "$k" "$*"; }
sed -nE 's/^(ID|ID_LIKE|VARIANT_ID|PRETTY_NAME)=/os_&/p' /etc/os-release 2>/dev/null | tr -d '"'
fact hostname "$(uname -n)"
fact arch "$(uname -m)"
boot=; read -r boot 2>/dev/null </proc/sys/kernel/random/boot_id
fact boot_id "$boot"
root= mounted=
while read -r _ dir type _; do case $dir in /) root=$type ;; /mnt | /mnt/*) mounted="$mounted $dir" ;; esac; done </proc/mounts
fact root_fs "$root"
while read -r name amount _; do case $name in MemTotal:) fact mem_kib "$amount"; break ;; esac; done </proc/meminfo
fact uuid "$($S cat /sys/class/dmi/id/product_uuid 2>/dev/null)"
fact system "$(readlink /run/current-system 2>/dev/null)"
fact mounted "$mounted"
if [ -e /run/cloud-init/result.json ]; then c=done; elif [ -e /run/cloud-init/disabled ]; then c=disabled; elif [ -d /run/cloud-init ]; then c=running; else c=absent; fi
fact cloud_init "$c"
[ "$c" != done ] || fact cloud_result "$(cat /run/cloud-init/result.json)"
lsblk -lnbpo NAME,TYPE,SIZE,SERIAL -d 2>/dev/null | while read -r d type size serial; do
  case $type:$d in disk:/dev/zram* | disk:/dev/ram* | disk:/dev/nbd* | disk:/dev/fd*) continue ;; disk:*) ;; *) continue ;; esac
  fact "disk:$d" "$size"
  fact "serial:$d" "$serial"
  parts=$(lsblk -lnpo NAME "$d" 2>/dev/null)
  found=$(for p in $parts; do if s=$($S wipefs -n --noheadings -O TYPE "$p" 2>/dev/null </dev/null); then for t in $s; do echo "$p $t,"; done; else echo "$p unreadable,"; fi; done)
  if [ -z "$found" ]; then blank "$d" "$size"; case $? in 0) ;; 1) found="$d unrecognised data," ;; *) found="$d unreadable," ;; esac; fi
  fact "content:$d" "$found"
  set -- $parts; [ $# = 0 ] || shift
  fact "parts:$d" "$*"
done
fact end 1
`

/** Asks a machine for its facts. `undefined` where it could not answer whole. */
export async function readFacts(session: Session, signal: AbortSignal): Promise<Facts | undefined> {
  const { stdout } = await session.run('sh -s', signal, script)
  const facts = new Map(
    stdout.split('\n').flatMap((line): [string, string][] => {
      const equals = line.indexOf('=')
      return equals < 0 ? [] : [[line.slice(0, equals), line.slice(equals + 1).trim()]]
    }),
  )
  if (facts.get('end') !== '1') return undefined
  const text = (key: string): string => facts.get(key) ?? ''
  const isNixos = [text('os_ID'), ...text('os_ID_LIKE').split(' ')].includes('nixos')
  const fromMemory = /^(tmpfs|overlay|ramfs)/.test(text('root_fs'))
  const errors = errorsOf(text('cloud_result'))
  return {
    hostname: text('hostname'),
    os: text('os_PRETTY_NAME') || text('os_ID') || 'unknown',
    installer: isNixos && text('os_VARIANT_ID') === 'installer' && fromMemory,
    uuid: text('uuid').toLowerCase() || undefined,
    system: text('system') || undefined,
    bootId: text('boot_id'),
    architecture: text('arch'),
    memoryMib: Math.floor(Number(text('mem_kib')) / 1024),
    cloudInit: text('cloud_init') as Facts['cloudInit'],
    ...(errors.length === 0 ? {} : { cloudInitErrors: errors }),
    disks: [...facts.keys()].filter((key) => key.startsWith('disk:')).map((key) => disk(key.slice(5), facts)),
    mounted: words(text('mounted')),
  }
}

function disk(device: string, facts: ReadonlyMap<string, string>): Facts['disks'][number] {
  const signatures = (facts.get(`content:${device}`) ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
  // A partition without a signature is content as well.
  const partitions = words(facts.get(`parts:${device}`) ?? '').filter(
    (part) => !signatures.some((s) => s.startsWith(`${part} `)),
  )
  const serial = facts.get(`serial:${device}`)
  return {
    device,
    ...(serial ? { serial } : {}),
    bytes: Number(facts.get(`disk:${device}`)),
    content: [...signatures, ...partitions],
  }
}

/** What `/run/cloud-init/result.json` says: `{"v1": {"datasource": "…", "errors": ["…"]}}`. */
function errorsOf(result: string): string[] {
  try {
    const errors: unknown = JSON.parse(result).v1.errors
    return Array.isArray(errors) ? errors.map(String) : []
  } catch {
    // Not there yet, or half written.
    return []
  }
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '')
}
