import { readFileSync } from 'node:fs'
import { NciError, reasonOf } from '../../core/errors.ts'
import { doubledKeys } from './doubled-keys.ts'

/** A value that is encrypted where it stands (`!vault`). */
export class Vaulted {}

/** A text that is no template, whatever is in it (`!unsafe`). */
export class Unsafe {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

type JsYaml = typeof import('js-yaml')
type Parse = (text: string, doubled: (key: string, line: number) => void) => unknown
let parser: Promise<Parse> | undefined

/**
 * Reads a file of YAML or JSON as Ansible does.
 *
 * @returns `null` where there is nothing in it
 * @throws {NciError} `INVENTORY_UNREADABLE`, and `INVENTORY_NEEDS_ANSIBLE` where it is encrypted
 */
export async function loadFile(file: string, warn: (message: string) => void): Promise<unknown> {
  let text: string
  try {
    text = readFileSync(file, 'utf8').replace(/^\ufeff/, '')
  } catch (error) {
    throw new NciError('INVENTORY_UNREADABLE', { source: file, reason: reasonOf(error) }, { cause: error })
  }
  if (text.startsWith('$ANSIBLE_VAULT;')) {
    const reason = 'it is encrypted with Ansible Vault'
    throw new NciError('INVENTORY_NEEDS_ANSIBLE', { source: file, reason })
  }
  parser ??= import('js-yaml').then(parserOf)
  const parse = await parser
  try {
    return parse(text, (key, line) =>
      warn(`${file}: \`${key}\` is there a second time in line ${line}, and only the last one counts.`),
    )
  } catch (error) {
    throw new NciError('INVENTORY_UNREADABLE', { source: file, reason: syntaxErrorOf(error) })
  }
}

/** YAML 1.1 with what PyYAML makes of it, and Ansible's own tags. */
function parserOf(yaml: JsYaml): Parse {
  const { YAML11_SCHEMA, defineScalarTag, load, mergeTag, NOT_RESOLVED } = yaml
  const identify = (): boolean => false
  const ownTag = (name: string, resolve: (text: string) => unknown) =>
    defineScalarTag(name, { resolve, identify })
  const schema = YAML11_SCHEMA.withTags(
    mergeTag,
    // `y` and `n` are texts, as is what looks like a date.
    defineScalarTag('tag:yaml.org,2002:bool', {
      implicit: true,
      implicitFirstChars: [...'yYnNtTfFoO'],
      resolve: (text: string) =>
        /^(yes|true|on)$/i.test(text) ? true : /^(no|false|off)$/i.test(text) ? false : NOT_RESOLVED,
      identify,
    }),
    ownTag('tag:yaml.org,2002:timestamp', (text) => text),
    ownTag('!vault', () => new Vaulted()),
    ownTag('!vault-encrypted', () => new Vaulted()),
    ownTag('!unsafe', (text) => new Unsafe(text)),
  )
  const options = { schema, maxDepth: 1000 }
  return (text, doubled) => {
    if (text.split('\n').every((line) => /^\s*(#.*|---\s*)?$/.test(line))) return null
    try {
      return load(text, options)
    } catch (error) {
      if ((error as { reason?: string }).reason !== 'duplicated mapping key') throw error
      for (const { key, line } of doubledKeys(yaml, text)) doubled(key, line)
      return load(text, { ...options, json: true })
    }
  }
}

/** Where and what; the message itself quotes the lines around it, which may hold secrets. */
function syntaxErrorOf(error: unknown): string {
  const { reason, mark } = error as {
    reason?: string
    mark?: { line: number; column: number }
  }
  const place = mark === undefined ? '' : `line ${mark.line + 1}, column ${mark.column + 1}: `
  return `${place}${reason ?? reasonOf(error)}`
}
