/** The `ssh` that goes before the real one in the PATH of nixos-anywhere. */

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
  /** Shell command that runs once disko has succeeded, in the same session. */
  readonly afterDisko: string
}

/** What the wrapper is made of. */
export interface WrapperOptions {
  /** The real ssh. */
  readonly ssh: string
  /** `-o` options, before all others: ssh takes the first value of an option. */
  readonly options: readonly string[]
  /** The process without which no connection is made. */
  readonly engine: number
  /** Variables for ssh and for what it starts on its way: a jump host is another matter than the machine. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly look: SecondLook | undefined
}

/** OpenSSH's own letters, for `getopts`: those with a colon take a value. */
const letters = ':1246ab:c:e:fgi:kl:m:no:p:qstvxAB:CD:E:F:GI:J:KL:MNO:P:Q:R:S:TVw:W:XYy'

/**
 * The wrapper's script. It reads the command line as ssh itself does, and puts the second look in front of the remote
 * command: both run in one session, so that nothing can come in between. A command line that it does not understand is
 * refused.
 */
export function wrapperScript({ ssh, options, engine, environment, look }: WrapperOptions): string {
  const variables = Object.entries(environment).flatMap(([name, value]) =>
    value === undefined ? [] : [`export ${name}=${quote(value)}\n`],
  )
  const real = `exec ${quote(ssh)} -F none ${options.map((option) => `-o ${quote(option)}`).join(' ')}`
  return `#!/bin/sh
# Without its engine nobody watches over the installation any more: no new connections.
kill -0 ${engine} 2>/dev/null || { echo 'the engine has ended' >&2; exit 255; }
${variables.join('')}${look === undefined ? '' : readCommandLine(look, real)}${real} "$@"
`
}

function readCommandLine(look: SecondLook, real: string): string {
  return `refuse() { echo "nci: no ssh $1" >&2; exit 255; }
plain=
options() {
  OPTIND=1
  while getopts '${letters}' letter; do
    case $letter in
    '?' | :) refuse "with the option -$OPTARG" ;;
    s | W) refuse "with the option -$letter" ;;
    G | N | O | Q | V) plain=1 ;;
    esac
  done
}
# After the host there may be more options, unless -- came before it.
afterHost() { shift "$1"; shift; options "$@"; }
options "$@"
head=$OPTIND
eval "before=\\\${$((head - 1))}"
if [ "$before" != -- ] && [ "$head" -le $# ]; then afterHost "$head" "$@"; head=$((head + OPTIND - 1)); fi
[ "$head" -lt $# ] || { [ -n "$plain" ] || refuse 'without a command'; ${real} "$@"; }
command= number=0 total=$#
while [ "$number" -lt "$total" ]; do
  number=$((number + 1)) word=$1
  shift
  if [ "$number" -le "$head" ]; then set -- "$@" "$word"; else command="$command\${command:+ }$word"; fi
done
case $command in
/nix/store/*) command=${quote(`${disksLook(look)}; `)}$command${quote(` && ${look.afterDisko}`)} ;;
esac
set -- "$@" ${quote(`${bootLook(look)}; `)}"$command"
`
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

/** A word of the shell. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
