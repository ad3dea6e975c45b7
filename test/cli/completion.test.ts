import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { documentFlags } from '../../src/cli/flags.ts'
import { commandWords, documentIds } from '../../src/codegen/schema.ts'
import { COMMANDS } from '../../src/commands/index.ts'
import { temporaryFolder } from '../support/folder.ts'
import { runText } from '../support/nci.ts'

const has = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0
const firstWords = [...new Set(Object.keys(COMMANDS).map((id) => id.split(':')[0]))].sort()

describe.skipIf(!has('bash'))('in a real bash', () => {
  let script: string
  beforeAll(async () => {
    script = (await runText(['completion', 'bash'])).stdout
  })

  /** What bash offers for a command line; the last word is the one that is completed. */
  function offered(...words: string[]): string[] {
    using folder = temporaryFolder()
    const file = join(folder.path, 'nci.bash')
    writeFileSync(file, script)
    const ask = `set -u; . "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); set +u; _nci; printf '%s\\n' "\${COMPREPLY[@]}"`
    const out = execFileSync('bash', ['--norc', '-c', ask, file, 'nci', ...words], { encoding: 'utf8' })
    return out.split('\n').filter((word) => word !== '')
  }

  test('the script is registered for nci', () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'nci.bash')
    writeFileSync(file, script)
    const out = execFileSync('bash', ['--norc', '-c', `. "$0"; complete -p nci`, file], { encoding: 'utf8' })
    expect(out.trim()).toBe('complete -o default -F _nci nci')
  })

  test('the first word is a topic or a command', () => {
    expect(offered('').sort()).toEqual(firstWords)
    expect(offered('v').sort()).toEqual(['version', 'vm'])
  })

  test('the second word is a verb of the topic, and none after a command', () => {
    expect(offered('vm', '').sort()).toEqual(['create', 'destroy', 'detach', 'info', 'start'])
    expect(offered('vm', 'de').sort()).toEqual(['destroy', 'detach'])
    expect(offered('provision', '')).toEqual([])
  })

  test.each(documentIds)('the flags of %s are offered, all of them', (id) => {
    const words = commandWords(id)
      .split(' ')
      .filter((word) => !word.startsWith('-'))
    const flags = offered(...words, '--')
    expect(flags).toEqual(expect.arrayContaining(Object.keys(documentFlags(id)).map((name) => `--${name}`)))
    expect(flags).toEqual(expect.arrayContaining(['--input', '--check', '--progress']))
  })

  test('a switch is offered on and off', () => {
    expect(offered('vm', 'create', '--no-ag')).toEqual(['--no-agent'])
    expect(offered('vm', 'create', '--agen')).toEqual(['--agent'])
  })

  test('the values of a choice are offered after its flag', () => {
    expect(offered('vm', 'create', '--bios', '').sort()).toEqual(['ovmf', 'seabios'])
    expect(offered('vm', 'create', '--name', 'x', '--bios', 'o')).toEqual(['ovmf'])
    expect(offered('provision', '--progress', '').sort()).toEqual([
      'auto',
      'lines',
      'ndjson',
      'none',
      'terminal',
    ])
  })
})

describe.skipIf(!has('zsh'))('in a real zsh', () => {
  test('the script is one that zsh reads', async () => {
    using folder = temporaryFolder()
    const file = join(folder.path, '_nci')
    writeFileSync(file, (await runText(['completion', 'zsh'])).stdout)
    expect(spawnSync('zsh', ['-n', file], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' })
  })
})

describe.skipIf(!has('fish'))('in a real fish', () => {
  test('the words are offered', async () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'nci.fish')
    writeFileSync(file, (await runText(['completion', 'fish'])).stdout)
    const offered = (line: string): string[] =>
      execFileSync('fish', ['--no-config', '-c', `source ${file}; complete -C '${line}'`], {
        encoding: 'utf8',
      })
        .split('\n')
        .map((one) => one.split('\t')[0] ?? '')
        .filter((word) => word !== '')
    expect(offered('nci ').sort()).toEqual(firstWords)
    expect(offered('nci vm ').sort()).toEqual(['create', 'destroy', 'detach', 'info', 'start'])
    expect(offered('nci vm create --bios ').sort()).toEqual(['ovmf', 'seabios'])
  })
})
