import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { finished, send } from '../../lab/api-client.ts'
import { type Box, writeIso } from '../../support/lab.ts'
import type { ErrorCase } from '../error-cases.ts'

const create = (box: Box, input: Readonly<Record<string, unknown>>) => box.run(['vm', 'create'], { input })

/** A VM that this tool created. */
async function own(box: Box, name: string, more: Readonly<Record<string, unknown>> = {}): Promise<number> {
  const { document } = await create(box, { name, disks: [{ size: '1G' }], ...more })
  if (!document.ok) throw new Error(document.error.message)
  return document.output.vmid
}

/** A VM that somebody else created. */
async function foreign(box: Box, vmid: number, name: string): Promise<void> {
  const { body } = await send(box.lab, 'POST', '/nodes/pve/qemu', { form: { vmid, name, memory: 512 } })
  await finished(box.lab, body.data)
}

/** Changes settings as root does: some are not for tokens. */
async function configure(box: Box, vmid: number, form: Record<string, string | number>): Promise<void> {
  const { user: username, password } = box.lab
  const { body } = await send(box.lab, 'POST', '/access/ticket', {
    headers: {},
    form: { username, password },
  })
  const { ticket, CSRFPreventionToken } = body.data
  const headers = { cookie: `PVEAuthCookie=${ticket}`, csrfpreventiontoken: CSRFPreventionToken }
  const { status, reason } = await send(box.lab, 'PUT', `/nodes/pve/qemu/${vmid}/config`, { headers, form })
  if (status !== 200) throw new Error(reason)
}

const twoNodes = { nodes: [{ name: 'pve1' }, { name: 'pve2' }] }
const small = 64 * 1024

