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

// Read-only, plain sh, quick; one fact a line. sudo where the user is not root: the UUID and the disks are root's.
const script = `
export LC_ALL=C PATH="$PATH:/run/current-system/sw/bin:/usr/sbin:/sbin"
S=; if [ "$(id -u)" != 0 ] && sudo -n true 2>/dev/null; then S='sudo -n'; fi
fact() { printf '%s=%s\\n' "$1" "$(printf '%s' "$2" | tr '\\n' ' ')"; }
for k in ID ID_LIKE VARIANT_ID PRETTY_NAME; do fact "os_$k" "$(sed -n "s/^$k=//p" /etc/os-release 2>/dev/null | tr -d '"')"; done
fact hostname "$(uname -n)"
fact arch "$(uname -m)"
fact boot_id "$(cat /proc/sys/kernel/random/boot_id 2>/dev/null)"
fact root_fs "$(awk '$2=="/"{f=$3} END{print f}' /proc/mounts)"
fact mem_kib "$(awk '/^MemTotal/{print $2}' /proc/meminfo)"
fact uuid "$($S cat /sys/class/dmi/id/product_uuid 2>/dev/null)"
fact system "$(readlink /run/current-system 2>/dev/null)"
fact mounted "$(awk '$2=="/mnt"||$2~"^/mnt/"{print $2}' /proc/mounts)"
if [ -e /run/cloud-init/result.json ]; then c=done; elif [ -e /run/cloud-init/disabled ]; then c=disabled; elif [ -d /run/cloud-init ]; then c=running; else c=absent; fi
fact cloud_init "$c"
for d in $(lsblk -dnpo NAME,TYPE 2>/dev/null | awk '$2=="disk" && $1 !~ /^\\/dev\\/(zram|ram|nbd|fd)[0-9]/{print $1}'); do
  fact "disk:$d" "$(lsblk -dnbo SIZE "$d" 2>/dev/null)"
  fact "serial:$d" "$(lsblk -dno SERIAL "$d" 2>/dev/null)"
  fact "content:$d" "$(for p in $(lsblk -lnpo NAME "$d" 2>/dev/null); do if s=$($S wipefs -n --noheadings -O TYPE "$p" 2>/dev/null); then [ -z "$s" ] || printf '%s\\n' "$s" | sed "s|^|$p |;s|$|,|"; else echo "$p unreadable,"; fi; done)"
  fact "parts:$d" "$(lsblk -lnpo NAME "$d" 2>/dev/null | awk 'NR>1')"
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

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '')
}
