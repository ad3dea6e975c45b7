import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { openSandbox, type Sandbox } from '../../src/lab/sandbox.ts'
import { atMost, type Figure } from './figures.ts'
import { median } from './measure.ts'

const script = join(import.meta.dirname, 'life-run.ts')
const count = 10
const rounds = 3
const latency = { createMs: 2000, startMs: 1000, stopMs: 1000, destroyMs: 1000 }

/** Whole lives of VMs, side by side, against as many scripts that do the same with curl. */
export async function lives(): Promise<Figure[]> {
  await using sandbox = await openSandbox({ latency })
  const ratios: number[] = []
  for (let round = 0; round < rounds; round++) {
    const theirs = await timeOf(() =>
      Promise.all(Array.from({ length: count }, (_, index) => withCurl(sandbox, 200 + index))),
    )
    const ours = await timeOf(() => withEngine(sandbox))
    ratios.push(ours / theirs)
  }
  return [atMost(`${count} lives of VMs, the engine / as many curl scripts`, median(ratios), '×', 1.1)]
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

async function withEngine({ lab }: Sandbox): Promise<void> {
  const connection = {
    api_host: `127.0.0.1:${lab.port}`,
    api_token_id: lab.tokenId,
    api_token_secret: lab.tokenSecret,
    api_fingerprint: lab.fingerprint,
  }
  const documents = Array.from({ length: count }, (_, index) => ({
    ...connection,
    name: `life${index}`,
    vmid: 100 + index,
    disks: [{ size: '1G' }],
    networks: [{ ip: '192.0.2.21/24', gateway: '192.0.2.1' }],
  }))
  const env = { ...process.env, BENCH_DOCUMENTS: JSON.stringify(documents) }
  await promisify(execFile)(process.execPath, [script, 'whole'], { env })
}

/** As a person writes it: each request a process, tasks asked for five times a second. */
const life = `set -eu
api() { curl -sS --fail -k -H "Authorization: PVEAPIToken=$TOKEN" "$@"; }
run() {
  upid=$(api "$@" | sed 's/.*"data":"\\([^"]*\\)".*/\\1/')
  until api "$URL/nodes/pve/tasks/$upid/status" | grep -q '"status":"stopped"'; do sleep 0.2; done
}
vm="$URL/nodes/pve/qemu/$VMID"
api "$URL/cluster/resources" >/dev/null
run -d "vmid=$VMID" -d "name=curl$VMID" -d scsi0=local-lvm:1 -d ide0=local-lvm:cloudinit \\
  -d net0=virtio,bridge=vmbr0 --data-urlencode 'ipconfig0=ip=192.0.2.21/24,gw=192.0.2.1' "$URL/nodes/pve/qemu"
run -X POST "$vm/status/start"
run -X POST "$vm/status/stop"
api -X PUT -d delete=ide0,ipconfig0 "$vm/config" >/dev/null
run -X DELETE "$vm?purge=1"
`

async function withCurl({ lab }: Sandbox, vmid: number): Promise<void> {
  const env = {
    ...process.env,
    URL: `https://127.0.0.1:${lab.port}/api2/json`,
    TOKEN: `${lab.tokenId}=${lab.tokenSecret}`,
    VMID: String(vmid),
  }
  await promisify(execFile)('sh', ['-c', life], { env })
}
