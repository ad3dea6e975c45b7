/** The `ssh` that goes before the real one in the PATH of nixos-anywhere. */
import { quote } from '../core/shell.ts'

/** Said by the wrapper on standard error when it lets a command not be run. */
export const refusals = {
  /** The machine that answers is not in the boot that was looked at. */
  otherBoot: 'nci: the machine has booted again since it was looked at',
  /** The disks hold something else than when they were looked at. */
  otherDisks: 'nci: the disks have changed since they were looked at',
} as const

/** What must be true of the machine at the very moment at which a command is run there. */
export interface SecondLook {
  /** `/proc/sys/kernel/random/boot_id` of the machine that was looked at. */
  readonly bootId: string
  /** Shell command that prints what the disks hold, and what it printed when they were looked at. */
  readonly disks: { readonly command: string; readonly printed: string }
  /** disko's script, where it is known: the command that names it looks at the disks. */
  readonly diskoScript?: string | undefined
  /** Shell command that runs once disko has succeeded, in the same session. */
  readonly afterDisko: string
}

/** The process that watches over an installation. */
export interface Engine {
  readonly pid: number
  /** When it started, in the kernel's ticks; `undefined` where the system does not tell. */
  readonly started: string | undefined
  /** The session it is in; what it starts for the installation is in another one. */
  readonly session: string | undefined
}

type Environment = Readonly<Record<string, string | undefined>>

/** What the wrapper is made of. */
export interface WrapperOptions {
  /** The real ssh. */
  readonly ssh: string
  /** What the installer is called in command lines. */
  readonly hosts: readonly string[]
  /** `-o` options, before all others: ssh takes the first value of an option. */
  readonly options: readonly string[]
  /** The process without which no connection is made. */
  readonly engine: Engine
  /** Variables for ssh and for what it starts on its way: a jump host is another matter than the installer. */
  readonly environment: Environment
  /** Variables for connections to other hosts: from there Nix fetches inputs, and has builders. */
  readonly otherEnvironment: Environment
  readonly look: SecondLook | undefined
}

/** OpenSSH's own letters, for `getopts`: those with a colon take a value. */
const letters = ':1246ab:c:e:fgi:kl:m:no:p:qstvxAB:CD:E:F:GI:J:KL:MNO:P:Q:R:S:TVw:W:XYy'

/**
 * The wrapper's script. It reads the command line as ssh itself does. Connections to the installer are pinned, and the
 * second look goes in front of their remote command: both run in one session, so that nothing can come in between. A
 * command line that it does not understand is refused. Connections to other hosts are the user's own.
 */
export function wrapperScript(options: WrapperOptions): string {
  const { ssh, engine, environment, otherEnvironment, hosts, look } = options
  const words = options.options.map((option) => `-o ${quote(option)}`).join(' ')
  const real = `exec ${quote(ssh)} -F none ${words} "$@"`
  return `#!/bin/sh
${unlessWatched(engine)}${commandLine(hosts)}if [ -n "$host" ] && ! isInstaller; then
${exports(otherEnvironment)}exec ${quote(ssh)} "$@"
fi
${exports(environment)}${look === undefined ? '' : secondLook(look, real)}${real}
`
}

/** Without its engine nobody watches over the installation any more, which would try to connect for ever: it is ended. */
function unlessWatched({ pid, started, session }: Engine): string {
  if (started === undefined || session === undefined) {
    return `kill -0 ${pid} 2>/dev/null || { echo 'the engine has ended' >&2; kill -TERM 0; exit 255; }\n`
  }
  return `# What a process is: its state, session and start. Its name comes before them, in parentheses, and may hold anything.
stat() { stat=$(cat "/proc/$1/stat" 2>/dev/null); set -f; set -- \${stat##*') '}; set +f; state=\${1-} session=\${4-}; shift "$(($# < 19 ? $# : 19))"; started=\${1-}; }
stat ${pid}
if [ "$started" != ${started} ] || [ "$state" = Z ]; then
  echo 'the engine has ended' >&2
  trap '' TERM
  stat $$
  # The session is the installation's own, and its group; \`timeout\` makes groups within.
  if [ -n "$session" ] && [ "$session" != ${session} ]; then
    kill -s TERM -- "-$session" 0
    sleep 1
    kill -s KILL -- "-$session" 0
  fi
  exit 255
fi
`
}

function commandLine(hosts: readonly string[]): string {
  return `refuse() { echo "nci: no ssh $1" >&2; exit 255; }
plain= refused= host=
options() {
  OPTIND=1
  while getopts '${letters}' letter; do
    case $letter in
    '?' | :) refuse "with the option -$OPTARG" ;;
    s | W) refused="with the option -$letter" ;;
    G | N | O | Q | V) plain=1 ;;
    esac
  done
}
# After the host there may be more options, unless -- came before it.
afterHost() { shift "$1"; shift; options "$@"; }
options "$@"
head=$OPTIND
eval "before=\\\${$((head - 1))}"
[ "$head" -gt $# ] || eval "host=\\\${$head}"
if [ "$before" != -- ] && [ -n "$host" ]; then afterHost "$head" "$@"; head=$((head + OPTIND - 1)); fi
# Of [user@]host and ssh://[user@]host[:port] the host.
isInstaller() {
  case $host in
  ssh://*) host=\${host#ssh://} host=\${host%%/*} host=\${host##*@}
    case $host in '['*) host=\${host#'['} host=\${host%%']'*} ;; *) host=\${host%:*} ;; esac ;;
  *) host=\${host##*@} host=\${host#'['} host=\${host%']'} ;;
  esac
  case $(printf %s "$host" | tr '[:upper:]' '[:lower:]') in
  ${hosts.map((host) => quote(host.toLowerCase())).join(' | ')}) ;;
  *) return 1 ;;
  esac
}
`
}

function secondLook(look: SecondLook, real: string): string {
  // Whatever it is started with: `sudo`, a shell.
  const known = look.diskoScript === undefined ? '' : ` | *${quote(look.diskoScript)}*`
  return `[ -z "$refused" ] || refuse "$refused"
[ "$head" -lt $# ] || { [ -n "$plain" ] || refuse 'without a command'; ${real}; }
command= number=0 total=$#
while [ "$number" -lt "$total" ]; do
  number=$((number + 1)) word=$1
  shift
  if [ "$number" -le "$head" ]; then set -- "$@" "$word"; else command="$command\${command:+ }$word"; fi
done
case $command in
/nix/store/* | */nix/store/*-disko*${known}) command=${quote(`${disksLook(look)}; `)}$command${quote(` && ${look.afterDisko}`)} ;;
esac
set -- "$@" ${quote(`${bootLook(look)}; `)}"$command"
`
}

function exports(environment: Environment): string {
  return Object.entries(environment)
    .map(([name, value]) => (value === undefined ? '' : `export ${name}=${quote(value)}\n`))
    .join('')
}

function bootLook({ bootId }: SecondLook): string {
  return unless(`[ "$(cat /proc/sys/kernel/random/boot_id)" = ${quote(bootId)} ]`, refusals.otherBoot)
}

function disksLook({ disks }: SecondLook): string {
  return unless(`[ "$(${disks.command})" = ${quote(disks.printed)} ]`, refusals.otherDisks)
}

function unless(condition: string, refusal: string): string {
  return `${condition} || { echo ${quote(refusal)} >&2; exit 255; }`
}
