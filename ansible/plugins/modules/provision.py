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
module: provision
short_description: Provision a host, from nothing to NixOS
description:
  - 'All steps for one host: ISO, upload, VM, boot, installation, detach, proof.'
  - What is there already is kept, so that a run that failed or was stopped is carried on by the next one.
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
  iso_path:
    description:
      - ISO file on this machine.
    type: path
  iso_url:
    description:
      - URL of an ISO. Used where O(iso_path) is not given.
    type: str
  iso_release:
    description:
      - 'Release to download: its tag, or C(latest). Used where neither O(iso_path) nor O(iso_url) is given.'
    type: str
    default: latest
  iso_repository:
    description:
      - GitHub repository whose releases hold the ISOs.
    type: str
    default: AnarchoBooleanism/nixos-cloud-init-installer
  iso_checksum:
    description:
      - >-
        SHA-256 that the ISO must have. Unless given, a release's ISO is verified by the digest that GitHub
        states, or else by the release's C(SHA256SUMS).
    type: str
  cache_dir:
    description:
      - 'Folder for downloads. Unless given: C($XDG_CACHE_HOME/nixos-cloud-init-installer).'
      - If not given, the value of the environment variable E(NCI_CACHE_DIR) is used.
    type: path
  github_token:
    description:
      - 'Token for GitHub''s API: lifts its rate limit and opens private repositories.'
      - If not given, the value of the environment variable E(GITHUB_TOKEN) or E(GH_TOKEN) is used.
    type: str
  github_api_url:
    description:
      - GitHub's API; another for GitHub Enterprise.
      - If not given, the value of the environment variable E(GITHUB_API_URL) is used.
    type: str
    default: https://api.github.com
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
  ssh_host:
    description:
      - >-
        Address to log in to. Unless given: the static address of the first network, else what the guest agent
        reports.
    type: str
  ssh_port:
    description:
      - Port of the guest's SSH server.
    type: int
    default: 22
  ssh_user:
    description:
      - User to log in as.
    type: str
    default: root
  ssh_private_key_file:
    description:
      - >-
        Private key to log in with. Unless given: the first of C(~/.ssh/id_ed25519), C(id_ecdsa), C(id_rsa)
        that exists. An encrypted one without its passphrase is used through the agent, where that has it.
      - If not given, the value of the environment variable E(NCI_SSH_PRIVATE_KEY_FILE) is used.
    type: path
  ssh_private_key:
    description:
      - Private key to log in with, itself, in place of the file.
      - If not given, the value of the environment variable E(NCI_SSH_PRIVATE_KEY) is used.
    type: str
  ssh_private_key_passphrase:
    description:
      - Passphrase of the private key.
      - If not given, the value of the environment variable E(NCI_SSH_PRIVATE_KEY_PASSPHRASE) is used.
    type: str
  ssh_agent:
    description:
      - >-
        Whether the keys of the SSH agent (C(SSH_AUTH_SOCK)) log in: C(true) only they, C(false) never; unless
        given, where there is no key that can be opened.
    type: bool
  ssh_generate_key:
    description:
      - >-
        Log in to the installer with a key that is made for the run and never written to a file. For
        C(provision); the installed system knows only the keys of its flake, so without one of them it is
        proved by its host key alone.
    type: bool
    default: false
  ssh_host_key:
    description:
      - >-
        Public host key that the guest must show. Unless given it is read through the guest agent, or looked
        up in O(ssh_known_hosts_file); failing that, the first one seen is trusted, with a warning.
    type: str
  ssh_known_hosts_file:
    description:
      - File in which the guest's host key is looked up where the guest agent does not tell it.
      - If not given, the value of the environment variable E(NCI_SSH_KNOWN_HOSTS_FILE) is used.
    type: path
  ssh_host_key_checking:
    description:
      - >-
        What becomes of a guest whose host key is not known: C(strict) refuses it; C(accept-new) trusts the
        first one seen, with a warning. Unless given: as C(accept-new), after waiting longer for the guest
        agent to tell the key, and no secrets are handed over.
      - If not given, the value of the environment variable E(NCI_SSH_HOST_KEY_CHECKING) is used.
    type: str
    choices:
      - strict
      - accept-new
  ssh_address_map:
    description:
      - >-
        JSON file that says where guests are reached from here, for guests behind port forwards:
        C({"192.0.2.7:22": "127.0.0.1:2207"}); C(*) stands for all others. Read at each connection.
      - If not given, the value of the environment variable E(NCI_SSH_ADDRESS_MAP) is used.
    type: path
  ssh_proxy_jump:
    description:
      - >-
        Hosts to jump through on the way to the guest, as for OpenSSH's C(ProxyJump): they are logged in to by
        C(ssh) itself, as the user does it, and must do without asking anything. IPv6 addresses go into
        brackets. C(none): directly, whatever the configuration says. Unless given: as the configuration of
        OpenSSH says for the guest's address.
      - If not given, the value of the environment variable E(NCI_SSH_PROXY_JUMP) is used.
    type: str
  ssh_config_file:
    description:
      - >-
        Configuration of OpenSSH that says how the guest's address is reached (C(ProxyJump), C(ProxyCommand)).
        Unless given: the user's own; C(none): no configuration.
      - If not given, the value of the environment variable E(NCI_SSH_CONFIG_FILE) is used.
    type: path
  flake:
    description:
      - 'Flake and attribute of the system: C(nixosConfigurations.<attribute>) of the flake is installed.'
    type: str
  store_paths:
    description:
      - The system, already built, in place of O(flake).
    type: dict
    suboptions:
      disko_script:
        description:
          - C(config.system.build.diskoScript).
        type: str
        required: true
      system:
        description:
          - C(config.system.build.toplevel).
        type: str
        required: true
  build_on:
    description:
      - >-
        Where the system is built: on this machine (and its remote builders), or in the installer. C(auto): on
        this machine where its Nix can build for the VM's architecture, itself, by emulation or on a remote
        builder.
    type: str
    choices:
      - auto
      - local
      - remote
    default: auto
  disko_mode:
    description:
      - >-
        What disko does with the disks: C(disko) wipes, formats and mounts them; C(mount) only mounts what is
        on them, which must be this tool's own work, or O(reinstall) set. With O(store_paths): which of
        disko's scripts that one is.
    type: str
    choices:
      - disko
      - mount
    default: disko
  no_disko_deps:
    description:
      - >-
        Send disko's script without the partitioning tools that it needs: the installer has them. For machines
        with little memory. Has no effect with O(store_paths).
    type: bool
    default: false
  generate_hardware_config:
    description:
      - >-
        Look at the machine's hardware first and write what is found to a file of the flake. The system is
        then built afterwards, and not ahead.
    type: dict
    suboptions:
      backend:
        description:
          - The program that looks.
        type: str
        required: true
        choices:
          - nixos-facter
          - nixos-generate-config
      path:
        description:
          - File on this machine that is written.
        type: path
        required: true
  substitute_on_destination:
    description:
      - Let the installer fetch what it can from binary caches, instead of copying all from this machine.
    type: bool
    default: true
  use_machine_substituters:
    description:
      - >-
        Let the installer use the binary caches of the system's configuration too. Has an effect only where
        the system is not built ahead: O(build_on=remote), O(generate_hardware_config).
    type: bool
    default: true
  from_store:
    description:
      - >-
        Nix store that the system is copied from, in place of this machine's; nixos-anywhere calls it
        C(--from).
    type: str
  ssh_store_settings:
    description:
      - Settings of the store in the installer, as Nix sees it through SSH (C(nix help-stores)).
    type: list
    elements: str
  print_build_logs:
    description:
      - >-
        Print the whole logs of what is built in the installer; what is built on this machine is logged in any
        case.
    type: bool
    default: false
  show_trace:
    description:
      - Show the whole trace of a failed evaluation.
    type: bool
    default: false
  reinstall:
    description:
      - >-
        Install although the disks of the machine that runs the installer hold something. This wipes them,
        unless O(disko_mode) is C(mount). Needed for anything that this tool cannot know to be its own
        unfinished work: after another boot of the installer disks with a system, with other files, encrypted
        or in a pool; new volumes of thick LVM that show old data. A host that is installed already is left
        alone all the same.
    type: bool
    default: false
  extra_files:
    description:
      - Folder whose content is copied to the new system's root.
    type: path
  chown:
    description:
      - >-
        Owners of files and folders of the new system, recursively; those of O(extra_files) are root's
        otherwise.
    type: list
    elements: dict
    suboptions:
      path:
        description:
          - Path in the new system.
        type: str
        required: true
      owner:
        description:
          - 'Ids of user and group: names are not known yet.'
        type: str
        required: true
  disk_encryption_keys:
    description:
      - Key files for disko, put on the installer before it formats.
    type: list
    elements: dict
    suboptions:
      remote:
        description:
          - Path in the installer.
        type: str
        required: true
      local:
        description:
          - File on this machine.
        type: path
        required: true
  generate_host_key:
    description:
      - >-
        Make the new system's SSH host key here and ship it, so that the first login to it is verified.
        Without it, or where O(extra_files) has one, that key is kept.
    type: bool
    default: true
  host_key_file:
    description:
      - >-
        Private ed25519 key, without a passphrase, that becomes the new system's SSH host key, in place of one
        that is made. For hosts whose secrets are encrypted for a key that is kept elsewhere.
    type: path
  copy_host_keys:
    description:
      - Give the new system the installer's SSH host keys. Needs O(generate_host_key=false).
    type: bool
    default: false
  age_recipient:
    description:
      - State the age recipient of the new system's SSH host key in the result, for sops.
    type: bool
    default: false
  ssh_config:
    description:
      - State an entry for ~/.ssh/config in the result.
    type: bool
    default: false
  nixos_anywhere:
    description:
      - 'The nixos-anywhere program. Unless given: from PATH, else C(nix run) of the pinned version.'
      - If not given, the value of the environment variable E(NCI_NIXOS_ANYWHERE) is used.
    type: path
  ssh_options:
    description:
      - >-
        Options for the SSH connections of nixos-anywhere and Nix. Those that say whom to connect to, and how
        the host is verified, are not among them.
    type: list
    elements: str
  nix_options:
    description:
      - Options for Nix, name to value.
    type: dict
  silence_timeout:
    description:
      - Seconds that the installation may go without any output.
    type: float
    default: 1800
  log_file:
    description:
      - File that gets everything the installation prints, secrets masked; each run is appended.
    type: path
  system_ssh_user:
    description:
      - User to log in to the installed system as, where it is not O(ssh_user).
    type: str
  system_ssh_host:
    description:
      - Address of the installed system, where it is another than the installer's.
    type: str
  boot_timeout:
    description:
      - Seconds from a start or reboot to the login.
    type: float
    default: 600
  iso_storage:
    description:
      - Storage for the installer ISO.
    type: str
    default: local
  iso:
    description:
      - Volume id of an installer ISO that is on the storage already, in place of getting one.
    type: str
  install_timeout:
    description:
      - Seconds that the installation may take.
    type: float
    default: 7200
  timeout:
    description:
      - Seconds that the whole step may take.
    type: float
  detach:
    description:
      - >-
        How ISO and cloud-init drive go: C(cold) with the VM off between installer and system, C(hot) after
        the reboot, or C(keep).
    type: str
    choices:
      - cold
      - hot
      - keep
    default: cold
  on_failure:
    description:
      - What becomes of a VM that this run created, when a later step fails.
    type: str
    choices:
      - keep
      - destroy
    default: keep
  values:
    description:
      - >-
        Values of the host as dicts, as inventories have them: options that are neither of the connection nor
        of the run. Each is laid over the one before, the first over the other options: dicts are combined,
        lists and all else replaced.
    type: list
    elements: dict
