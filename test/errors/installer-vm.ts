import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Box, End } from '../support/lab.ts'

/** A VM of this tool that runs the installer, made with the steps' own commands; gives its id. */
export async function installerVm(
  box: Box,
  name: string,
  address: string,
  { wait = true, beforeStart }: { wait?: boolean; beforeStart?: (vmid: number) => Promise<void> } = {},
): Promise<number> {
  const iso = succeeded(await box.run(['iso', 'upload'], { input: { path: box.host.iso_path } }))
  const vm = succeeded(
    await box.run(['vm', 'create'], {
      input: {
        name,
        iso: iso.output.volid,
        disks: [{ size: '4G' }],
        networks: [{ ip: `${address}/24`, gateway: '192.0.2.1' }],
        ssh_public_keys: [readFileSync(join(box.folder, 'id_ed25519.pub'), 'utf8').trim()],
      },
    }),
  )
  const { vmid } = vm.output
  await beforeStart?.(vmid)
  succeeded(await box.run(['vm', 'start'], { input: { vmid } }))
  if (wait) succeeded(await box.run(['ssh', 'wait'], { input: { vmid } }))
  return vmid
}

/** The document of a run that must have succeeded. */
export function succeeded(end: End): End['document'] {
  if (!end.document.ok) throw new Error(`${end.stdout}\n${end.stderr}`)
  return end.document
}