export const clusterCases: ErrorCase[] = [
  {
    code: 'PVE_NODE_UNKNOWN',
    when: 'the node is not in the cluster',
    run: (box) => create(box, { name: 'a', node: 'pve9' }),
    says: ['pve9', /has pve\b/],
  },
  {
    code: 'PVE_ROOT_REQUIRED',
    when: 'a token is to set an option that only root may set',
    run: (box) => create(box, { name: 'arm1', architecture: 'aarch64' }),
    says: ['`arch`', /!\w+ is not allowed/, '`root@pam`', '`api_password`'],
  },
  {
    code: 'PVE_NODE_REQUIRED',
    when: 'there are several nodes and none is chosen',
    sandbox: twoNodes,
    run: (box) => create(box, { name: 'a' }),
    says: ['pve1, pve2'],
  },
  {
    code: 'PVE_NODE_OFFLINE',
    when: 'the chosen node is off',
    async before({ lab }) {
      const data = [
        { type: 'node', node: 'pve1', status: 'online' },
        { type: 'node', node: 'pve2', status: 'offline' },
      ]
      const answer = { status: 200, reason: 'OK', body: JSON.stringify({ data }) }
      lab.faults.add({ path: '/cluster/resources', action: { answer } })
    },
    run: (box) => create(box, { name: 'a', node: 'pve2' }),
    says: ['pve2'],
  },
  {
    code: 'PVE_NODE_OFFLINE',
    when: 'the chosen node does not answer the one that is asked',
    async before({ lab }) {
      const answer = { status: 595, reason: 'No route to host', body: '' }
      lab.faults.add({ path: '/nodes/pve/**', action: { answer } })
    },
    run: (box) => create(box, { name: 'a', node: 'pve' }),
    says: ['pve'],
  },
  {
    code: 'PVE_STORAGE_UNKNOWN',
    when: 'the node has no such storage',
    run: (box) => create(box, { name: 'a', storage: 'ceph' }),
    says: ['ceph', 'local, local-lvm', '`storage`'],
  },
  {
    code: 'PVE_STORAGE_CONTENT',
    when: 'the storage takes no ISOs',
    run: (box) =>
      box.run(['iso', 'upload'], {
        input: { path: join(box.folder, 'installer.iso'), storage: 'local-lvm' },
      }),
    says: ['iso', 'pvesm set local-lvm --content', /does: local\b/],
  },
  {
    code: 'PVE_STORAGE_FULL',
    when: 'the storage has no room for the ISO',
    sandbox: { storages: [{ id: 'local', content: ['iso'], totalBytes: small }] },
    run: (box) => box.run(['iso', 'upload'], { input: { path: join(box.folder, 'installer.iso') } }),
    says: ['64.0 KiB', '128.0 KiB'],
  },
  {
    code: 'PVE_STORAGE_FULL',
    when: 'the storage fills up while the ISO arrives',
    changes: true,
    async before({ lab }) {
      lab.faults.add({ task: 'imgcopy', action: { fail: "cp: error writing 'x': No space left on device" } })
    },
    run: (box) => box.run(['iso', 'upload'], { input: { path: join(box.folder, 'installer.iso') } }),
    says: ['`local` of node `pve` has too little room: cp: error writing', /^(?!.*needed)/],
  },
  {
    code: 'PVE_STORAGE_FULL',
    when: 'the storage has no room for the drives of a VM, which its task runs into',
    changes: true,
    before: async ({ lab }) => void lab.faults.add({ storageFull: 'local-lvm' }),
    run: (box) => create(box, { name: 'roomless', disks: [{ size: '1G' }] }),
    says: [
      '`local-lvm` of node `pve` has too little room: unable to create VM',
      'No space left on device',
      'set `storage` to another',
    ],
  },
  {
    code: 'PVE_STORAGE_FULL',
    when: 'one of several storages is too small for a disk of thick LVM',
    changes: true,
    sandbox: {
      storages: [
        { id: 'local', content: ['iso', 'images'] },
        { id: 'tiny', content: ['images'], totalBytes: small },
      ],
    },
    async before({ lab }) {
      lab.faults.add({ task: 'qmcreate', action: { fail: 'not enough free space (65536 < 1073741824)' } })
    },
    run: (box) =>
      create(box, { name: 'a', storage: 'local', disks: [{ size: '1G' }, { size: '1G', storage: 'tiny' }] }),
    says: ['`tiny` of node `pve` has too little room: not enough free space', 'set `disks` to another'],
  },
  {
    code: 'PVE_TEMP_FULL',
    when: 'the node has no room to take the ISO in',
    async before({ lab }) {
      const data = { rootfs: { avail: small, total: 2 * small } }
      const answer = { status: 200, reason: 'OK', body: JSON.stringify({ data }) }
      lab.faults.add({ path: '/nodes/pve/status', action: { answer } })
    },
    run: (box) =>
      box.run(['iso', 'upload'], { input: { path: writeIso(join(box.folder, 'roomy.iso'), 'roomy') } }),
    says: ['64.0 KiB', '128.0 KiB', '/var/tmp', '`via: proxmox`'],
  },
  {
    code: 'PVE_UPLOAD_BROKEN',
    when: 'something cuts the upload each time',
    changes: true,
    async before({ lab }) {
      lab.faults.add({ path: '/nodes/*/storage/*/upload', action: { drop: 'upload', bytes: small } })
    },
    run: (box) =>
      box.run(['iso', 'upload'], { input: { path: writeIso(join(box.folder, 'cut.iso'), 'cut') } }),
    says: ['3 times', '`local`', 'https://127.0.0.1'],
  },
  {
    code: 'PVE_FORBIDDEN',
    when: 'the user may not upload, which is told before anything is sent',
    sandbox: {
      users: [{ id: 'u@pve' }],
      tokens: [{ id: 'u@pve!t', secret: 's', privilegeSeparation: false }],
      acl: [{ path: '/storage', id: 'u@pve', role: 'PVEDatastoreUser' }],
    },
    run(box) {
      const connection = { api_token_id: 'u@pve!t', api_token_secret: 's' }
      return box.run(['iso', 'upload'], { input: { ...connection, path: box.host.iso_path } })
    },
    says: [
      'upload to the storage local',
      'u@pve!t lacks Datastore.AllocateTemplate on /storage/local',
      'nci doctor',
    ],
  },
  {
    code: 'PVE_DOWNLOAD_FAILED',
    when: 'nobody serves the URL that Proxmox is to fetch',
    changes: true,
    run: (box) =>
      box.run(['iso', 'upload'], {
        input: { via: 'proxmox', url: 'http://127.0.0.1:9/a.iso?token=hidden', checksum: 'a'.repeat(64) },
      }),
    says: ['http://127.0.0.1:9/a.iso?…', 'refused'],
  },
  {
    code: 'ISO_FILE_CHANGED',
    when: 'the file is written to while it is sent',
    changes: true,
    sandbox: { latency: { uploadBytesPerSecond: 16 * 1024 * 1024 } },
    async run(box) {
      const path = writeIso(join(box.folder, 'growing.iso'), 'growing', 32 * 1024 * 1024)
      const run = box.start(['iso', 'upload'], { input: { path } })
      await run.until((line) => line.phase?.startsWith('uploading') === true)
      appendFileSync(path, 'more')
      return run.ended
    },
    says: ['growing.iso'],
  },
  {
    code: 'PVE_ISO_MISSING',
    when: 'the ISO is not on the storage',
    run: (box) => create(box, { name: 'a', iso: 'local:iso/absent.iso' }),
    says: ['absent.iso', 'nci iso upload'],
  },
  {
    code: 'PVE_FILE_DIFFERS',
    when: 'another file has the chosen name',
    async before(box) {
      const path = writeIso(join(box.folder, 'other.iso'), 'other', 256 * 1024)
      await box.run(['iso', 'upload'], { input: { path, filename: 'taken.iso' } })
    },
    run: (box) =>
      box.run(['iso', 'upload'], {
        input: { path: join(box.folder, 'installer.iso'), filename: 'taken.iso' },
      }),
    says: ['taken.iso', 'replace'],
  },
  {
    code: 'PVE_ISO_IN_USE',
    when: 'a VM has the file inserted that is to be replaced',
    async before(box) {
      const path = writeIso(join(box.folder, 'used.iso'), 'used', 256 * 1024)
      await box.run(['iso', 'upload'], { input: { path, filename: 'used.iso' } })
      const form = { vmid: 210, name: 'reader', memory: 512, ide2: 'local:iso/used.iso,media=cdrom' }
      const { body } = await send(box.lab, 'POST', '/nodes/pve/qemu', { form })
      await finished(box.lab, body.data)
    },
    run: (box) =>
      box.run(['iso', 'upload'], {
        input: { path: join(box.folder, 'installer.iso'), filename: 'used.iso', replace: true },
      }),
    says: ['used.iso', 'VM 210 (reader)', '`filename`'],
  },
  {
    code: 'PVE_BRIDGE_UNKNOWN',
    when: 'the node has no such bridge',
    run: (box) => create(box, { name: 'a', networks: [{ bridge: 'vmbr7' }] }),
    says: ['vmbr7', 'vmbr0'],
  },
  {
    code: 'PVE_VM_NOT_FOUND',
    when: 'there is no VM of that name',
    run: (box) => box.run(['vm', 'start', '--name', 'nobody']),
    says: ['nobody'],
  },
  {
    code: 'PVE_VM_AMBIGUOUS',
    when: 'two VMs have the name',
    async before(box) {
      await foreign(box, 201, 'twin')
      await foreign(box, 202, 'twin')
    },
    run: (box) => box.run(['vm', 'start', '--name', 'twin']),
    says: ['201, 202', '`vmid`'],
  },
  {
    code: 'PVE_VM_FOREIGN',
    when: 'the VM to be destroyed is somebody else’s',
    before: (box) => foreign(box, 203, 'theirs'),
    run: (box) => box.run(['vm', 'destroy', '--name', 'theirs']),
    says: ['203', 'theirs', 'force: true'],
  },
  {
    code: 'PVE_VM_FOREIGN',
    when: 'the name of the host to be provisioned is taken by somebody else’s VM',
    before: (box) => foreign(box, 204, 'web9'),
    run: (box) => box.run(['provision'], { input: { ...box.host, name: 'web9' } }),
    says: ['204', 'web9'],
  },
  {
    code: 'PVE_NAME_UNCERTAIN',
    when: 'a node is down, and one of its VMs may have the name',
    sandbox: twoNodes,
    async before({ lab }) {
      const { body } = await send(lab, 'POST', '/nodes/pve2/qemu', { form: { vmid: 150, name: 'web1' } })
      await finished(lab, body.data)
      lab.faults.add({ nodeDown: 'pve2' })
    },
    run: (box) => create(box, { name: 'web1', node: 'pve1' }),
    says: ['web1', 'pve2', '150', '`vmid`'],
  },
  {
    code: 'PVE_VM_CHANGED',
    when: 'somebody else changes the VM between the look at it and the change',
    changes: true,
    async before(box) {
      await own(box, 'contested')
      const reason = 'checksum mismatch (file change by other user?)'
      box.lab.faults.add({
        method: 'PUT',
        path: '/nodes/*/qemu/*/config',
        action: { answer: { status: 500, reason } },
      })
    },
    run: (box) => create(box, { name: 'contested', disks: [{ size: '1G' }], memory: 4096 }),
    says: ['somebody else', 'again'],
  },
  {
    code: 'PVE_VM_HIDDEN',
    when: 'the VM to be destroyed is there, and the token may not see it',
    sandbox: {
      users: [{ id: 'blind@pve' }],
      tokens: [{ id: 'blind@pve!t', secret: 'of-no-use' }],
      acl: [{ path: '/storage', id: 'blind@pve', role: 'PVEDatastoreUser', propagate: true }],
    },
    before: (box) => foreign(box, 209, 'unseen'),
    run: (box) =>
      box.run(['vm', 'destroy', '--vmid', '209'], {
        environment: { PROXMOX_TOKEN_ID: 'blind@pve!t', PROXMOX_TOKEN_SECRET: 'of-no-use' },
      }),
    says: ['209', 'VM.Audit'],
  },
  {
    code: 'PVE_VMID_TAKEN',
    when: 'the chosen id is another VM’s',
    before: (box) => foreign(box, 205, 'older'),
    run: (box) => create(box, { name: 'newer', vmid: 205 }),
    says: ['205', 'older'],
  },
  {
    code: 'PVE_NAME_TAKEN',
    when: 'the name is that of a VM with another id than the chosen one',
    before: (box) => own(box, 'settled'),
    run: (box) => create(box, { name: 'settled', vmid: 207 }),
    says: ['settled', '207', 'Leave `vmid` out'],
  },
  {
    code: 'PVE_VMID_TAKEN',
    when: 'somebody else takes the chosen id in the last moment',
    changes: true,
    async before({ lab }) {
      lab.faults.add({ vmidRace: true, vmid: 206 })
    },
    run: (box) => create(box, { name: 'newer', vmid: 206 }),
    says: ['206', 'somebody-else'],
  },
  {
    code: 'PVE_VMID_RANGE_FULL',
    when: 'all ids of the range are taken',
    before: (box) => foreign(box, 300, 'only'),
    run: (box) => create(box, { name: 'another', vmid_min: 300, vmid_max: 300 }),
    says: ['300', 'vmid_max'],
  },
  {
    code: 'PVE_VM_LOCKED',
    when: 'a backup holds the VM',
    async before(box) {
      await configure(box, await own(box, 'busy'), { lock: 'backup' })
    },
    run: (box) => box.run(['vm', 'start', '--name', 'busy']),
    says: ['backup', 'qm unlock'],
  },
  {
    code: 'PVE_VM_PROTECTED',
    when: 'the VM to be destroyed is protected',
    async before(box) {
      await configure(box, await own(box, 'precious'), { protection: 1 })
    },
    run: (box) => box.run(['vm', 'destroy', '--name', 'precious']),
    says: ['qm set', '--protection 0'],
  },
  {
    code: 'PVE_VM_RUNNING',
    when: 'the VM to be destroyed runs',
    async before(box) {
      await own(box, 'alive')
      await box.run(['vm', 'start', '--name', 'alive'])
    },
    run: (box) => box.run(['vm', 'destroy', '--name', 'alive']),
    says: ['stop: true'],
  },
  {
    code: 'PVE_VM_NOT_RUNNING',
    when: 'the VM to install on is off',
    before: (box) => own(box, 'asleep'),
    run: (box) => box.run(['nixos', 'install'], { input: { name: 'asleep', flake: box.host.flake } }),
    says: ['nci vm start'],
  },
  {
    code: 'PVE_DETACH_INCOMPLETE',
    when: 'Proxmox says that it removed the drives and did not',
    changes: true,
    async before(box) {
      await own(box, 'sticky')
      const answer = { status: 200, reason: 'OK', body: '{"data":null}' }
      box.lab.faults.add({ method: 'PUT', path: '/nodes/*/qemu/*/config', action: { answer } })
    },
    run: (box) => box.run(['vm', 'detach', '--name', 'sticky']),
    says: ['ide0', 'nci vm detach'],
  },
  {
    code: 'PVE_STORAGE_UNKNOWN',
    when: 'the user may see no storage',
    async before(box) {
      const data = [{ type: 'node', node: 'pve', status: 'online' }]
      const answer = { status: 200, reason: 'OK', body: JSON.stringify({ data }) }
      box.lab.faults.add({ path: '/cluster/resources', action: { answer } })
    },
    run: (box) => create(box, { name: 'a' }),
    says: ['none that this user may see'],
  },
]
