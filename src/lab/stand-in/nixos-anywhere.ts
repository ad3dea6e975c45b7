/**
 * The lab's stand-in for nixos-anywhere 1.13: the same flags, markers and phases against a simulated guest,
 * over the real `ssh`. It builds toy closures and copies them its own way; nothing else is pretended.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { abort, type Options, parseArguments, Stop } from './arguments.ts'
import { FlakeError, openFlake, requireAttribute } from './local-flake.ts'
import { formatDisks, installSystem, reboot } from './phases.ts'
import { gatherFacts, generateHardwareConfig, runKexec } from './prepare-target.ts'
import { Remote } from './remote.ts'
import { say, step } from './say.ts'
import { uploadSshKey } from './ssh-key.ts'
import { diskoClosure, systemClosure, type ToyClosure } from './toy-closure.ts'
import { addClosure, closureOf, hasPath } from './toy-store.ts'

async function main(args: readonly string[]): Promise<void> {
  say("nixos-anywhere: this is the lab's stand-in; it installs toy systems on simulated guests only")
  const options = parseArguments(args, say)
  if (options.vmTest) throw new Stop("--vm-test: the lab's stand-in has no test VM")

  const folder = privateFolder()
  try {
    await install(options, folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function install(options: Options, folder: string): Promise<void> {
  let closures = options.hardwareConfig && !options.storePaths ? undefined : obtain(options)
  const keyFile = join(folder, 'nixos-anywhere')
  const remote = new Remote(options.target, keyFile, options.sshArguments)
  const user = await remote.user()
  // Without the kexec phase the installer is taken for granted, and with it root.
  if (!options.phases.has('kexec')) remote.target = `root@${remote.host}`

  await uploadSshKey(remote, keyFile, await identity(options, folder))
  const facts = await gatherFacts(remote)
  if (options.phases.has('kexec')) await runKexec(remote, facts, options)
  if (options.hardwareConfig) await generateHardwareConfig(remote, options.hardwareConfig)
  closures ??= obtain(options)
  if (facts.isInstaller === 'y' && user !== 'root' && options.phases.has('kexec')) {
    await remote.run('sudo mkdir -p /root/.ssh; sudo cp ~/.ssh/authorized_keys /root/.ssh || true')
    remote.target = `root@${remote.host}`
  }
  if (options.phases.has('disko')) await formatDisks(remote, options, closures.disko)
  if (options.phases.has('install')) await installSystem(remote, options, closures.system)
  if (options.phases.has('reboot')) await reboot(remote)
  step('Done!')
}

/** "Builds" the flake, or takes the store paths that were built before. */
function obtain(options: Options): { disko: ToyClosure; system: ToyClosure } {
  if (options.attribute !== '') {
    const flake = openFlake(options.flake)
    requireAttribute(flake, options.attribute)
    const disko = diskoClosure(flake, options.attribute, options.diskoMode)
    const system = systemClosure(flake, options.attribute)
    addClosure(disko)
    addClosure(system)
    return { disko, system }
  }
  const { storePaths } = options
  if (!storePaths) throw abort('--flake or --store-paths must be set')
  if (!hasPath(storePaths.disko) || !hasPath(storePaths.system)) {
    throw abort(`${storePaths.disko} and ${storePaths.system} must be existing store-paths`)
  }
  return { disko: closureOf(storePaths.disko), system: closureOf(storePaths.system) }
}

/** The key to log in with: a copy of the user's, so that its mode is ours. */
async function identity(options: Options, folder: string): Promise<string | undefined> {
  const key = process.env.SSH_PRIVATE_KEY
  if (options.identity !== undefined || !key) return options.identity
  const file = join(folder, 'from-env')
  await writeFile(file, `${key}\n`, { mode: 0o600 })
  return file
}

function privateFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tmp.'))
  // Signals end the process without its `finally`; the private key must not stay behind.
  for (const [signal, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
    ['SIGHUP', 1],
  ] as const) {
    process.once(signal, () => {
      rmSync(folder, { recursive: true, force: true })
      process.exit(128 + number)
    })
  }
  return folder
}

// Nobody may listen any more; the genuine tool, whose programs do the talking, goes on all the same.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)

main(process.argv.slice(2)).catch((error: unknown) => {
  if (error instanceof Stop) {
    if (error.message !== '') process[error.stream].write(`${error.message}\n`)
    process.exitCode = error.exitCode
  } else if (error instanceof FlakeError) {
    say(`error: ${error.message}`)
    process.exitCode = 1
  } else {
    say(error instanceof Error ? (error.stack ?? error.message) : String(error))
    process.exitCode = 1
  }
})
