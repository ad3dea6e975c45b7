import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { validate } from '../../src/core/validate.ts'
import { openSandbox } from '../../src/lab/sandbox.ts'
import { nciPath, runNci, runText } from '../support/nci.ts'

const root = join(import.meta.dirname, '..', '..')
const readme = readFileSync(join(root, 'README.md'), 'utf8')

/** The code blocks of one language, in order. */
function blocks(language: string): string[] {
  return [...readme.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    ([, text]) => text ?? '',
  )
}

function block(language: string, containing: string): string {
  const found = blocks(language).filter((text) => text.includes(containing))
  expect(found).toHaveLength(1)
  return found[0] ?? ''
}

test('the host document of the README is valid', async () => {
  await expect(validate('provision', JSON.parse(block('json', '"flake": ".#web1"')))).resolves.toBeUndefined()
})

test('the inventory of the README is one, and its commands do what they say', async () => {
  await using sandbox = await openSandbox({
    pace: 0.01,
    nodes: [{ name: 'pve1' }, { name: 'pve2' }],
  })
  const folder = join(sandbox.folder, 'infrastructure')
  mkdirSync(folder)
  const names = ['web1', 'web2']
  const systems = names.map((name) => `nixosConfigurations.${name} = nixpkgs.lib.nixosSystem { };`)
  writeFileSync(join(folder, 'flake.nix'), `{ outputs = { nixpkgs, disko, ... }: { ${systems.join(' ')} }; }`)
  const ours = block('yaml', 'nixos_vm_defaults').replace(
    '    proxmox_api_host: pve.example.org\n',
    `    proxmox_api_host: ${sandbox.environment.PROXMOX_HOST}\n`,
  )
  const iso = `      iso_path: ${String(sandbox.host.iso_path)}\n`
  writeFileSync(
    join(folder, 'hosts.yml'),
    ours.replace('    nixos_vm_defaults:\n', (line) => `${line}${iso}`),
  )
  const commands = block('sh', 'nci inventory --inventory')
    .split('\n')
    .map((line) => line.replace(/\s+#.*$/, '').replaceAll("'", ''))
    .filter((line) => line.startsWith('nci '))
  expect(commands).toHaveLength(5)
  for (const command of commands) {
    const words = [
      ...command.replace('--limit test', '--yes').split(' ').slice(1),
      '--inventory-reader',
      'yaml',
    ]
    const options = { env: { ...sandbox.environment, HOME: sandbox.folder }, cwd: folder }
    const { code, document } = await runNci(words, options)
    expect(document.ok, `${command}: ${JSON.stringify(document.error)}`).toBe(true)
    expect(code, command).toBe(0)
  }
})

test('the walk through the lab works as it is written', async () => {
  await using sandbox = await openSandbox({ pace: 0.01 })
  const commands = block('sh', 'bin/nci lab start')
    .split('\n')
    .map((line) => line.replace(/\s+#.*$/, ''))
    .filter((line) => line.startsWith('bin/nci') && !line.includes('lab start'))
  expect(commands.length).toBeGreaterThan(3)
  for (const command of commands) {
    const words = command.replace('/tmp/lab/host.json', sandbox.hostFile).split(' ').slice(1)
    const { code, document } = await runNci(words, { env: sandbox.environment })
    expect(document.ok, `${command}: ${JSON.stringify(document.error)}`).toBe(true)
    expect(code, command).toBe(0)
  }
})

test('the role of the README suffices for a whole life of a host, on Proxmox VE 9 and 8', async () => {
  const privileges = /--privs "([^"]+)"/.exec(readme)?.[1]?.split(' ') ?? []
  expect(privileges.length).toBeGreaterThan(10)
  for (const version of ['9.2', '8.4'] as const) {
    const forVersion =
      version === '9.2'
        ? privileges
        : [...privileges.filter((name) => !name.startsWith('VM.GuestAgent')), 'VM.Monitor']
    await using sandbox = await openSandbox({
      version,
      pace: 0.01,
      users: [{ id: 'nci@pve' }],
      tokens: [{ id: 'nci@pve!nci', secret: 'readme-token-secret', privilegeSeparation: false }],
      roles: { NixosProvision: forVersion },
      acl: [{ path: '/', id: 'nci@pve', role: 'NixosProvision' }],
    })
    const env = {
      ...sandbox.environment,
      PROXMOX_USER: 'nci@pve',
      PROXMOX_TOKEN_ID: 'nci',
      PROXMOX_TOKEN_SECRET: 'readme-token-secret',
    }
    const provisioned = await runNci(['provision', '--input', sandbox.hostFile], { env })
    expect(provisioned.document, version).toMatchObject({ ok: true, warnings: [] })
    const hot = join(sandbox.folder, 'hot.json')
    const networks = [{ ip: '192.0.2.22/24' }]
    writeFileSync(
      hot,
      JSON.stringify({ ...sandbox.host, name: 'web2', networks, detach: 'hot', flake: sandbox.host.flake }),
    )
    expect((await runNci(['provision', '--input', hot], { env })).document, version).toMatchObject({
      ok: true,
    })
    const destroyed = await runNci(['vm', 'destroy', '--name', 'web1', '--stop'], { env })
    expect(destroyed.document, version).toMatchObject({ ok: true, changed: true })
  }
})

test('the lab that the README makes fail fails as it says, and then a run succeeds', async () => {
  const config = JSON.parse(block('json', '"guestLatency"'))
  const quick = { ...config, latency: {}, guestLatency: {}, pace: 0.01 }
  await using sandbox = await openSandbox(quick)
  const provision = () => runNci(['provision', '--input', sandbox.hostFile], { env: sandbox.environment })
  expect((await provision()).document.error).toMatchObject({ code: 'PVE_STORAGE_FULL' })
  expect((await provision()).document.error).toMatchObject({ code: 'PVE_NODE_OFFLINE' })
  expect((await provision()).document).toMatchObject({ ok: true })
})

test('every command that the README names has a help page', async () => {
  const named = new Set(
    [...readme.matchAll(/`nci ((?:iso|vm|ssh|nixos|lab) [a-z]+|provision|schema|version|completion)\b/g)].map(
      ([, words]) => words ?? '',
    ),
  )
  expect(named.size).toBeGreaterThan(10)
  for (const words of named) {
    const { code, stdout } = await runText([...words.split(' '), '--help'])
    expect(code, words).toBe(0)
    expect(stdout, `${nciPath} ${words}`).toContain('USAGE')
  }
})
