"""What a script with proxmoxer does: the life of a VM, once with a token and once with a ticket."""

import io
import json
import os
import time

from proxmoxer import ProxmoxAPI
from proxmoxer.core import ResourceException

common = {
    "host": "127.0.0.1",
    "port": int(os.environ["LAB_PORT"]),
    "verify_ssl": os.environ["LAB_CERTIFICATE"],
}
by_token = ProxmoxAPI(
    user="root@pam", token_name="nci", token_value=os.environ["LAB_TOKEN_SECRET"], **common
)
by_ticket = ProxmoxAPI(user="root@pam", password=os.environ["LAB_PASSWORD"], **common)


def finished(api, upid):
    node = upid.split(":")[1]
    while True:
        status = api.nodes(node).tasks(upid).status.get()
        if status["status"] == "stopped":
            return status["exitstatus"]
        time.sleep(0.01)


def life(api):
    found = {}
    found["version"] = api.version.get()["release"]
    found["nodes"] = [node["node"] for node in api.nodes.get()]
    found["vmid"] = vmid = int(api.cluster.nextid.get())
    node = api.nodes("pve")
    options = {"name": "web1", "memory": 512, "scsi0": "local-lvm:1", "net0": "virtio,bridge=vmbr0", "agent": 1}
    found["created"] = finished(api, node.qemu.create(vmid=vmid, **options))
    vm = node.qemu(vmid)
    finished(api, vm.status.start.post())
    found["name"] = vm.config.get()["name"]
    found["running"] = vm.status.current.get()["status"]
    try:
        vm.agent("ping").post()
    except ResourceException as error:
        found["agent_error"] = f"{error.status_code} {error.status_message}: {error.content}"
    iso = io.BytesIO(b"x" * 100_000)
    iso.name = "small.iso"
    found["uploaded"] = finished(api, node.storage("local").upload.post(content="iso", filename=iso))
    found["iso_size"] = node.storage("local").content("local:iso/small.iso").get()["size"]
    found["stopped"] = finished(api, vm.status.stop.post())
    found["destroyed"] = finished(api, vm.delete(purge=1))
    finished(api, node.storage("local").content("local:iso/small.iso").delete())
    found["left"] = node.qemu.get() + node.storage("local").content.get()
    return found


def errors(api):
    found = {}
    api.access.users.create(userid="viewer@pve")
    secret = api.access.users("viewer@pve").token("read").create(privsep=0)["value"]
    viewer = ProxmoxAPI(user="viewer@pve", token_name="read", token_value=secret, **common)
    try:
        viewer.nodes("pve").qemu.create(vmid=100)
    except ResourceException as error:
        found["denied"] = f"{error.status_code} {error.status_message}"
    try:
        api.nodes("pve").qemu.create(vmid=100, cores=0)
    except ResourceException as error:
        found["invalid"] = error.errors
    return found


by_token_found = life(by_token)
assert by_token_found == life(by_ticket)
print(json.dumps({**by_token_found, **errors(by_token)}))
