import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { GitHubServer } from '../releases/github-server.ts'
import { type Box, openBox } from '../support/lab.ts'
import { writeProgram } from '../support/program.ts'
import { succeeded } from './provisioned.ts'

const passphrase = 'Öffne dich/Sesam+7'
const ciPassword = 'kennwort für die Konsole&=%'
const githubToken = 'github_pat_11AAAAAAA0bbbbbbbbbbbb_cccccccc'

/** A key that is of no use without its passphrase, as text. */
function encryptedKey(box: Box): string {
  const file = join(box.folder, 'encrypted')
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-C', '', '-f', file])
  return readFileSync(file, 'utf8')
}

/** All forms in which a secret could be found again. A key counts line by line, without its armour. */
function formsOf(secret: string): string[] {
  const texts = secret.includes('\n')
    ? [secret, ...secret.split('\n').filter((line) => line.length > 30 && !line.startsWith('-'))]
    : [secret]
  return texts.flatMap((text) => {
    const bytes = Buffer.from(text)
    const inner = [0, 1, 2].map((shift) => {
      const base64 = Buffer.concat([Buffer.alloc(shift), bytes])
        .toString('base64')
        .replace(/=+$/, '')
      return base64.slice(4, -4)
    })
    return [
      text,
      encodeURIComponent(text),
      encodeURIComponent(encodeURIComponent(text)),
      JSON.stringify(text).slice(1, -1),
      bytes.toString('hex'),
      ...inner,
    ]
  })
}

function expectNoSecrets(
  texts: Readonly<Record<string, string>>,
  secrets: Readonly<Record<string, string>>,
): void {
  const found = Object.entries(texts).flatMap(([where, text]) =>
    Object.entries(secrets).flatMap(([name, secret]) =>
      formsOf(secret).some((form) => text.includes(form)) ? [`${name} in ${where}`] : [],
    ),
  )
  expect(found).toEqual([])
}

