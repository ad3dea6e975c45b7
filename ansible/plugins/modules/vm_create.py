#!/usr/bin/python
# -*- coding: utf-8 -*-

# Copyright (c) the nixos-cloud-init-installer contributors
# MIT License (see LICENSE or https://opensource.org/license/mit), or at your option
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: MIT OR GPL-3.0-or-later

# Generated from schemas/ by `npm run generate`; do not edit.

from __future__ import annotations

DOCUMENTATION = r"""
---
module: vm_create
short_description: Create the VM
description:
  - VM with disks, network cards, installer ISO and cloud-init drive.
  - >-
    The work is done on the controller, whatever the host of the play is, unless the task is delegated to
    another machine.
version_added: 0.1.0
author:
  - nixos-cloud-init-installer contributors (@AnarchoBooleanism)
extends_documentation_fragment:
  - nixos.cloud_init_installer.connection
  - nixos.cloud_init_installer.engine
  - nixos.cloud_init_installer.attributes
options:
  name:
    description:
      - Name of the VM, a DNS name; also the guest's host name while it is the installer.
    type: str
    required: true
  node:
    description:
      - Node to create the VM on. May be left out where the cluster has one node.
    type: str
  vmid:
    description:
      - 'Id of the VM. Unless given: the next free one.'
    type: int
  vmid_min:
    description:
      - Lowest id to choose where O(vmid) is not given.
    type: int
  vmid_max:
    description:
      - Highest id to choose where O(vmid) is not given.
    type: int
  architecture:
    description:
      - Architecture of the VM and of its installer ISO.
    type: str
    choices:
      - x86_64
      - aarch64
    default: x86_64
  cores:
    description:
      - CPU cores per socket.
    type: int
    default: 2
  sockets:
    description:
      - CPU sockets.
    type: int
    default: 1
  cpu:
    description:
      - >-
        CPU type, as Proxmox writes it. Unless given: C(x86-64-v2-AES), or C(host) for aarch64; a node of
        another architecture cannot do C(host), but C(max).
    type: str
  memory:
    description:
      - Memory in MiB. The installer needs about 1,500.
    type: int
    default: 2048
  balloon:
    description:
      - Least memory in MiB that ballooning leaves; 0 switches ballooning off.
    type: int
  machine:
    description:
      - Machine type, as Proxmox writes it.
    type: str
  bios:
    description:
      - >-
        Firmware. C(ovmf) gets an EFI disk, without Secure Boot keys unless O(secure_boot) asks for them.
        Unless given: C(seabios), or C(ovmf) for aarch64.
    type: str
    choices:
      - seabios
      - ovmf
  secure_boot:
    description:
      - >-
        Enrol Microsoft's and the distributions' keys in the EFI disk, which switches Secure Boot on. The
        installer is not signed and does not start then: only for VMs that boot something else first.
    type: bool
    default: false
  efi_storage:
    description:
      - Storage for the EFI disk, where it is not O(storage).
    type: str
  tpm:
    description:
      - Give the VM a TPM of this version.
    type: str
    choices:
      - v2.0
      - v1.2
  tpm_storage:
    description:
      - Storage for the TPM's state, where it is not O(storage).
    type: str
  scsi_controller:
    description:
      - SCSI controller.
    type: str
    choices:
      - virtio-scsi-single
      - virtio-scsi-pci
      - lsi
      - lsi53c810
      - megasas
      - pvscsi
    default: virtio-scsi-single
  os_type:
    description:
      - Kind of guest system, as Proxmox writes it.
    type: str
    default: l26
  storage:
    description:
      - Storage for disks, the EFI disk, the TPM's state and the cloud-init drive.
    type: str
    default: local-lvm
  cloud_init_storage:
    description:
      - Storage for the cloud-init drive, where it is not O(storage).
    type: str
  disks:
    description:
      - Disks, in order; the first is the one that boots.
    type: list
    elements: dict
    default:
      - size: 32G
    suboptions:
      size:
        description:
          - Size, in powers of 1024. An imported disk has its image's unless a larger one is given.
        type: str
      import_from:
        description:
          - Volume id of an image to fill the disk with, in place of an empty one.
        type: str
      storage:
        description:
          - Storage, where it is not the VM's O(storage).
        type: str
      bus:
        description:
          - Bus.
        type: str
        choices:
          - scsi
          - virtio
          - sata
        default: scsi
      format:
        description:
          - Format of the image, on storages that hold files.
        type: str
        choices:
          - raw
          - qcow2
          - vmdk
      discard:
        description:
          - Hand discards on to the storage.
        type: bool
        default: true
      ssd:
        description:
          - Present it as a solid-state disk.
        type: bool
      iothread:
        description:
          - Give it an I/O thread of its own.
        type: bool
      cache:
        description:
          - Cache mode.
        type: str
        choices:
          - none
          - writethrough
          - writeback
          - unsafe
          - directsync
      aio:
        description:
          - How QEMU does its input and output. Proxmox chooses unless told.
        type: str
        choices:
          - native
          - threads
          - io_uring
      backup:
        description:
          - Whether backups include it.
        type: bool
      replicate:
        description:
          - Whether storage replication includes it.
        type: bool
      serial:
        description:
          - Serial number that the guest sees.
        type: str
  networks:
    description:
      - 'Network cards, in order: C(eth0), C(eth1), … in the installer.'
    type: list
    elements: dict
    default:
      - bridge: vmbr0
        ip: dhcp
    suboptions:
      bridge:
        description:
          - Bridge or SDN vnet of the node.
        type: str
        default: vmbr0
      model:
        description:
          - Model of the card.
        type: str
        choices:
          - virtio
          - e1000
          - e1000e
          - rtl8139
          - vmxnet3
        default: virtio
      mac:
        description:
          - MAC address. Unless given, Proxmox makes one.
        type: str
      vlan:
        description:
          - VLAN tag.
        type: int
      mtu:
        description:
          - MTU; 1 takes the bridge's.
        type: int
      firewall:
        description:
          - Whether Proxmox's firewall guards it.
        type: bool
      link_down:
        description:
          - Whether the card is unplugged.
        type: bool
      queues:
        description:
          - Queues of a virtio card.
        type: int
      rate:
        description:
          - Most that passes through it, in MB a second.
        type: float
      trunks:
        description:
          - VLANs that pass through it tagged.
        type: str
      ip:
        description:
          - IPv4 address of the installer with its prefix length of 8 or more, or C(dhcp).
        type: str
      gateway:
        description:
          - IPv4 gateway.
        type: str
      ip6:
        description:
          - IPv6 address of the installer with its prefix length of 8 or more, C(dhcp), or C(auto) (SLAAC).
        type: str
      gateway6:
        description:
          - IPv6 gateway.
        type: str
  pool:
    description:
      - Resource pool to put the VM in.
    type: str
  tags:
    description:
      - Tags, besides the one that marks VMs of this tool.
    type: list
    elements: str
  description:
    description:
      - Notes for the VM, in Markdown. A line that marks VMs of this tool is added.
    type: str
  agent:
    description:
      - Whether the VM has the guest agent's device. Host keys are read through it.
    type: bool
    default: true
  serial_console:
    description:
      - Whether the VM has a serial console (C(qm terminal)).
    type: bool
    default: true
  vga:
    description:
      - Display, as Proxmox writes it.
    type: str
  onboot:
    description:
      - Whether the VM starts with its node.
    type: bool
  startup:
    description:
      - Start order, as Proxmox writes it.
    type: str
  options:
    description:
      - Any other option of Proxmox's VM configuration, as its API takes it.
    type: dict
  ci_user:
    description:
      - 'User that cloud-init gives the keys to. Unless given: root.'
    type: str
  ci_password:
    description:
      - >-
        Password that cloud-init sets. The installer takes logins by key only. Nobody can read it back: a VM
        that has one keeps it.
    type: str
  ssh_public_keys:
    description:
      - Public keys that may log in to the installer.
    type: list
    elements: str
  nameservers:
    description:
      - DNS servers. Unless given, the node's own.
    type: list
    elements: str
  search_domain:
    description:
      - 'DNS search domain: one; two break the host name in cloud-init.'
    type: str
  ci_upgrade:
    description:
      - Whether cloud-init upgrades packages; NixOS has none.
    type: bool
    default: false
  ci_type:
    description:
      - Format of the cloud-init drive. Proxmox chooses C(nocloud) for Linux.
    type: str
    choices:
      - nocloud
      - configdrive2
  ci_custom:
    description:
      - Files of your own in place of generated ones, as Proxmox's C(cicustom).
    type: str
  timeout:
    description:
      - Seconds that the whole step may take.
    type: float
    default: 3600
  iso:
    description:
      - Volume id of the installer ISO to put in the VM's drive.
    type: str
  cloud_init:
    description:
      - Whether the VM gets a cloud-init drive.
    type: bool
    default: true
  reattach:
    description:
      - Put the installer's drives back into a VM of ours that they were detached from.
    type: bool
    default: false
  boot_iso_first:
    description:
      - Boot the ISO before the first disk. Otherwise the ISO is booted as long as the disk is blank.
    type: bool
    default: false
notes:
  - >-
    The connection can be set once for all modules: C(module_defaults) with
    C(group/nixos.cloud_init_installer.proxmox).
seealso:
  - module: nixos.cloud_init_installer.provision
    description: All steps for one host.
"""

