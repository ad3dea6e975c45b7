import { writeFileSync } from 'node:fs'
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
    code: 'USAGE',
    when: 'the lab is to run no command',
    run: (box) => box.run(['lab', 'run'], quiet),
    says: ['nci lab run --help'],
  },
]
