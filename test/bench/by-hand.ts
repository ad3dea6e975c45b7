import type { Sandbox } from '../../src/lab/sandbox.ts'
import type { Command } from './measure.ts'

/** One VM's life as a person writes it with curl: each request a process, tasks asked for five times a second. */
const script = `set -eu
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

export function byHand({ lab }: Sandbox, vmid: number): Command {
  const environment = {
    URL: `https://127.0.0.1:${lab.port}/api2/json`,
    TOKEN: `${lab.tokenId}=${lab.tokenSecret}`,
    VMID: String(vmid),
  }
  return { file: 'sh', arguments: ['-c', script], environment }
}