notes:
  - >-
    The connection can be set once for all modules: C(module_defaults) with
    C(group/nixos.cloud_init_installer.proxmox).
seealso: []
"""

EXAMPLES = r"""
---
- name: A host, with the defaults for all else
  nixos.cloud_init_installer.provision:
    name: web1
    flake: .#web1
"""

RETURN = r"""
---
name:
  description:
    - Name.
  returned: success
  type: str
vmid:
  description:
    - Id of the VM.
  returned: when known
  type: int
node:
  description:
    - Node that has the VM.
  returned: when known
  type: str
host:
  description:
    - Address.
  returned: when known
  type: str
port:
  description:
    - Port.
  returned: when known
  type: int
user:
  description:
    - User.
  returned: when known
  type: str
system:
  description:
    - C(/run/current-system), as the host states it.
  returned: when known
  type: str
host_key:
  description:
    - Its public SSH host key.
  returned: when known
  type: str
known_hosts:
  description:
    - Lines for a known_hosts file.
  returned: when known
  type: list
  elements: str
system_state:
  description:
    - What C(systemctl is-system-running) says there, where it runs by now.
  returned: when known
  type: str
age_recipient:
  description:
    - age recipient of the host key, on request.
  returned: when known
  type: str
ssh_config:
  description:
    - Entry for ~/.ssh/config, on request.
  returned: when known
  type: str
steps:
  description:
    - The steps, in order.
  returned: success
  type: list
  elements: dict
  contains:
    step:
      description:
        - Step.
      returned: success
      type: str
    status:
      description:
        - How it ended.
      returned: success
      type: str
    seconds:
      description:
        - Seconds.
      returned: success
      type: float
    waited:
      description:
        - Seconds of them that it waited for other hosts of the batch.
      returned: when known
      type: float
    began:
      description:
        - Seconds after the start of the run.
      returned: success
      type: float
    diff:
      description:
        - What it changed or would change.
      returned: when known
      type: list
      elements: dict
seconds:
  description:
    - Seconds in all.
  returned: success
  type: float
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
    run_module("provision")


if __name__ == "__main__":
    main()
