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
module: nixos_install
short_description: Install NixOS with nixos-anywhere
description:
  - 'Runs nixos-anywhere: guarded, bounded, with phases.'
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
  vmid:
    description:
      - Id of the VM.
    type: int
  name:
    description:
      - Name of the VM; without O(vmid) it must be unique on the cluster, with it both must fit.
    type: str
  node:
    description:
      - Node that has the VM. Found by asking the cluster unless given.
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
  timeout:
    description:
      - Seconds that the whole step may take.
    type: float
    default: 7200
  reboot:
    description:
      - Reboot into the new system. Without it the installer stays up, the new system unmounted.
    type: bool
    default: true
  expected_uuid:
    description:
      - DMI product UUID the target must have. Read from the VM's configuration unless given.
    type: str
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
- name: A host of a flake
  nixos.cloud_init_installer.nixos_install:
    vmid: 101
    flake: .#web1
- name: Wipe and install again
  nixos.cloud_init_installer.nixos_install:
    name: web1
    flake: .#web1
    reinstall: true
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
host:
  description:
    - Address.
  returned: success
  type: str
port:
  description:
    - Port.
  returned: success
  type: int
system:
  description:
    - Store path of the installed system.
  returned: when known
  type: str
host_key:
  description:
    - Public SSH host key of the installed system, where known.
  returned: when known
  type: str
known_hosts:
  description:
    - Lines for a known_hosts file.
  returned: success
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
rebooted:
  description:
    - Whether it runs the new system now.
  returned: success
  type: bool
phases:
  description:
    - Its phases with their times.
  returned: success
  type: list
  elements: dict
  contains:
    phase:
      description:
        - nixos-anywhere's phase.
      returned: success
      type: str
    seconds:
      description:
        - Seconds.
      returned: success
      type: float
nixos_anywhere:
  description:
    - The nixos-anywhere that was used.
  returned: when known
  type: dict
  contains:
    program:
      description:
        - Path, or the flake that was run.
      returned: success
      type: str
    version:
      description:
        - Version, where it can be told.
      returned: when known
      type: str
log_file:
  description:
    - The complete log.
  returned: when known
  type: str
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
    run_module("nixos.install")


if __name__ == "__main__":
    main()
