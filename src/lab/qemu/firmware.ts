import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Architecture } from './programs.ts'

/** UEFI: the program, and variables as they are at first. */
export interface Firmware {
  readonly code: string
  readonly variables: string
}

/** Where the distributions put it, below their prefix. */
const places: Readonly<Record<Architecture, readonly (readonly [string, string])[]>> = {
  x86_64: [
    ['OVMF/OVMF_CODE_4M.fd', 'OVMF/OVMF_VARS_4M.fd'],
    ['OVMF/OVMF_CODE.fd', 'OVMF/OVMF_VARS.fd'],
    ['edk2/x64/OVMF_CODE.4m.fd', 'edk2/x64/OVMF_VARS.4m.fd'],
    ['edk2/ovmf/OVMF_CODE.fd', 'edk2/ovmf/OVMF_VARS.fd'],
    ['qemu/edk2-x86_64-code.fd', 'qemu/edk2-i386-vars.fd'],
  ],
  aarch64: [
    ['AAVMF/AAVMF_CODE.no-secboot.fd', 'AAVMF/AAVMF_VARS.fd'],
    ['AAVMF/AAVMF_CODE.fd', 'AAVMF/AAVMF_VARS.fd'],
    ['edk2/aarch64/QEMU_EFI-pflash.raw', 'edk2/aarch64/vars-template-pflash.raw'],
    ['edk2/aarch64/QEMU_CODE.fd', 'edk2/aarch64/QEMU_VARS.fd'],
    ['qemu/edk2-aarch64-code.fd', 'qemu/edk2-arm-vars.fd'],
  ],
}

/** Finds it beside the emulator, and then where systems have it. */
export function findFirmware(architecture: Architecture, emulator: string): Firmware {
  const beside = [dirname(emulator), dirname(realpathSync(emulator))].map((folder) => dirname(folder))
  const prefixes = [
    ...beside.flatMap((prefix) => [prefix, join(prefix, 'usr')]),
    '/usr',
    '/usr/local',
    '/opt/homebrew',
    '/run/current-system/sw',
  ]
  for (const prefix of prefixes) {
    for (const pair of places[architecture]) {
      const [code, variables] = pair.map((name) => join(prefix, 'share', name)) as [string, string]
      if (existsSync(code) && existsSync(variables)) return { code, variables }
    }
  }
  const name = architecture === 'x86_64' ? 'OVMF (Debian: `ovmf`)' : 'AAVMF (Debian: `qemu-efi-aarch64`)'
  throw new Error(`UEFI needs ${name}, which is in none of the usual places`)
}
