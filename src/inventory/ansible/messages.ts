/** What Ansible said on its standard error, in whole sentences. */
export interface Messages {
  readonly warnings: readonly string[]
  readonly errors: readonly string[]
}

/** Nothing new: the hosts that were not found are told of otherwise. */
const noise =
  /^(provided hosts list is empty|No inventory was parsed|running playbook inside collection|Skipping (empty )?key)/

/**
 * Takes the output apart into its messages. Older versions of Ansible break them into lines of a terminal; newer ones add
 * the lines of the file in question, which may hold secrets: those are left out.
 */
export function messagesOf(lines: readonly string[]): Messages {
  const messages: { kind: string; text: string; closed: boolean }[] = []
  for (const line of lines) {
    const [, kind, first] = /^\[?(WARNING|DEPRECATION WARNING|ERROR)(?:\]:|!) +(.*)$/.exec(line) ?? []
    const last = messages.at(-1)
    if (kind !== undefined) messages.push({ kind, text: first ?? '', closed: false })
    else if (line.trim() === '' || /^(<<< |Origin: )/.test(line)) {
      if (last !== undefined) last.closed = true
    } else if (last?.closed === false) last.text += ` ${line.trim()}`
  }
  const texts = (wanted: string): string[] => [
    ...new Set(messages.flatMap(({ kind, text }) => (kind === wanted ? [shortened(text)] : []))),
  ]
  return { warnings: texts('WARNING').filter((text) => !noise.test(text)), errors: texts('ERROR') }
}

/** Without the excerpt of a file, and without Ansible's bullet. */
function shortened(text: string): string {
  return text
    .replace(/\s*The (?:error appears to be in|offending line).*$/, '')
    .replace(/^\* /, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
}
