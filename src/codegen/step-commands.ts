import { commandWords, stepIds, workflowIds } from './schema.ts'

/** The command of every step, and the list of them: a step has one because it has schemas and a step file. */
export function generateStepCommands(): ReadonlyMap<string, string> {
  const files = stepIds.filter(hasNoOtherDocument).map((id): [string, string] => {
    const path = id.replace('.', '/')
    return [
      `src/commands/${path}.ts`,
      `import { stepCommand } from '../../cli/step-command.ts'

const load = async () => (await import('../../steps/${path}.ts')).${camelCase(id)}

export default stepCommand('${id}', load)
`,
    ]
  })
  const names = stepIds.map((id) => ({ id, name: pascalCase(id) })).sort((a, b) => (a.name < b.name ? -1 : 1))
  const list = `${names.map(({ id, name }) => `import ${name} from './${id.replace('.', '/')}.ts'`).join('\n')}

/** The commands of the steps, by oclif's id. */
export const stepCommands = {
${names.map(({ id, name }) => `  '${id.replace('.', ':')}': ${name},`).join('\n')}
}
`
  return new Map([...files, ['src/commands/steps.ts', list]])
}

/** A command that takes another document as well is more than its step, and written by hand. */
function hasNoOtherDocument(id: string): boolean {
  return !workflowIds.some((other) => commandWords(other).startsWith(`${id.replace('.', ' ')} --`))
}

/** `iso.upload` gives `isoUpload`: what a step file exports. */
function camelCase(id: string): string {
  return id.replace(/\.(.)/g, (_, letter: string) => letter.toUpperCase())
}

function pascalCase(id: string): string {
  return camelCase(id).replace(/^./, (letter) => letter.toUpperCase())
}
