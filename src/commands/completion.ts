import { Args, Command } from '@oclif/core'
import { type CompletedFlag, completionScript, shells } from '../cli/completion.ts'
import { writeOut } from '../cli/output.ts'

export default class Completion extends Command {
  static override summary = 'Print the completion script of a shell.'
  static override examples = [
    '# bash, in ~/.bashrc\neval "$(<%= config.bin %> completion bash)"',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is zsh's
    '# zsh\n<%= config.bin %> completion zsh > "${fpath[1]}/_nci"',
    '# fish\n<%= config.bin %> completion fish > ~/.config/fish/completions/nci.fish',
  ]
  static override args = {
    shell: Args.string({ required: true, options: [...shells], description: 'The shell.' }),
  }

  override async run(): Promise<void> {
    const { args } = await this.parse(Completion)
    const commands = this.config.commands
      .filter(({ hidden }) => !hidden)
      .map(({ id, summary, flags }) => ({
        words: id.replaceAll(':', ' '),
        summary: summary ?? '',
        flags: Object.values(flags).flatMap(completedFlags),
      }))
      .sort((a, b) => a.words.localeCompare(b.words))
    await writeOut(completionScript(args.shell as (typeof shells)[number], commands))
  }
}

function completedFlags(flag: { readonly name: string }): CompletedFlag[] {
  const {
    name,
    description = '',
    type,
    allowNo,
    options,
    helpValue,
  } = flag as {
    name: string
    description?: string
    type: string
    allowNo?: boolean
    options?: readonly string[]
    helpValue?: string
  }
  const values = options ?? (helpValue?.includes('|') ? helpValue.split('|') : [])
  const one = { name, summary: description, takesValue: type === 'option', options: values }
  return allowNo ? [one, { ...one, name: `no-${name}` }] : [one]
}
