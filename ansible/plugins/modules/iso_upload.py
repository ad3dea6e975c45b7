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
module: iso_upload
short_description: Put the ISO on a Proxmox storage
description:
  - A local ISO to a Proxmox storage; or have Proxmox fetch a URL itself.
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
  timeout:
    description:
      - Seconds that the whole step may take.
    type: float
    default: 7200
  path:
    description:
      - ISO file on this machine.
    type: path
  url:
    description:
      - URL of an ISO, for O(via=proxmox).
    type: str
  via:
    description:
      - 'Who sends it: this machine uploads the file, or Proxmox fetches the URL itself.'
    type: str
    choices:
      - engine
      - proxmox
    default: engine
  node:
    description:
      - >-
        Node whose storage it goes to. May be left out where the cluster has one node, or the storage is
        shared.
    type: str
  storage:
    description:
      - Storage with content type C(iso).
    type: str
    default: local
  filename:
    description:
      - >-
        Name on the storage. Unless given: the file's own name with the first twelve digits of its SHA-256, so
        that one name is always one content; and the same file under another name is used where Proxmox can
        verify it, which leaves a task in its list and is not done in check mode.
    type: str
  checksum:
    description:
      - >-
        SHA-256 of the file; Proxmox verifies it when the file has arrived. Unless given it is computed, which
        reads the file once more. Needed for O(via=proxmox).
    type: str
  replace:
    description:
      - >-
        Overwrite another file of the same name, unless a VM uses it. With O(via=proxmox) the old one is
        removed first, once the URL is known to answer: should the download fail then, neither is there.
    type: bool
    default: false
  url_validate_certs:
    description:
      - Whether Proxmox verifies the certificate of O(url).
    type: bool
    default: true
  prune:
    description:
      - >-
        Afterwards remove older versions of this ISO from the storage: files of the same name apart from
        versions and the digest at its end, as in C(installer-v2.10.0-x86_64-0123456789ab.iso). None that a VM
        of the cluster uses, snapshots and pending changes included; needs VM.Audit on /vms and
        Datastore.Allocate on the storage, otherwise nothing is removed.
    type: bool
    default: false
  prune_keep:
    description:
      - 'How many of the older versions O(prune) keeps: the newest ones.'
    type: int
    default: 0
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
- name: Upload to the only node
  nixos.cloud_init_installer.iso_upload:
    path: installer.iso
- name: To a storage that the nodes share
  nixos.cloud_init_installer.iso_upload:
    path: installer.iso
    storage: cephfs
- name: Let Proxmox fetch it, and remove older versions
  nixos.cloud_init_installer.iso_upload:
    via: proxmox
    url: https://example.org/installer-v2.10.0-x86_64.iso
    checksum: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    prune: true
    prune_keep: 1
"""

RETURN = r"""
---
volid:
  description:
    - Volume id of the ISO; of a file that somebody renamed where that is the same.
  returned: success
  type: str
  sample: local:iso/nixos-cloud-init-installer-v2.10.0-x86_64.iso
node:
  description:
    - Node whose storage it is on.
  returned: success
  type: str
storage:
  description:
    - Storage.
  returned: success
  type: str
name:
  description:
    - File name.
  returned: success
  type: str
size:
  description:
    - Bytes.
  returned: success
  type: int
sha256:
  description:
    - SHA-256, in hexadecimal.
  returned: when known
  type: str
uploaded:
  description:
    - Whether this run sent it, rather than finding it there.
  returned: success
  type: bool
pruned:
  description:
    - 'With C(prune): volume ids that were removed.'
  returned: when known
  type: list
  elements: str
kept:
  description:
    - 'With C(prune): other versions that were not removed.'
  returned: when known
  type: list
  elements: dict
  contains:
    volid:
      description:
        - Volume id.
      returned: success
      type: str
    reason:
      description:
        - Why it was not removed.
      returned: success
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
    run_module("iso.upload")


if __name__ == "__main__":
    main()
