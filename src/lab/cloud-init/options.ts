import type { Options } from '../vm-config.ts'

/** The options that the cloud-init drive is made from. */
export const cloudInitOptions = new Set([
  'cicustom',
  'cipassword',
  'citype',
  'ciupgrade',
  'ciuser',
  'nameserver',
  'searchdomain',
  'sshkeys',
  'name',
])

/** Whether the cloud-init drive has to be made anew when this option changes. */
export function isCloudInitOption(name: string): boolean {
  return cloudInitOptions.has(name) || /^ipconfig\d+$/.test(name)
}

/** `citype`, or what follows from the system's kind. */
export function cloudInitType(options: Options): string {
  const type = options.citype
  if (type !== undefined) return type
  return isWindows(options) ? 'configdrive2' : 'nocloud'
}

export function isWindows({ ostype = '' }: Options): boolean {
  return /^(?:w|win)/.test(ostype)
}
