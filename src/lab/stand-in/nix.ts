/**
 * The lab's stand-in for `nix`: version, configuration, and builds of toy closures with the progress
 * messages that a real build prints.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import {
  configurationNames,
  FlakeError,
  type LocalFlake,
  mentions,
  openFlake,
  requireAttribute,
} from './local-flake.ts'
import { BuildLog } from './nix-log.ts'
import { platform, settingText, showSettings } from './nix-settings.ts'
import { say } from './say.ts'
import {
  configurationName,
  diskoClosure,
  otherClosure,
  systemClosure,
  type ToyClosure,
} from './toy-closure.ts'
import { isImage, toyIso, writeImage } from './toy-iso.ts'
import { addClosure, hasPath, outputFolder, storeFolder } from './toy-store.ts'

const version = 'nix (Nix) 2.34.8 (lab stand-in)'

/** Options with values, by how many. */
const valued: Readonly<Record<string, number>> = {
  '--option': 2,
  '--override-input': 2,
  '--arg': 2,
  '--argstr': 2,
  ...Object.fromEntries(
    'extra-experimental-features experimental-features log-format out-link store eval-store apply expr file max-jobs cores system builders extra-substituters extra-trusted-public-keys profile'
      .split(' ')
      .map((name) => [`--${name}`, 1]),
  ),
  '-o': 1,
  '-j': 1,
  '-f': 1,
}

interface CommandLine {
  readonly operands: readonly string[]
  readonly flags: ReadonlyMap<string, string>
}

function parse(args: readonly string[]): CommandLine {
  const operands: string[] = []
  const flags = new Map<string, string>()
  for (let index = 0; index < args.length; index++) {
    const word = args[index] ?? ''
    if (!word.startsWith('-')) operands.push(word)
    else {
      const count = valued[word] ?? 0
      flags.set(word, args[index + 1] ?? '')
      index += count
    }
  }
  return { operands, flags }
}

function main(args: readonly string[]): void {
  const line = parse(args)
  if (line.flags.has('--version')) {
    print(version)
    return
  }
  // The log of a build is read by programs: the notice comes as one of its messages then.
  const notice = "nix: this is the lab's stand-in; it builds toy closures only"
  const log = new BuildLog(line.flags.get('--log-format') === 'internal-json')
  log.message(notice)
  const [command, ...rest] = line.operands
  try {
    switch (command) {
      case 'build':
        build(rest, line, log)
        break
      case 'config':
        print(showSettings(rest, line.flags.has('--json')))
        break
      case 'eval':
        evaluate(rest, line)
        break
      case 'flake':
        flakeCommand(rest)
        break
      case 'path-info':
        pathInfo(rest)
        break
      default:
        throw new FlakeError(`'${command ?? ''}' is not a recognised command`)
    }
  } catch (error) {
    if (!(error instanceof FlakeError)) throw error
    log.error(error.message)
    process.exitCode = 1
  }
}

interface Installable {
  readonly flake: LocalFlake
  readonly attribute: string
}

/** Writes down what a derivation was made of: its path alone does not tell. */
function remember(drv: string, { path }: LocalFlake, attribute: string): void {
  mkdirSync(storeFolder(), { recursive: true })
  writeFileSync(recordOf(drv), JSON.stringify({ path, attribute }))
}

function recordOf(drv: string): string {
  return join(storeFolder(), `${basename(drv)}.json`)
}

function open(installable: string): Installable {
  if (installable.startsWith('/nix/store/')) {
    const [drv = ''] = installable.split('^')
    if (!existsSync(recordOf(drv))) throw new FlakeError(`path '${drv}' is not valid`)
    const { path, attribute } = JSON.parse(readFileSync(recordOf(drv), 'utf8')) as Record<string, string>
    return { flake: openFlake(path ?? ''), attribute: attribute ?? '' }
  }
  const [uri = '', fragment = 'default'] = installable.split('#')
  const [attribute = ''] = fragment.split('^')
  const flake = openFlake(uri || '.')
  requireAttribute(flake, attribute)
  return { flake, attribute }
}

function build(installables: readonly string[], line: CommandLine, log: BuildLog): void {
  const opened = (installables.length > 0 ? installables : ['.']).map(open)
  const closures = opened.map(closureFor)
  if (line.flags.has('--dry-run')) {
    const drvs = closures.map((closure) => derivation(outputOf(closure)))
    say(`these ${drvs.length} derivations will be built:\n${drvs.map((drv) => `  ${drv}`).join('\n')}`)
  }
  log.build(closures.map((closure) => ({ out: outputOf(closure), drv: derivation(outputOf(closure)) })))
  for (const closure of closures) addClosure(closure)
  for (const [index, closure] of closures.entries()) {
    const one = opened[index]
    if (one && isImage(one.attribute)) writeImage(one.attribute, outputOf(closure))
  }
  link(closures.map(outputOf), line)
  if (line.flags.has('--json')) {
    const results = closures.map((closure) => ({
      drvPath: derivation(outputOf(closure)),
      outputs: { out: outputOf(closure) },
    }))
    print(JSON.stringify(results))
  } else if (line.flags.has('--print-out-paths')) print(closures.map(outputOf).join('\n'))
}

