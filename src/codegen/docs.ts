import { errorEntries } from './errors.ts'
import { commandWords, documentIds, inputSchema, outputSchema, type Schema } from './schema.ts'

/** The commands table of the README. */
export function commandsTable(): string {
  const rows = documentIds.map((id) => {
    const schema = inputSchema(id)
    return `| \`nci ${commandWords(id)}\` | ${schema['x-summary'] ?? schema.title} |`
  })
  return ['| command | what it does |', '|---|---|', ...rows].join('\n')
}

/** The error table of the README. */
export function errorsTable(): string {
  const rows = errorEntries().map(
    ([code, entry]) => `| \`${code}\` | ${entry.exitCode} | ${cell(entry.message)} | ${cell(entry.hint)} |`,
  )
  return ['| code | exit | message | what to do |', '|---|---|---|---|', ...rows].join('\n')
}

/** `schemas/README.md`: every property of every document. */
export function schemasPage(): string {
  const sections = documentIds.map((id) => {
    const input = inputSchema(id)
    const examples = (input['x-examples'] ?? []).map(
      ({ title, input: document }) => `${title}:\n\n\`\`\`json\n${JSON.stringify(document, null, 2)}\n\`\`\``,
    )
    return [
      `## ${id}`,
      `${input.title}. \`nci ${commandWords(id)}\``,
      ...examples,
      '### Input',
      propertiesTable(input),
      '### Output',
      propertiesTable(outputSchema(id)),
    ].join('\n\n')
  })
  return [
    '# The documents',
    'Generated from the schemas in this folder by `npm run generate`; do not edit.',
    ...sections,
  ]
    .join('\n\n')
    .concat('\n')
}

/** Replaces what stands between the markers of this name. */
export function between(page: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name}: generated -->`, `<!-- /${name} -->`]
  const [from, to] = [page.indexOf(begin), page.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`the page has no markers for ${name}`)
  return `${page.slice(0, from + begin.length)}\n${content}\n${page.slice(to)}`
}

function propertiesTable(schema: Schema): string {
  const rows = rowsOf(schema, '')
  return ['| property | type | default | description |', '|---|---|---|---|', ...rows].join('\n')
}

function rowsOf(schema: Schema, prefix: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const required = schema.required?.includes(name) ? ', required' : ''
    const secret = property['x-secret'] ? ' Secret.' : ''
    const environment = property['x-env']?.length
      ? ` Environment: ${property['x-env'].map((v) => `\`${v}\``).join(', ')}.`
      : ''
    const values = property.enum ? ` One of ${property.enum.map((v) => `\`${v}\``).join(', ')}.` : ''
    const fallback = property.default === undefined ? '' : `\`${JSON.stringify(property.default)}\``
    const text = `${property.description ?? ''}${values}${secret}${environment}`
    return [
      `| \`${prefix}${name}\` | ${typeText(property)}${required} | ${cell(fallback)} | ${cell(text)} |`,
      ...rowsOf(property, `${prefix}${name}.`),
      ...(property.items ? rowsOf(property.items, `${prefix}${name}[].`) : []),
    ]
  })
}

function typeText(schema: Schema): string {
  if (schema.type === 'array') return `list of ${typeText(schema.items ?? {})}s`
  return Array.isArray(schema.type) ? schema.type.join(' or ') : (schema.type ?? 'any')
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}
