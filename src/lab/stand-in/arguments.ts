/** nixos-anywhere's command line, with the checks and the quirks of version 1.13. */

export const phaseNames = ['kexec', 'disko', 'install', 'reboot'] as const
export type Phase = (typeof phaseNames)[number]

export interface Options {
  readonly target: string
  readonly flake: string
  readonly attribute: string
  readonly storePaths: { readonly disko: string; readonly system: string } | undefined
  readonly identity: string | undefined
  readonly sshArguments: readonly string[]
  readonly phases: ReadonlySet<Phase>
  readonly buildOn: 'auto' | 'local' | 'remote'
  readonly diskoMode: 'disko' | 'mount' | 'format'
  readonly extraFiles: string | undefined
  readonly ownership: readonly (readonly [path: string, owner: string])[]
  readonly diskKeys: readonly (readonly [remote: string, local: string])[]
  readonly copyHostKeys: boolean
  readonly hardwareConfig: { readonly backend: string; readonly path: string } | undefined
  readonly forceKexec: boolean
  readonly envPassword: boolean
  readonly machineSubstituters: boolean
  readonly vmTest: boolean
  readonly debug: boolean
}

/** An end with a message; the genuine script's `abort` is one with `aborted: `. */
export class Stop extends Error {
  readonly exitCode: number
  readonly stream: 'stdout' | 'stderr'

  constructor(message: string, exitCode = 1, stream: 'stdout' | 'stderr' = 'stderr') {
    super(message)
    this.exitCode = exitCode
    this.stream = stream
  }
}

export function abort(message: string): Stop {
  return new Stop(`aborted: ${message}`)
}

/** Flags without a value that change nothing here. */
const accepted = new Set(['-L', '--print-build-logs', '--show-trace', '--no-disko-deps'])
/** Flags with values that change nothing here. */
const acceptedWithValues: Readonly<Record<string, number>> = {
  '--kexec': 1,
  '--kexec-extra-flags': 1,
  '--ssh-store-setting': 2,
  '--post-kexec-ssh-port': 1,
  '--option': 2,
  '--from': 1,
}
const deprecated: Readonly<Record<string, readonly [advice: string, phases: readonly Phase[]]>> = {
  '--stop-after-disko': ['--phases kexec,disko', ['kexec', 'disko']],
  '--no-reboot': ['--phases kexec,disko,install', ['kexec', 'disko', 'install']],
}

