import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { NciError } from '../../src/core/errors.ts'
import type { Step } from '../../src/core/step.ts'
import { isoUpload } from '../../src/steps/iso/upload.ts'
import { vmCreate } from '../../src/steps/vm/create.ts'
import { vmDestroy } from '../../src/steps/vm/destroy.ts'
import { vmDetach } from '../../src/steps/vm/detach.ts'
import { vmStart } from '../../src/steps/vm/start.ts'
import { type StepsOnLab, stepsOnLab } from '../support/steps.ts'

const spec = { name: 'web1', vmid: 100, disks: [{ size: '1G' }] }
/** May see everything, and change nothing. */
const auditor = { api_token_id: 'auditor@pve!t', api_token_secret: 's' }
/** May also put files on storages. */
const keeper = { ...auditor, api_token_id: 'keeper@pve!t' }

let lab: StepsOnLab
let url: string
const server = createServer((_, response) => response.writeHead(200, { 'content-length': 5 }).end())

beforeAll(async () => {
  lab = await stepsOnLab({
    users: [{ id: 'auditor@pve' }, { id: 'keeper@pve' }],
    tokens: [auditor, keeper].map((one) => ({
      id: one.api_token_id,
      secret: 's',
      privilegeSeparation: false,
    })),
    acl: [
      { path: '/', id: 'auditor@pve', role: 'PVEAuditor' },
      { path: '/', id: 'keeper@pve', role: 'PVEAuditor' },
      { path: '/storage', id: 'keeper@pve', role: 'PVEDatastoreAdmin' },
    ],
  })
  await lab.run(vmCreate, spec)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.iso`
})
afterAll(async () => {
  server.close()
  await lab[Symbol.asyncDispose]()
})

const viaProxmox = () => ({ via: 'proxmox', url, checksum: 'a'.repeat(64) })
// biome-ignore lint/suspicious/noExplicitAny: steps of several kinds
type Row = [string, Step<any>, () => Record<string, unknown>, RegExp, RegExp]

test.each<Row>([
  // Of a check that looks at the VM and at its pool Proxmox does not say what it wants.
  ['create', vmCreate, () => ({ name: 'web2' }), /create the VM 101/, /^`nci doctor`/],
  ['update', vmCreate, () => ({ ...spec, memory: 4096 }), /VM 100/, /VM\.Config\.Memory .*on \/vms\/100\./],
  ['start', vmStart, () => ({ vmid: 100 }), /start the VM 100/, /lacks VM\.PowerMgmt on \/vms\/100\./],
  ['detach', vmDetach, () => ({ vmid: 100 }), /VM 100/, /VM\.Config\.CDROM .*on \/vms\/100\./],
  ['destroy', vmDestroy, () => ({ vmid: 100 }), /VM 100/, /lacks VM\.Allocate on \/vms\/100\./],
  [
    'upload via Proxmox',
    isoUpload,
    viaProxmox,
    /download a-\w+\.iso to storage local/,
    /lacks Datastore\.AllocateTemplate on \/storage\/local\./,
  ],
  [
    'upload via Proxmox, with the right to upload',
    isoUpload,
    () => ({ ...keeper, ...viaProxmox() }),
    /download a-\w+\.iso to storage local/,
    /needs Datastore\.AllocateTemplate on \/storage\/local and Sys\.AccessNetwork on \/nodes\/pve\./,
  ],
])(
  'a user who may only look is told at %s what is missing for what',
  async (_, step, input, request, lack) => {
    const error: NciError = await lab.run(step, { ...auditor, ...input() }).then(
      ({ output }) => expect.fail(`it succeeded: ${JSON.stringify(output)}`),
      (thrown) => thrown,
    )
    expect(error.code, error.stack).toBe('PVE_FORBIDDEN')
    expect(error.message).toMatch(request)
    expect(error.hint).toMatch(lack)
    expect(error.hint).toContain('nci doctor')
  },
)
