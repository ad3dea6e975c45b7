import { copyFile, mkdir, open, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { failed } from '../api-error.ts'
import { digestOfFile } from '../download.ts'
import { type Checksum, checksumOf, targetOf } from '../file-target.ts'
import { pause } from '../latency.ts'
import type { Call, Routes } from '../router.ts'
import type { Storage } from '../storage.ts'
import type { TaskContext } from '../tasks.ts'
import type { ReceivedUpload } from '../upload.ts'

/** Files that clients bring. */
export const uploadRoutes: Routes = {
  'POST /nodes/{node}/storage/{storage}/upload': upload,
}

function upload(call: Call): string {
  const { cluster, identity, node, parameters } = call
  const storage = cluster.storages.get(node, parameters.text('storage'))
  const name = targetOf(
    storage,
    parameters.text('content'),
    parameters.text('filename'),
    (content) => `storage '${storage.id}' does not support '${content}' content`,
  )
  const received = call.upload
  if (received === undefined) throw failed('missing temporary file name')
  const checksum = checksumOf(parameters)
  const work = (task: TaskContext) => importUpload(call, storage, name, received, checksum, task)
  return cluster.tasks.start(node, 'imgcopy', '', identity.id, async (task) => {
    try {
      await work(task)
    } finally {
      await rm(received.file, { force: true })
    }
  })
}

async function importUpload(
  { cluster, node }: Call,
  storage: Storage,
  name: string,
  received: ReceivedUpload,
  checksum: Checksum | undefined,
  task: TaskContext,
): Promise<void> {
  task.log(`starting file import from: ${received.shownFile}`)
  if (name.startsWith('import/') && name.endsWith('.qcow2')) await checkQcow2(received, task)
  if (checksum !== undefined) {
    const got = await digestOfFile(received.file, checksum.algorithm)
    const right = got === checksum.value.toLowerCase()
    task.log(`calculating checksum...${right ? 'OK, checksum verified' : ''}`)
    if (!right) throw failed(`checksum mismatch: got '${got}' != expect '${checksum.value}'`)
  }
  const shown = storage.shownFile(name)
  task.log(`target node: ${node}`)
  task.log(`target file: ${shown}`)
  task.log(`file size is: ${received.size}`)
  task.log(`command: cp -- ${received.shownFile} ${shown}`)
  await pause(cluster.latency.copyMs, task.signal)
  const replaced = storage.find(name)?.used ?? 0
  if (received.size > storage.available + replaced) {
    throw failed(`import failed: cp: error writing '${shown}': No space left on device`)
  }
  await place(received.file, storage.fileOf(name))
  task.log('finished file import successfully')
}

async function checkQcow2(received: ReceivedUpload, task: TaskContext): Promise<void> {
  const handle = await open(received.file)
  const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0)
  await handle.close()
  if (buffer.toString('latin1') === 'QFI\xfb') return
  task.log(
    `command '/usr/bin/qemu-img info '--output=json' ${received.shownFile} -f qcow2' failed: exit code 1`,
  )
  throw failed(`qemu-img: Could not open '${received.shownFile}': Image is not in qcow2 format`)
}

/** Moves a file to its place; a copy where the folders are on different file systems. */
async function place(from: string, to: string): Promise<void> {
  await mkdir(path.dirname(to), { recursive: true })
  try {
    await rename(from, to)
  } catch {
    await copyFile(from, to)
  }
}
