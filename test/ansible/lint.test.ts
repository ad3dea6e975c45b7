import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { execa } from 'execa'
import { expect, it } from 'vitest'
import { pythonEnvironment } from '../support/python.ts'
import { layOut } from './support/layout.ts'
import { newest } from './support/requirements.ts'

it('ansible-lint’s production profile and the changelog’s own check find nothing', {
  timeout: 600_000,
}, async (context) => {
  const programs = join(await pythonEnvironment(context, newest), 'bin')
  const folder = mkdtempSync(join(tmpdir(), 'nci-lint-'))
  try {
    const env = {
      PATH: [programs, process.env.PATH].join(delimiter),
      HOME: folder,
      ANSIBLE_HOME: join(folder, 'ansible'),
      ANSIBLE_COLLECTIONS_PATH: folder,
      LC_ALL: 'C.UTF-8',
    }
    const options = { cwd: layOut(folder), env, all: true, reject: false } as const
    const lint = await execa('ansible-lint', ['--strict', '--offline', '--nocolor'], options)
    expect(lint.exitCode, lint.all).toBe(0)
    expect(lint.all).toContain('0 failure(s), 0 warning(s)')
    const changelog = await execa('antsibull-changelog', ['lint'], options)
    expect(changelog.exitCode, changelog.all).toBe(0)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
