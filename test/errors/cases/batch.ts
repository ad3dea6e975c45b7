import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Box } from '../../support/lab.ts'
import type { ErrorCase } from '../error-cases.ts'

/** Runs a command for the hosts of an inventory, each with its values besides those of the box's own host. */
function inventory(
  box: Box,
  words: readonly string[],
  hosts: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
) {
  const file = join(box.folder, `${randomUUID()}.yml`)
  const { name: _, networks: __, tags: ___, ...common } = box.host
  const entries = Object.entries(hosts).map(([name, values]) => [
    name,
    { nixos_vm: { ...common, ...values } },
  ])
  // JSON is YAML.
  writeFileSync(file, JSON.stringify({ all: { hosts: Object.fromEntries(entries) } }))
  return box.run([...words, '--inventory', file, '--inventory-reader', 'yaml'])
}

/** A VM that this tool created. */
async function own(box: Box, name: string): Promise<void> {
  const { document } = await box.run(['vm', 'create'], { input: { name, disks: [{ size: '1G' }] } })
  if (!document.ok) throw new Error(document.error.message)
}

export const batchCases: ErrorCase[] = [
  {
    code: 'BATCH_INVALID',
    when: 'the node of a host of an inventory has no such bridge',
    run: (box) => inventory(box, ['provision'], { a: { networks: [{ bridge: 'vmbr9' }] }, b: {} }),
    says: ['1 of 2 hosts', /are: a\b/, "--limit 'all:!a'"],
  },
  {
    code: 'HOST_CONFLICT',
    within: 'BATCH_INVALID',
    when: 'two hosts of an inventory want one id',
    run: (box) => inventory(box, ['provision'], { a: { vmid: 500 }, b: { vmid: 500 } }),
    says: ['a and b want the same VM id: 500', '`vmid`'],
  },
  {
    code: 'PVE_NODE_TOO_SMALL',
    within: 'BATCH_INVALID',
    when: 'a VM is to have more memory than its node',
    run: (box) => inventory(box, ['provision'], { a: { memory: 16_000_000 } }),
    says: ['`pve`', /GiB of memory in all/, '`memory`'],
  },
  {
    code: 'BATCH_FAILED',
    when: 'the VM of a host cannot be created',
    before: async ({ lab }) => lab.faults.add({ task: 'qmcreate', action: { fail: 'no space left' } }),
    run: (box) => inventory(box, ['provision'], { a: { vmid: 601 } }),
    changes: true,
    says: ['1 of 1 hosts', /failed: a\b/],
  },
  {
    code: 'LOG_FOLDER_UNUSABLE',
    when: 'the folder for the logs of the hosts is a file',
    run: (box) =>
      inventory(box, ['provision', '--log-dir', join(box.folder, 'installer.iso', 'logs')], {
        a: { vmid: 602 },
      }),
    says: ['installer.iso/logs', 'a part of its path is no folder.', '`--log-dir`'],
  },
  {
    code: 'LOG_FOLDER_UNUSABLE',
    when: 'no folder for the logs of the hosts can be made there',
    run: (box) => inventory(box, ['provision', '--log-dir', '/proc/absent/logs'], { a: { vmid: 602 } }),
    says: ['/proc/absent/logs', 'there is no such file or folder', '`--log-dir`'],
  },
  {
    code: 'REPORT_UNWRITABLE',
    when: 'the report of a batch is to go to a folder that is not there',
    run: (box) => inventory(box, ['provision', '--report-file', '/nonexistent/report.json'], { a: {} }),
    says: ['/nonexistent/report.json', '`report_file`'],
  },
  {
    code: 'REPORT_UNWRITABLE',
    when: 'the report of a batch is to go to a file with something else in it',
    run: (box) =>
      inventory(box, ['provision', '--report-file', join(box.folder, 'installer.iso')], { a: {} }),
    says: ['installer.iso', 'no report of an earlier batch', 'a new file'],
  },
  {
    code: 'TEARDOWN_UNCONFIRMED',
    when: 'nobody can be asked whether VMs may go',
    before: (box) => own(box, 'asked'),
    run: (box) => inventory(box, ['vm', 'destroy'], { asked: {} }),
    says: ['1 VM would go', '`--yes`', '`--check`'],
  },
  {
    code: 'TEARDOWN_FAILED',
    when: 'the VM of a host cannot be destroyed',
    changes: true,
    async before(box) {
      await own(box, 'stuck')
      box.lab.faults.add({ task: 'qmdestroy', action: { fail: 'volume is in use' } })
    },
    run: (box) => inventory(box, ['vm', 'destroy', '--yes'], { stuck: {}, nobody: {} }),
    says: ['1 of 2 hosts', 'stuck', '`details.report`'],
  },
]
