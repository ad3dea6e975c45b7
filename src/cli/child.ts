import { spawn } from 'node:child_process'
import { NciError, reasonOf } from '../core/errors.ts'

/**
 * Runs a program on our terminal to its end and gives its exit code. Ctrl-C reaches it by itself; SIGTERM is handed on.
 *
 * @throws {NciError} `USAGE` where it cannot be started
 */
export function runInteractively(
  file: string,
  parameters: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, [...parameters], { stdio: 'inherit', env: { ...environment } })
    const forward = (): void => void child.kill('SIGTERM')
    process.on('SIGTERM', forward)
    child.once('error', (error) => {
      process.off('SIGTERM', forward)
      reject(
        new NciError('USAGE', {
          reason: `${file} cannot be run: ${reasonOf(error)}`,
          help: 'nci lab run --help',
        }),
      )
    })
    child.once('exit', (code, signal) => {
      process.off('SIGTERM', forward)
      resolve(code ?? (signal === 'SIGINT' ? 130 : 143))
    })
  })
}