function closureFor({ flake, attribute }: Installable): ToyClosure {
  const [, mode] = /\.(disko|mount|format)Script(?:NoDeps)?$/.exec(attribute) ?? []
  const configuration = attribute.replace(/\.system\.build\..*$/, '')
  if (mode) return diskoClosure(flake, configuration, mode as 'disko' | 'mount' | 'format')
  if (attribute.endsWith('.toplevel')) return systemClosure(flake, configuration)
  return otherClosure(flake, attribute)
}

function outputOf(closure: ToyClosure): string {
  return closure.at(-1)?.path ?? ''
}

/** Another hash with the suffix: derivations have paths of their own. */
function derivation(path: string): string {
  const [, hash = '', name = ''] = /^\/nix\/store\/([^-]+)-(.*)$/.exec(path) ?? []
  return `/nix/store/${[...hash].reverse().join('')}-${name}.drv`
}

/** `./result`, `./result-1`, … unless told otherwise. They point into the lab's own store folder. */
function link(paths: readonly string[], line: CommandLine): void {
  if (line.flags.has('--no-link')) return
  const name = line.flags.get('--out-link') ?? line.flags.get('-o') ?? 'result'
  for (const [index, path] of paths.entries()) {
    const file = index === 0 ? name : `${name}-${index}`
    mkdirSync(outputFolder(path), { recursive: true })
    rmSync(file, { force: true })
    symlinkSync(outputFolder(path), file)
  }
}

/** The few attributes that installers ask for; strings, unless `--json`. */
function evaluate(installables: readonly string[], line: CommandLine): void {
  const [installable = '.'] = installables
  const { flake, attribute } = open(installable)
  const apply = line.flags.get('--apply')
  if (attribute === 'nixosConfigurations' && apply === 'builtins.attrNames') {
    print(JSON.stringify(configurationNames(flake)))
    return
  }
  if (attribute === 'nixosConfigurations' && apply?.includes('drvPath')) {
    print(JSON.stringify(partsOf(flake, apply)))
    return
  }
  if (apply?.includes('"derivation"')) {
    print(JSON.stringify(isoFacts(flake, attribute)))
    return
  }
  const name = configurationName(attribute)
  const system = closureFor({
    flake,
    attribute: `nixosConfigurations."${name}".config.system.build.toplevel`,
  })
  const ownPlatform = system.at(-1)?.files.system?.content ?? platform
  // What a preflight asks of a configuration.
  if (apply?.includes('diskoScript')) {
    print(JSON.stringify({ disko: mentions(flake, 'disko'), platform: ownPlatform }))
    return
  }
  const last = attribute.split('.').at(-1) ?? ''
  const known: Readonly<Record<string, string>> = {
    system: ownPlatform,
    substituters: settingText('substituters'),
    'trusted-public-keys': settingText('trusted-public-keys'),
    outPath: outputOf(closureFor({ flake, attribute })),
    toplevel: outputOf(system),
  }
  const value = known[last]
  if (value === undefined)
    throw new FlakeError(`attribute '${last}' missing: the lab's stand-in evaluates no Nix code`)
  if (line.flags.has('--raw')) process.stdout.write(value)
  else print(JSON.stringify(value))
}

/** What is asked of an ISO before it is built; its derivation is written down, so that it can be. */
function isoFacts(flake: LocalFlake, wanted: string): object {
  const { attribute, ...facts } = toyIso(flake, wanted)
  const drv = derivation(outputOf(closureFor({ flake, attribute })))
  remember(drv, flake, attribute)
  return { derivation: drv, ...facts }
}

/** Derivations and outputs of the configurations that an expression names, written down so that they can be built. */
function partsOf(flake: LocalFlake, apply: string): Record<string, string[][]> {
  const names = [...(/inherit \(all\) (.*);/.exec(apply)?.[1] ?? '').matchAll(/"([^"]+)"/g)]
  const parts = [...apply.matchAll(/\.system\.build\.(\w+)/g)].map(([, part]) => part ?? '')
  return Object.fromEntries(
    names.map(([, name = '']) => [
      name,
      parts.map((part) => {
        const attribute = `nixosConfigurations."${name}".config.system.build.${part}`
        requireAttribute(flake, attribute)
        const out = outputOf(closureFor({ flake, attribute }))
        const drv = derivation(out)
        remember(drv, flake, attribute)
        return [drv, out]
      }),
    ]),
  )
}

/** @throws {FlakeError} of a path that is in no store here */
function pathInfo(paths: readonly string[]): void {
  const missing = paths.find((path) => !hasPath(path) && !existsSync(path))
  if (missing !== undefined) throw new FlakeError(`path '${missing}' is not valid`)
  print(paths.join('\n'))
}

function flakeCommand(words: readonly string[]): void {
  const [verb = '', uri = '.'] = words
  const flake = openFlake(uri)
  if (verb !== 'metadata') throw new FlakeError(`'flake ${verb}' is not known to the lab's stand-in`)
  print(
    JSON.stringify({
      url: `path:${flake.path}`,
      path: flake.path,
      locked: { type: 'path', path: flake.path },
    }),
  )
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

main(process.argv.slice(2))
