import { closeSync, openSync, readSync } from 'node:fs'

/**
 * The size that a guest sees of an image in the format qcow2; `undefined` where it is in none. Simulated guests keep what
 * they need in files that are only called so.
 */
export function qcow2Size(file: string): number | undefined {
  const header = Buffer.alloc(32)
  const opened = openSync(file, 'r')
  try {
    readSync(opened, header, 0, header.length, 0)
  } finally {
    closeSync(opened)
  }
  return header.toString('latin1', 0, 4) === 'QFI\xfb' ? Number(header.readBigUInt64BE(24)) : undefined
}
