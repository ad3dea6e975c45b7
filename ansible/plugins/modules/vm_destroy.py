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
module: vm_destroy
short_description: Destroy the VM
description:
  - 'Destroys a VM with its disks: only one that this tool created, unless told otherwise.'
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
  timeout:
    description:
      - Seconds that the whole step may take.
    type: float
    default: 900
  force:
    description:
      - Also a VM that this tool did not create.
    type: bool
    default: false
  stop:
    description:
      - Stop it first, where it runs.
    type: bool
    default: false
  expected_uuid:
    description:
      - 'DMI product UUID that the VM must have: ids are given anew, UUIDs are not.'
    type: str
  unreferenced:
    description:
      - >-
        Also destroy volumes on the node's storages that carry the VM's id and that its configuration does not
        name.
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
- name: By name
  nixos.cloud_init_installer.vm_destroy:
    name: web1
"""

RETURN = r"""
---
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
name:
  description:
    - Name.
  returned: when known
  type: str
existed:
  description:
    - Whether there was such a VM.
  returned: success
  type: bool
volumes:
  description:
    - Volumes that went with it.
  returned: success
  type: list
  elements: str
unreferenced:
  description:
    - 'Volumes that carry the VM''s id and that its configuration did not name: left alone unless asked.'
  returned: when known
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
    run_module("vm.destroy")


if __name__ == "__main__":
    main()