export function parseArguments(args: readonly string[], say: (line: string) => void): Options {
  let target = ''
  let flake = ''
  let attribute = ''
  let storePaths: Options['storePaths']
  let identity: string | undefined
  let phases = new Set<Phase>(phaseNames)
  let buildOn: Options['buildOn'] = 'auto'
  let diskoMode: Options['diskoMode'] | undefined
  let extraFiles: string | undefined
  let hardwareConfig: Options['hardwareConfig']
  const flags = new Set<string>()
  const sshArguments: string[] = []
  const ownership = new Map<string, string>()
  const diskKeys = new Map<string, string>()

  const rest = [...args]
  const value = (number = 1): string => {
    const next = rest.shift()
    // bash's own message under `set -u`
    if (next === undefined) throw new Stop(`nixos-anywhere: $${number + 1}: unbound variable`)
    return next
  }
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    switch (word) {
      case '-f':
      case '--flake':
        flake = value()
        break
      case '--target-host':
        target = value()
        break
      case '-i':
        identity = value()
        break
      case '-p':
      case '--ssh-port':
        sshArguments.push('-p', value())
        break
      case '--ssh-option':
        sshArguments.push('-o', value())
        break
      case '-s':
      case '--store-paths':
        storePaths = { disko: value(), system: value(2) }
        break
      case '--generate-hardware-config': {
        if (rest.length < 2) throw abort('Missing arguments for --generate-hardware-config <backend> <path>')
        const backend = value()
        if (backend !== 'nixos-facter' && backend !== 'nixos-generate-config') {
          throw abort(`Unknown hardware config backend: ${backend}`)
        }
        hardwareConfig = { backend, path: value() }
        break
      }
      case '-t':
      case '--tty':
        say(`the '${word}' flag is deprecated, a tty is now detected automatically`)
        break
      case '--help':
        throw new Stop(usage, 0, 'stdout')
      case '--force-kexec':
        flags.add(word)
        // The genuine script swallows the next argument here, too.
        rest.shift()
        break
      case '--disko-mode': {
        const mode = value()
        if (mode !== 'disko' && mode !== 'mount' && mode !== 'format') {
          throw abort(`Supported values for --disko-mode are disko, mount and format. Unknown mode : ${mode}`)
        }
        diskoMode = mode
        break
      }
      case '--build-on': {
        const where = value()
        if (where !== 'auto' && where !== 'local' && where !== 'remote') {
          throw abort(`Supported values for --build-on are auto, local and remote. Unknown mode : ${where}`)
        }
        buildOn = where
        break
      }
      case '--build-on-remote':
        process.stdout.write('WARNING: --build-on-remote is deprecated, use --build-on remote instead\n')
        flags.add(word)
        buildOn = 'remote'
        break
      case '--extra-files':
        extraFiles = value()
        break
      case '--chown':
        ownership.set(value(), value(2))
        break
      case '--disk-encryption-keys':
        diskKeys.set(value(), value(2))
        break
      case '--phases':
        phases = readPhases(value())
        break
      case '--no-substitute-on-destination':
      case '--no-use-machine-substituters':
      case '--copy-host-keys':
      case '--env-password':
      case '--vm-test':
      case '--debug':
        flags.add(word)
        break
      default: {
        const old = deprecated[word]
        const values = acceptedWithValues[word]
        if (old) {
          process.stdout.write(`WARNING: ${word} is deprecated, use ${old[0]} instead\n`)
          phases = new Set(old[1])
        } else if (values !== undefined) {
          for (let number = 1; number <= values; number++) value(number)
        } else if (!accepted.has(word)) {
          // As in the genuine script, also an unknown flag: the first such word is the host.
          if (target !== '') throw new Stop(usage, 1, 'stdout')
          target = word
        }
      }
    }
  }

  if (diskoMode && storePaths) throw abort('--disko-mode cannot be used if --store-paths is used')
  if (!flags.has('--vm-test') && target === '') throw abort('ssh-host must be set')
  if (buildOn === 'local' && flags.has('--build-on-remote')) {
    throw abort('Conflicting flags: --build-on local and --build-on-remote used.')
  }
  if (flake !== '') {
    const [, uri, fragment] = /^(.*)#([^#"]*)$/.exec(flake) ?? []
    if (!fragment) {
      throw new Stop(
        'Please specify the name of the NixOS configuration to be installed, as a URI fragment in the flake-uri.\n' +
          'For example, to use the output nixosConfigurations.foo from the flake.nix, append "#foo" to the flake-uri.',
      )
    }
    flake = uri ?? ''
    attribute = fragment.startsWith('nixosConfigurations.')
      ? fragment
      : `nixosConfigurations."${fragment}".config`
  }
  return {
    target,
    flake: attribute === '' ? '' : flake || '.',
    attribute,
    storePaths,
    identity,
    sshArguments,
    phases,
    buildOn,
    diskoMode: diskoMode ?? 'disko',
    extraFiles,
    ownership: [...ownership],
    diskKeys: [...diskKeys],
    copyHostKeys: flags.has('--copy-host-keys'),
    hardwareConfig,
    forceKexec: flags.has('--force-kexec'),
    envPassword: flags.has('--env-password'),
    machineSubstituters:
      !flags.has('--no-substitute-on-destination') && !flags.has('--no-use-machine-substituters'),
    vmTest: flags.has('--vm-test'),
    debug: flags.has('--debug'),
  }
}

function readPhases(list: string): Set<Phase> {
  const wanted = list.split(',').filter((name) => name !== '')
  const unknown = wanted.find((name) => !(phaseNames as readonly string[]).includes(name))
  if (unknown !== undefined) throw abort(`Unknown phase: ${unknown}`)
  return new Set(wanted as Phase[])
}

const usage = `Usage: nixos-anywhere [options] [<ssh-host>]

This is the lab's stand-in. It takes the options of nixos-anywhere 1.13:
  -f, --flake URI#ATTR          -s, --store-paths DISKO SYSTEM   --target-host HOST
  -i FILE                       -p, --ssh-port PORT              --ssh-option OPTION
  --phases LIST                 --disko-mode disko|mount|format  --build-on auto|local|remote
  --extra-files DIR             --chown PATH OWNER               --disk-encryption-keys REMOTE LOCAL
  --copy-host-keys              --generate-hardware-config BACKEND PATH
  --no-substitute-on-destination  --no-use-machine-substituters  --no-disko-deps
  --kexec PATH  --force-kexec  --kexec-extra-flags FLAGS  --post-kexec-ssh-port PORT
  --ssh-store-setting KEY VALUE  --option KEY VALUE  --from STORE  --env-password  --vm-test
  -L, --print-build-logs  --show-trace  --debug  --help`
