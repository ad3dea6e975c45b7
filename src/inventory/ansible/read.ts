import type { ChildProcess } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { NciError, reasonOf } from '../../core/errors.ts'
import { PrivateFolder } from '../../core/private-folder.ts'
import { tendGroup } from '../../core/process-group.ts'
import { unreadableHint, vaultHint } from '../hints.ts'
import type {
  Inventory,
  InventoryHost,
  InventorySource,
  ReadingOptions,
  VariableProblem,
} from '../inventory.ts'
import { type Source, wordOf } from '../sources.ts'
import { messagesOf } from './messages.ts'
import { answerFile, folderVariable, playbook, pluginName, pluginText, wishFile } from './plugin.ts'

/** The answer of the plugin. */
interface Answer {
  readonly failed?: string
  readonly hosts?: readonly AnsweredHost[]
  readonly others?: readonly string[]
}

interface AnsweredHost extends Omit<InventoryHost, 'problems'> {
  readonly problems: readonly { variable: string | null; reason: string; file: string | null }[]
}

/**
 * Has the user's own Ansible read an inventory, with all that it knows: INI, scripts, plugins, vault, Jinja, lookups, and
 * the configuration where this program was started. Variables beside a playbook are no part of it.
 *
 * @param program path of `ansible-playbook`
 * @throws {NciError} `INVENTORY_UNREADABLE`, `LIMIT_NO_MATCH`
 */
export async function readWithAnsible(
  program: string,
  sources: readonly Source[],
  source: InventorySource,
  options: ReadingOptions,
): Promise<Inventory> {
  using folder = new PrivateFolder('nci-inventory-')
  writeFileSync(join(folder.path, `${pluginName}.py`), pluginText)
  writeFileSync(join(folder.path, 'play.yml'), playbook)
  writeFileSync(
    join(folder.path, wishFile),
    JSON.stringify({ variables: options.variables, prefixes: options.prefixes }),
  )
  const words = [
    ...sources.map((one) => `--inventory=${wordOf(one)}`),
    ...(source.limit === undefined ? [] : [`--limit=${source.limit}`]),
    ...(source.vault_password_file === undefined
      ? []
      : [`--vault-password-file=${source.vault_password_file}`]),
    join(folder.path, 'play.yml'),
  ]
  const { warnings, errors } = messagesOf(await run(program, words, folder.path, options.signal))
  const unreadable = (reason: string): NciError =>
    new NciError(
      'INVENTORY_UNREADABLE',
      { source: source.inventory, reason },
      { ...unreadableHint(sources), ...vaultHint(reason) },
    )
  const answer = readAnswer(join(folder.path, answerFile))
  if (answer === undefined) {
    const reason = errors[0] ?? warnings[0] ?? `\`${program}\` ended without a result`
    throw limitError(source, reason) ?? unreadable(reason)
  }
  if (answer.hosts === undefined) throw unreadable(answer.failed ?? 'Ansible gave no hosts')
  const [parsing] = warnings.filter((text) => /(Failed|Unable) to parse /.test(text))
  if (answer.hosts.length === 0 && parsing !== undefined) throw unreadable(parsing)
  for (const warning of warnings) options.warn(`Ansible: ${warning}`)
  return { reader: 'ansible', hosts: answer.hosts.map(hostOf), others: answer.others ?? [] }
}

/** What Ansible says of a limit, as an error of ours. */
function limitError({ inventory, limit }: InventorySource, reason: string): NciError | undefined {
  if (limit === undefined) return undefined
  if (/leaves us with no hosts to target/.test(reason))
    return new NciError('LIMIT_NO_MATCH', { source: inventory, limit })
  return /limit file|Limit starting|host list pattern|subscripted pattern/.test(reason)
    ? new NciError('LIMIT_INVALID', { limit, reason })
    : undefined
}

/** Runs Ansible to its end, and gives the lines that it said. */
async function run(
  program: string,
  words: readonly string[],
  folder: string,
  signal: AbortSignal,
): Promise<string[]> {
  const { execa } = await import('execa')
  signal.throwIfAborted()
  const child = execa(program, [...words], {
    // All of the user's own, secrets too: inventories look them up in the environment.
    env: { ...process.env, ...environmentOf(folder) },
    extendEnv: false,
    stdin: 'ignore',
    all: true,
    detached: true,
    reject: false,
  })
  using _group = tendGroup(child.nodeChildProcess as ChildProcess, signal)
  const result = await child
  signal.throwIfAborted()
  if (result.exitCode === undefined && result.signal === undefined) {
    throw new NciError(
      'INVENTORY_NEEDS_ANSIBLE',
      { source: program, reason: `it cannot be started: ${reasonOf(result)}` },
      { cause: result },
    )
  }
  return result.all.split('\n')
}

function environmentOf(folder: string): Record<string, string> {
  return {
    [folderVariable]: folder,
    ANSIBLE_CALLBACK_PLUGINS: folder,
    ANSIBLE_CALLBACKS_ENABLED: pluginName,
    ANSIBLE_STDOUT_CALLBACK: pluginName,
    ANSIBLE_NOCOLOR: '1',
    ANSIBLE_FORCE_COLOR: '0',
    ANSIBLE_DEPRECATION_WARNINGS: 'false',
    ANSIBLE_LOCALHOST_WARNING: 'false',
    ANSIBLE_DEVEL_WARNING: 'false',
    // Nothing is to be written beside it.
    ANSIBLE_RETRY_FILES_ENABLED: 'false',
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONUNBUFFERED: '1',
  }
}

function readAnswer(file: string): Answer | undefined {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
}

function hostOf({ problems, groups, ...host }: AnsweredHost): InventoryHost {
  return {
    ...host,
    groups: groups.filter((group) => group !== 'all' && group !== 'ungrouped'),
    problems: problems.map(
      ({ variable, reason, file }): VariableProblem => ({
        reason,
        ...(variable === null ? {} : { variable }),
        ...(file === null ? {} : { file }),
      }),
    ),
  }
}
