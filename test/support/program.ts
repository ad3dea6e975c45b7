import { chmodSync, writeFileSync } from 'node:fs'

/** Writes an executable shell script and gives its path. */
export function writeProgram(file: string, script: string): string {
  writeFileSync(file, `#!/bin/sh\n${script}\n`)
  chmodSync(file, 0o755)
  return file
}
