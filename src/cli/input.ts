import { readFileSync } from 'node:fs'
import { NciError, reasonOf } from '../core/errors.ts'
import { environmentValues, over } from '../core/precedence.ts'
import type { DocumentId } from '../generated/types.ts'

/** Where values come from, the strongest first: flags, the input document, the environment. */
export interface Sources {
  /** Values of flags by property name. */
  readonly flags: Readonly<Record<string, unknown>>
  /** `--input`: a path, or `-` for standard input. */
  readonly input: string | undefined
  readonly environment: Readonly<Record<string, string | undefined>>
}

/**
 * The document that the sources make together, not yet checked.
 *
 * @throws {NciError} `INPUT_UNREADABLE`, `INPUT_NOT_JSON`
 */
export async function gatherInput(id: DocumentId, sources: Sources): Promise<Record<string, unknown>> {
  const { input, flags, environment } = sources
  const document = input === undefined ? {} : await readDocument(id, input)
  return mergeInput(id, { flags, document, environment })
}

/** The same where the document was read already. */
export function mergeInput(
  id: DocumentId,
  sources: Omit<Sources, 'input'> & { readonly document: Readonly<Record<string, unknown>> },
): Record<string, unknown> {
  return over(over(environmentValues(id, sources.environment), sources.document), sources.flags)
}

/** @throws {NciError} `INPUT_UNREADABLE`, `INPUT_NOT_JSON` */
export async function readDocument(id: DocumentId, file: string): Promise<Record<string, unknown>> {
  let text: string
  try {
    text = (file === '-' ? await readStdin() : readFileSync(file, 'utf8')).replace(/^\ufeff/, '')
  } catch (error) {
    const isFolder = (error as NodeJS.ErrnoException).code === 'EISDIR'
    const hint = isFolder && takesInventories(id) ? { hint: forInventories } : {}
    throw new NciError('INPUT_UNREADABLE', { file, reason: reasonOf(error) }, { cause: error, ...hint })
  }
  const notJson = (reason: string): NciError => {
    const details = { file: file === '-' ? 'on standard input' : file, step: id, reason }
    return new NciError('INPUT_NOT_JSON', details, isInventory(id, file) ? { hint: forInventories } : {})
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw notJson(position(text))
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw notJson(`it is ${Array.isArray(value) ? 'a list' : value === null ? 'null' : `a ${typeof value}`}`)
  }
  return value as Record<string, unknown>
}

const forInventories = '`-i` is `--input`, which takes JSON: give an Ansible inventory with `--inventory`.'

/** Of a command that takes inventories, as `-i` is Ansible's flag for them. */
function isInventory(id: DocumentId, file: string): boolean {
  return takesInventories(id) && /\.(ya?ml|ini)$/.test(file)
}

function takesInventories(id: DocumentId): boolean {
  return ['provision', 'batch', 'vm.destroy', 'teardown', 'inventory'].includes(id)
}

/** All of standard input: a program that calls the engine may write it all before it reads anything. */
async function readStdin(): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

/** Where the syntax is wrong. V8's own message quotes the text, which may hold secrets, and often names no place. */
function position(text: string): string {
  if (text.trim() === '') return 'it is empty'
  // The longest beginning that could still become JSON ends where the mistake is.
  let [right, wrong] = [0, text.length + 1]
  while (wrong - right > 1) {
    const middle = Math.floor((right + wrong) / 2)
    if (mayGoOn(text.slice(0, middle))) right = middle
    else wrong = middle
  }
  if (right === text.length) return 'it ends too early'
  const before = text.slice(0, right).split('\n')
  return `syntax error at line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`
}

/** Whether a text is JSON or only lacks its end. */
function mayGoOn(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch (error) {
    // The text is quoted in messages of another form.
    const [, position] = / at position (\d+) \(line \d+ column \d+\)$/.exec(reasonOf(error)) ?? []
    return /end of JSON input$/.test(reasonOf(error)) || Number(position) === text.length
  }
}
