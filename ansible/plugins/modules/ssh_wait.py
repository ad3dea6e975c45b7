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
module: ssh_wait
short_description: Wait until the guest can be logged in to
description:
  - Finds the address; waits for TCP, banner, host key, key login, the installer itself, and its cloud-init.
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
  timeout:
    description:
      - Seconds that the whole step may take.
    type: float
    default: 600
  expect:
    description:
      - 'What must answer: the installer, an installed system, or anything.'
    type: str
    choices:
      - installer
      - system
      - any
    default: installer
  system:
    description:
      - Store path that C(/run/current-system) must be, for O(expect=system).
    type: str
  cloud_init_timeout:
    description:
      - Seconds that cloud-init of the installer may take after the login; then there is a warning.
    type: float
    default: 120
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
- name: The installer of a VM
  nixos.cloud_init_installer.ssh_wait:
    vmid: 101
- name: A machine by address
  nixos.cloud_init_installer.ssh_wait:
    ssh_host: 192.0.2.21
    expect: any
"""

RETURN = r"""
---
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
user:
  description:
    - User.
  returned: success
  type: str
host_key:
  description:
    - Its public host key.
  returned: success
  type: str
host_key_source:
  description:
    - How the host key was known.
  returned: success
  type: str
proof:
  description:
    - 'What shows that it is the guest: a login, or for want of a key only the host key that was expected.'
  returned: success
  type: str
facts:
  description:
    - What the guest says of itself, where it was logged in to.
  returned: when known
  type: dict
  contains:
    hostname:
      description:
        - Host name.
      returned: success
      type: str
    os:
      description:
        - C(PRETTY_NAME) of its os-release.
      returned: success
      type: str
    installer:
      description:
        - Whether it is a NixOS installer running from memory.
      returned: success
      type: bool
    uuid:
      description:
        - DMI product UUID.
      returned: when known
      type: str
    system:
      description:
        - C(/run/current-system).
      returned: when known
      type: str
    boot_id:
      description:
        - Id of this boot.
      returned: when known
      type: str
    architecture:
      description:
        - Machine type that the kernel names.
      returned: when known
      type: str
    memory_mib:
      description:
        - Memory in MiB.
      returned: when known
      type: int
    cloud_init:
      description:
        - How far cloud-init is.
      returned: success
      type: str
    cloud_init_errors:
      description:
        - What cloud-init failed of.
      returned: when known
      type: list
      elements: str
seconds:
  description:
    - Seconds waited.
  returned: success
  type: float
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
    run_module("ssh.wait")


if __name__ == "__main__":
    main()