/** Reads the command lines of all processes again and again; gives all that were seen. */
function watchCommandLines(): { stop(): string } {
  const seen = new Set<string>()
  const look = (): void => {
    for (const pid of readdirSync('/proc')) {
      if (!/^\d+$/.test(pid)) continue
      try {
        seen.add(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
      } catch {
        // It has ended.
      }
    }
  }
  const timer = setInterval(look, 4)
  return {
    stop() {
      clearInterval(timer)
      return [...seen].join('\n')
    },
  }
}

interface Way {
  readonly how: string
  readonly progress: string
  /** The parts of the document, the flags and the environment that hold the secrets. */
  give(
    box: Box,
    secrets: Readonly<Record<string, string>>,
  ): { input?: object; words?: string[]; environment?: Record<string, string | undefined> }
}

const none = {
  PROXMOX_TOKEN_ID: undefined,
  PROXMOX_TOKEN_SECRET: undefined,
  NCI_SSH_PRIVATE_KEY_FILE: undefined,
}

const ways: Way[] = [
  {
    how: 'in the document',
    progress: 'ndjson',
    give: (box, secrets) => ({
      input: { ...secrets, api_token_id: box.lab.tokenId },
      environment: none,
    }),
  },
  {
    how: 'in the document, with a password',
    progress: 'terminal',
    give: (box, { api_token_secret: _, ...secrets }) => ({
      input: { ...secrets, api_user: box.lab.user, api_password: box.lab.password },
      environment: none,
    }),
  },
  {
    how: 'by file',
    progress: 'lines',
    give(box, { ssh_private_key, ...secrets }) {
      const words = Object.entries(secrets).flatMap(([name, secret]) => {
        const file = join(box.folder, `secret-${name}`)
        writeFileSync(file, `${secret}\n`)
        return [`--${name.replaceAll('_', '-')}-file`, file]
      })
      const file = join(box.folder, 'encrypted')
      return {
        words: [...words, '--ssh-private-key-file', file],
        environment: { ...none, PROXMOX_TOKEN_ID: box.lab.tokenId },
      }
    },
  },
  {
    how: 'by the environment',
    progress: 'none',
    give: (_, secrets) => ({
      input: { ci_password: secrets.ci_password },
      environment: {
        NCI_SSH_PRIVATE_KEY_FILE: undefined,
        NCI_SSH_PRIVATE_KEY: secrets.ssh_private_key,
        NCI_SSH_PRIVATE_KEY_PASSPHRASE: secrets.ssh_private_key_passphrase,
        GITHUB_TOKEN: secrets.github_token,
      },
    }),
  },
]

for (const { how, progress, give } of ways) {
  test.concurrent(`secrets that are given ${how} are found nowhere again`, async () => {
    await using box = await openBox()
    await using github = await GitHubServer.start()
    github.release('v2.10.0')
    github.token = githubToken
    const secrets = {
      api_token_secret: box.lab.tokenSecret,
      ci_password: ciPassword,
      ssh_private_key: encryptedKey(box),
      ssh_private_key_passphrase: passphrase,
      github_token: githubToken,
    }
    const { iso_path: _, ...host } = box.host
    const { input, words = [], environment } = give(box, secrets)
    const log_file = join(box.folder, 'install.log')
    const run = {
      input: { ...host, github_api_url: github.url, log_file, ...input },
      progress,
      ...(environment === undefined ? {} : { environment }),
    }
    const all = { ...secrets, api_password: box.lab.password }
    // It prints all that it inherits, into the log and the events.
    const program = join(box.folder, 'bin', 'nixos-anywhere')
    const standIn = readFileSync(program, 'utf8').replace(/^#!.*\n/, '')
    writeProgram(program, `env; env | base64 -w0; echo; env >&2\n${standIn}`)
    const watch = watchCommandLines()
    const check = await box.run(['provision', '--check', ...words], run)
    const end = await box.run(['provision', ...words], run)
    const commandLines = watch.stop()
    succeeded(check)
    succeeded(end)
    // It did look: the programs of the installation were seen.
    expect(commandLines).toMatch(/nixos-anywhere/)
    expect(commandLines).toMatch(/StrictHostKeyChecking/)
    expect(box.config(100)).toMatch(/^name: web1$/m)
    const log = readFileSync(log_file, 'utf8')
    expect(log).toMatch(/### Done! ###/)
    // It printed its environment, and the engine's own secrets were not in it, not even masked.
    expect(log).toMatch(/NCI_CACHE_DIR=/)
    expect(log).not.toMatch(/PROXMOX_|GITHUB_TOKEN|NCI_SSH_PRIVATE_KEY/)
    expectNoSecrets(
      {
        'command lines': commandLines,
        stdout: end.stdout,
        stderr: end.stderr,
        log,
        check: check.stdout + check.stderr,
      },
      all,
    )
  })
}

test.concurrent('what a program prints of a secret that it learnt elsewhere is masked in events and error', async () => {
  await using box = await openBox()
  writeProgram(
    join(box.folder, 'bin', 'nix'),
    `secret='${box.lab.tokenSecret}'; echo "TOKEN=$secret" >&2; echo "x$secret" | base64 -w0 >&2; echo >&2; echo "error: $secret" >&2; exit 1`,
  )
  const environment = { GITHUB_TOKEN: githubToken, PROXMOX_PASSWORD: box.lab.password }
  const end = await box.run(['provision'], { input: box.host, environment })
  expect(end.document.error.code).toBe('NIX_BUILD_FAILED')
  expect(end.stderr).toContain('TOKEN=********')
  expect(end.document.error.message).toContain('********')
  const secrets = { token: box.lab.tokenSecret, github: githubToken, password: box.lab.password }
  expectNoSecrets({ stdout: end.stdout, stderr: end.stderr }, secrets)
})

test.concurrent('what Proxmox says of a secret in an error is masked', async () => {
  await using box = await openBox()
  const reason = `ticket of ${encodeURIComponent(ciPassword)} refused`
  box.lab.faults.add({ method: 'POST', path: '/nodes/*/qemu', action: { answer: { status: 500, reason } } })
  const end = await box.run(['vm', 'create'], { input: { name: 'web1', ci_password: ciPassword } })
  expect(end.document.error.code).toBe('PVE_REQUEST_FAILED')
  expect(end.document.error.message).toContain('ticket of ******** refused')
  expectNoSecrets({ stdout: end.stdout, stderr: end.stderr }, { ciPassword })
})

test.concurrent('with NCI_DEBUG the stack trace has no secrets either', async () => {
  await using box = await openBox()
  const body = JSON.stringify({ data: { secret: box.lab.tokenSecret } })
  box.lab.faults.add({ path: '/cluster/resources', action: { answer: { status: 200, reason: 'OK', body } } })
  const end = await box.run(['vm', 'info', '--vmid', '100'], { environment: { NCI_DEBUG: '1' } })
  expect(end.document.error.code).toBe('ENGINE_BUG')
  expect(end.stderr).toMatch(/\n\s+at /)
  expectNoSecrets({ stdout: end.stdout, stderr: end.stderr }, { token: box.lab.tokenSecret })
})
