import { Args, Command } from '@oclif/core'
import { printFailure } from '../cli/failure-text.ts'
import { printDocument, writeOut } from '../cli/output.ts'
import { usageError } from '../cli/usage.ts'
import { NciError } from '../core/errors.ts'
import { failure } from '../core/run.ts'
import { closest } from '../core/validate.ts'

export default class Schema extends Command {
  static override summary = 'Print the JSON Schemas of a step’s input and output, or list what there is.'
  static override examples = ['<%= config.bin %> schema', '<%= config.bin %> schema vm.create']
  static override args = {
    name: Args.string({ description: 'A step, `provision`, `host`, `lab`, `event` or `result`.' }),
    // `nci schema vm create` is what one types after `nci vm create`.
    verb: Args.string({ description: 'The second word of a step’s command.', hidden: true }),
  }

  override async run(): Promise<void> {
    const { args } = await this.parse(Schema)
    const { schemas } = await import('../generated/schemas.ts')
    const names = Object.keys(schemas)
    if (args.name === undefined) return printDocument(names)
    const name = [args.name, ...(args.verb === undefined ? [] : [args.verb])].join('.').replace(/[ :]/, '.')
    const schema = schemas[name]
    if (schema === undefined) {
      const suggestion = closest(name, names)
      const reason = `There is no schema \`${name}\`${suggestion === undefined ? '' : `; did you mean \`${suggestion}\`?`}`
      throw new NciError('USAGE', { reason, help: 'nci schema' })
    }
    await writeOut(`${JSON.stringify(schema, null, 2)}\n`)
  }

  override async catch(error: unknown): Promise<void> {
    const document = failure('schema', usageError(error, 'schema'))
    process.exitCode = 2
    await printFailure(document, this.argv)
  }
}
