/** A command as completion sees it. */
export interface CompletedCommand {
  /** `vm create` */
  readonly words: string
  readonly summary: string
  readonly flags: readonly CompletedFlag[]
}

export interface CompletedFlag {
  readonly name: string
  readonly summary: string
  readonly takesValue: boolean
  readonly options: readonly string[]
}

export const shells = ['bash', 'zsh', 'fish'] as const

/** A completion script that needs nothing at run time: all commands, flags and values are written into it. */
export function completionScript(
  shell: (typeof shells)[number],
  commands: readonly CompletedCommand[],
): string {
  return { bash, zsh, fish }[shell](commands)
}

function bash(commands: readonly CompletedCommand[]): string {
  const cases = commands.map(
    ({ words, flags }) => `    '${words}') flags='${flags.map(flagWord).join(' ')}' ;;`,
  )
  const values = commands.flatMap(({ words, flags }) =>
    flags
      .filter(({ options }) => options.length > 0)
      .map(({ name, options }) => `    '${words} --${name}') values='${options.join(' ')}' ;;`),
  )
  return `# bash completion of nci:  eval "$(nci completion bash)"
_nci() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} flags= values= words=
  local first=\${COMP_WORDS[1]} second=\${COMP_WORDS[2]} command
  command="$first $second"
  case "$first" in ${singles(commands).join('|')}) command=$first ;; esac
  case "$command $prev" in
${values.join('\n')}
  esac
  case "$command" in
${cases.join('\n')}
  esac
  if [ -n "$values" ]; then COMPREPLY=($(compgen -W "$values" -- "$cur"))
  elif [[ $cur == -* ]]; then COMPREPLY=($(compgen -W "$flags" -- "$cur"))
  elif [ "$COMP_CWORD" -eq 1 ]; then COMPREPLY=($(compgen -W '${topics(commands).join(' ')}' -- "$cur"))
  elif [ "$COMP_CWORD" -eq 2 ]; then
    case "$first" in
${topics(commands)
  .map((topic) => `      ${topic}) words='${seconds(commands, topic).join(' ')}' ;;`)
  .join('\n')}
    esac
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
  fi
}
complete -o default -F _nci nci
`
}

function zsh(commands: readonly CompletedCommand[]): string {
  const cases = commands.map(({ words, flags }) => {
    const specs = flags.map(({ name, summary, takesValue, options }) => {
      const value = options.length > 0 ? `:value:(${options.join(' ')})` : takesValue ? ':value:_files' : ''
      return `'--${name}[${plain(summary)}]${value}'`
    })
    return `    '${words}') _arguments ${specs.join(' ')} ;;`
  })
  return `#compdef nci
# zsh completion of nci:  nci completion zsh > "\${fpath[1]}/_nci"
_nci() {
  local command="\${words[2]} \${words[3]}" offset=2
  case "\${words[2]}" in ${singles(commands).join('|')}) command=\${words[2]}; offset=1 ;; esac
  if (( CURRENT == 2 )); then compadd ${topics(commands).join(' ')}; return; fi
  if (( CURRENT == 3 && offset == 2 )); then
    case "\${words[2]}" in
${topics(commands)
  .map((topic) => `      ${topic}) compadd ${seconds(commands, topic).join(' ')} ;;`)
  .join('\n')}
    esac
    return
  fi
  shift offset words; (( CURRENT -= offset ))
  case "$command" in
${cases.join('\n')}
  esac
}
if [ "$funcstack[1]" = _nci ]; then _nci; else compdef _nci nci; fi
`
}

function fish(commands: readonly CompletedCommand[]): string {
  const lines = commands.flatMap(({ words, summary, flags }) => {
    const [first = '', second] = words.split(' ')
    const place =
      second === undefined
        ? `complete -c nci -f -n __fish_use_subcommand -a ${first} -d '${plain(summary)}'`
        : `complete -c nci -f -n '__fish_seen_subcommand_from ${first}; and not __fish_seen_subcommand_from ${seconds(commands, first).join(' ')}' -a ${second} -d '${plain(summary)}'`
    const here = `__fish_seen_subcommand_from ${first}${second === undefined ? '' : `; and __fish_seen_subcommand_from ${second}`}`
    return [
      place,
      ...flags.map(({ name, summary: text, takesValue, options }) => {
        const value = options.length > 0 ? ` -x -a '${options.join(' ')}'` : takesValue ? ' -r' : ''
        return `complete -c nci -n '${here}' -l ${name} -d '${plain(text)}'${value}`
      }),
    ]
  })
  const groups = topics(commands).filter((topic) => !singles(commands).includes(topic))
  return `# fish completion of nci:  nci completion fish > ~/.config/fish/completions/nci.fish
complete -c nci -f -n __fish_use_subcommand -a '${groups.join(' ')}'
${lines.join('\n')}
`
}

function topics(commands: readonly CompletedCommand[]): string[] {
  return [...new Set(commands.map(({ words }) => words.split(' ')[0] ?? ''))]
}

function seconds(commands: readonly CompletedCommand[], topic: string): string[] {
  return commands.flatMap(({ words }) =>
    words.startsWith(`${topic} `) ? [words.slice(topic.length + 1)] : [],
  )
}

function singles(commands: readonly CompletedCommand[]): string[] {
  return commands.filter(({ words }) => !words.includes(' ')).map(({ words }) => words)
}

function flagWord({ name }: CompletedFlag): string {
  return `--${name}`
}

/** The first sentence, without what the shells would interpret. */
function plain(text: string): string {
  return (text.split(/\.(\s|$)/)[0] ?? '').replace(/['"`\\[\]:$]/g, '')
}
