/** The commands of src/lab/QEMU.md, as far as they work without an installer ISO and Nix. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { nciPath, runNci } from '../../support/nci.ts'
import { qemuFolder } from '../../support/qemu.ts'

const text = readFileSync(join(import.meta.dirname, '..', '..', '..', 'src', 'lab', 'QEMU.md'), 'utf8')
const commands = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block]) =>
  (block ?? '').trim().split('\n'),
)

describe.skipIf(qemuFolder === undefined)('the walk through real guests', () => {
  it('starts a lab whose files are where it says, and what it asks for is understood', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'qemu-walk-'))
    const wordsOf = (command: string): string[] => {
      const line = commands.find((one) => one.startsWith(command)) ?? ''
      return line.replaceAll('/tmp/lab', folder).split(' ').slice(1)
    }
    const lab = spawn(nciPath, [...wordsOf('nci lab start'), '--qemu-programs', qemuFolder ?? ''], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const ended = new Promise((resolve) => lab.once('exit', resolve))
    try {
      let said = ''
      for await (const chunk of lab.stdout) {
        said += chunk
        if (said.includes('a host to provision')) break
      }
      const environment = readFileSync(join(folder, 'environment'), 'utf8')
      const env = Object.fromEntries(
        [...environment.matchAll(/^export (\w+)='(.*)'$/gm)].map(([, name, value]) => [
          name ?? '',
          value ?? '',
        ]),
      )
      const iso = join(folder, 'flake', 'flake.nix')
      const words = wordsOf('nci provision').map((word) => (word === 'installer.iso' ? iso : word))
      const { document } = await runNci([...words, '--check'], { env })
      // It gets as far as looking into the ISO, which is none.
      expect(document).toMatchObject({ ok: false, error: { code: 'ISO_NOT_AN_ISO' } })
      readFileSync(join(folder, 'pve', 'addresses.json'))
      readFileSync(join(folder, 'id_ed25519'))
    } finally {
      lab.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
