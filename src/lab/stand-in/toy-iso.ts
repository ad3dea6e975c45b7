/** Toy ISO images: what the stand-in for `nix` says of them before they are built, and what it builds. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FlakeError, type LocalFlake } from './local-flake.ts'
import { configurationName, otherClosure, platformOf } from './toy-closure.ts'
import { outputFolder } from './toy-store.ts'

export const toyVersion = '26.05.lab'

/** What an installer's evaluation asks of an image. */
export interface ToyIso {
  /** What is to be built. */
  readonly attribute: string
  /** The folder that it will be in: one that this machine really has, for links lead to it. */
  readonly output: string
  readonly system: string
  readonly platform: string
  readonly version: string
}

/** Whether a build product is one that has an image in it. */
export function isImage(attribute: string): boolean {
  return /isoImage$|(^|\.)iso([-_.]|$)|images\.iso/.test(attribute)
}

/** @param attribute a configuration's, or a package's @throws {FlakeError} where it has no image */
export function toyIso(flake: LocalFlake, attribute: string): ToyIso {
  const isConfiguration = attribute.startsWith('nixosConfigurations.')
  const code = Object.values(flake.files).join('\n')
  if (isConfiguration && !/isoImage|iso-image|installation-cd|installer\/cd-dvd/.test(code))
    throw new FlakeError('it has no config.system.build.isoImage')
  const image = isConfiguration ? `${attribute}.config.system.build.isoImage` : attribute
  const platform = platformOf(flake.files, isConfiguration ? configurationName(attribute) : attribute)
  const path = otherClosure(flake, image).at(-1)?.path ?? ''
  return { attribute: image, output: outputFolder(path), system: platform, platform, version: toyVersion }
}

/** A file that passes for an ISO image at first sight: the volume descriptor's magic and nothing else. */
export function writeImage(attribute: string, path: string): void {
  const architecture = /aarch64/.test(attribute) ? 'aarch64' : 'x86_64'
  const folder = join(outputFolder(path), 'iso')
  mkdirSync(folder, { recursive: true })
  const image = Buffer.alloc(64 * 1024)
  image.write('\x01CD001\x01', 0x8000, 'latin1')
  image.write('NIXOS_LAB', 0x8000 + 40, 'latin1')
  writeFileSync(join(folder, `nixos-minimal-${toyVersion}-${architecture}-linux.iso`), image)
}
