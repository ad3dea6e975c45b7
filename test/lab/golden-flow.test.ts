import { existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { finished, send } from './api-client.ts'
import { newLab } from './new-lab.ts'

const recording = path.resolve(
  import.meta.dirname,
  '../../../shared/reference/pve/golden-provision-flow.json',
)

interface Exchange {
  readonly n: number
  readonly step: string
  readonly method: string
  readonly path: string
  readonly url_query: string
  readonly params: Record<string, string | number>
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: whatever was recorded
  readonly response: any
}

describe.skipIf(!existsSync(recording))('a recorded provisioning, replayed', () => {
  it('gets the answers that Proxmox gave', async () => {
    const { exchanges } = JSON.parse(readFileSync(recording, 'utf8')) as { exchanges: Exchange[] }
    const { lab, folder } = await newLab({
      tokens: [{ id: 'root@pam!bench', secret: 'secret' }],
      storages: [{ id: 'local', content: ['iso', 'images', 'import', 'snippets'] }],
    })
    const isos = path.join(folder, 'storage/local/template/iso')
    mkdirSync(isos, { recursive: true })
    for (const row of exchanges[2]?.response.data ?? []) {
      const file = path.join(isos, row.volid.replace('local:iso/', ''))
      writeFileSync(file, '')
      truncateSync(file, row.size)
    }
    await createOtherVm(lab)
    const headers = { authorization: 'PVEAPIToken=root@pam!bench=secret' }
    // Recorded values that are made anew each time, by what they are called here.
    const known = new Map<string, string>()
    for (const exchange of exchanges) {
      let given = `${exchange.path.replaceAll('%21', '!')}${exchange.url_query === '' ? '' : `?${exchange.url_query}`}`
      let form = exchange.params
      for (const [recorded, ours] of known) {
        given = given.replace(encodeURIComponent(recorded), encodeURIComponent(ours))
        form = Object.fromEntries(
          Object.entries(form).map(([key, value]) => [key, value === recorded ? ours : value]),
        )
      }
      const sendsForm = exchange.method === 'POST' || exchange.method === 'PUT'
      const answer = await send(lab, exchange.method, given, { headers, ...(sendsForm ? { form } : {}) })
      const recorded = exchange.response.data
      const upid = typeof answer.body?.data === 'string' && answer.body.data.startsWith('UPID:')
      if (upid) {
        known.set(recorded, answer.body.data)
        // The lab is faster than the recorded polls; the running state has a test of its own.
        await finished(lab, answer.body.data)
      }
      if (exchange.step === 'read digest') known.set(recorded.digest, answer.body.data.digest)
      expect(answer.status, exchange.step).toBe(exchange.status)
      expect(normalized(answer.body, exchange), `${exchange.n} ${exchange.step}`).toEqual(
        normalized(exchange.response, exchange),
      )
    }
  })
})

async function createOtherVm(lab: Parameters<typeof send>[0]): Promise<void> {
  const form = { vmid: 100, name: 'nixos1', memory: 768 }
  const answer = await send(lab, 'POST', '/nodes/pve/qemu', { form })
  await finished(lab, answer.body.data)
}

/** Without what differs from run to run, and with the task polls brought to their end. */
// biome-ignore lint/suspicious/noExplicitAny: whatever was recorded
function normalized(response: any, exchange: Exchange): any {
  let data = response.data
  if (/poll/.test(exchange.step) || exchange.path.endsWith('/status')) {
    const { exitstatus: _, status: __, ...task } = data
    data = task
  }
  if (/^(?:nodes|status after start)$/.test(exchange.step)) {
    // Measurements: their names count, not their values.
    const row = Array.isArray(data) ? data[0] : data
    return Object.keys(row).sort()
  }
  const volatile = /^(?:digest|smbios1|vmgenid|meta|pid|pstart|starttime|upid|ctime|fingerprint)$/
  const text = JSON.stringify(data, (key, value) => {
    if (volatile.test(key)) return '…'
    if (value !== null && typeof value === 'object' && volatile.test(value.key)) return { key: value.key }
    return value
  })
  const plain = text.replaceAll(/UPID:[^"]*/g, 'UPID').replaceAll(/BC:24:11:[0-9A-F:]{8}/g, 'MAC')
  const parsed = JSON.parse(plain)
  if (Array.isArray(parsed)) return sortRows(parsed)
  return { data: parsed, ...(exchange.path.endsWith('/log') ? {} : {}) }
}

/** Rows by what names them; the numbers of log lines have gaps in the recording. */
function sortRows(rows: Record<string, unknown>[]): unknown[] {
  return rows
    .map(({ n: _, ...row }) => row)
    .sort((a, b) => String(a.key ?? a.volid ?? '').localeCompare(String(b.key ?? b.volid ?? '')))
}
