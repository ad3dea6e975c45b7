import { mkdirSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { ErrorCase } from '../error-cases.ts'

const quiet = { progress: undefined }

export const labCases: ErrorCase[] = [
  {
    code: 'LAB_FAILED',
    when: 'its configuration does not exist',
    run: (box) => box.run(['lab', 'start', '--config', join(box.folder, 'absent.json')], quiet),
    says: ['absent.json', '--config'],
  },
  {
    code: 'LAB_FAILED',
    when: 'its folder cannot be made',
    run(box) {
      const file = join(box.folder, 'occupied')
      writeFileSync(file, '')
      return box.run(['lab', 'start', '--folder', join(file, 'lab')], quiet)
    },
    says: ['occupied', '--folder'],
  },
  {
    code: 'LAB_FAILED',
    when: 'another one is running in its folder',
    // The lab of the box is.
    run: (box) => box.run(['lab', 'start', '--folder', box.folder], quiet),
    says: ['another one is running in the folder', '/environment', '--folder'],
  },
  {
    code: 'LAB_FAILED',
    when: 'its configuration has a name that no lab knows',
    run: (box) => {
      const file = join(box.folder, 'misspelt.json')
      writeFileSync(file, '{"fault": []}')
      return box.run(['lab', 'start', '--config', file], quiet)
    },
    says: ['misspelt.json', '`/fault` is not known here (did you mean `faults`?)', 'nci schema lab'],
  },
  {
    code: 'LAB_FAILED',
    when: 'its port is taken',
    async run(box) {
      const server = createServer()
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const { port } = server.address() as AddressInfo
      try {
        return await box.run(['lab', 'start', '--port', String(port)], quiet)
      } finally {
        server.close()
      }
    },
    says: ['EADDRINUSE', '--port'],
  },
  {
    code: 'LAB_QEMU_UNSUITABLE',
    when: 'there is no QEMU',
    run: (box) => {
      const folder = join(box.folder, 'no-qemu')
      mkdirSync(folder)
      return box.run(['lab', 'start', '--guests', 'qemu', '--qemu-programs', folder], quiet)
    },
    says: ['there is no qemu-system-', 'no-qemu', '--qemu-programs'],
  },
  {
    code: 'LAB_QEMU_UNSUITABLE',
    when: 'QEMU is too old',
    run: (box) => {
      const folder = join(box.folder, 'old-qemu')
      mkdirSync(folder)
      for (const architecture of ['x86_64', 'aarch64']) {
        const version = 'QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18)'
        const program = join(folder, `qemu-system-${architecture}`)
        writeFileSync(program, `#!/bin/sh\necho '${version}'\n`, { mode: 0o755 })
      }
      return box.run(['lab', 'run', '--guests', 'qemu', '--qemu-programs', folder, '--', 'true'], quiet)
    },
    says: ['old-qemu/qemu-system-', 'is version 7.2.22', 'QEMU 10 or newer'],
  },
  {
    code: 'USAGE',
    when: 'the lab is to run no command',
    run: (box) => box.run(['lab', 'run'], quiet),
    says: ['nci lab run --help'],
  },
]