EXAMPLES = r"""
---
- name: A VM with a static address
  nixos.cloud_init_installer.vm_create:
    name: web1
    iso: local:iso/nixos.iso
    networks:
      - bridge: vmbr0
        ip: 192.0.2.21/24
        gateway: 192.0.2.1
"""

RETURN = r"""
---
vmid:
  description:
    - Id of the VM.
  returned: success
  type: int
node:
  description:
    - Node that has the VM.
  returned: success
  type: str
name:
  description:
    - Name.
  returned: success
  type: str
uuid:
  description:
    - DMI product UUID (C(smbios1)).
  returned: when known
  type: str
status:
  description:
    - Whether it runs.
  returned: success
  type: str
created:
  description:
    - Whether this run created it.
  returned: success
  type: bool
macs:
  description:
    - MAC addresses of its network cards, in order.
  returned: success
  type: list
  elements: str
pending:
  description:
    - Settings that take effect at the next start.
  returned: success
  type: list
  elements: str
engine_rc:
  description:
    - Exit code of the engine.
  returned: when known
  type: int
  sample: 0
error:
  description:
    - Why it failed; absent where it succeeded.
  returned: failure
  type: dict
  contains:
    code:
      description:
        - The stable code.
      returned: failure
      type: str
    message:
      description:
        - What went wrong, in a sentence.
      returned: failure
      type: str
    hint:
      description:
        - What to do.
      returned: failure
      type: str
    retryable:
      description:
        - Whether the same call may succeed later.
      returned: failure
      type: bool
    details:
      description:
        - The values behind the message.
      returned: failure
      type: dict
"""

from ansible_collections.nixos.cloud_init_installer.plugins.module_utils.module import run_module


def main():
    run_module("vm.create")


if __name__ == "__main__":
    main()
