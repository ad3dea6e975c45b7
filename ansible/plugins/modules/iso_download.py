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
module: iso_download
short_description: Get the installer ISO as a verified local file
description:
  - A GitHub release, a URL or a local path to a verified local file.
  - >-
    The work is done on the controller, whatever the host of the play is, unless the task is delegated to
    another machine.
version_added: 0.1.0
author:
  - nixos-cloud-init-installer contributors (@AnarchoBooleanism)
extends_documentation_fragment:
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
  timeout:
    description:
      - Seconds that the whole step may take.
    type: float
    default: 7200
  architecture:
    description:
      - Architecture of the release's ISO.
    type: str
    choices:
      - x86_64
      - aarch64
    default: x86_64
seealso:
  - module: nixos.cloud_init_installer.provision
    description: All steps for one host.
"""

EXAMPLES = r"""
---
- name: The newest release
  nixos.cloud_init_installer.iso_download:
    architecture: x86_64
- name: A given release for aarch64
  nixos.cloud_init_installer.iso_download:
    architecture: aarch64
    iso_release: v2.10.0
- name: A URL with its checksum
  nixos.cloud_init_installer.iso_download:
    iso_url: https://example.org/nixos.iso
    iso_checksum: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
"""

RETURN = r"""
---
path:
  description:
    - Absolute path of the file.
  returned: success
  type: str
name:
  description:
    - Its name.
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
  returned: success
  type: str
source:
  description:
    - What it was taken from.
  returned: success
  type: str
url:
  description:
    - Where it was downloaded from.
  returned: when known
  type: str
release:
  description:
    - The release's tag.
  returned: when known
  type: str
architecture:
  description:
    - Architecture.
  returned: when known
  type: str
verified_by:
  description:
    - What its SHA-256 was compared with.
  returned: success
  type: str
downloaded:
  description:
    - Whether this run fetched it, rather than finding it in the cache.
  returned: success
  type: bool
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
    run_module("iso.download")


if __name__ == "__main__":
    main()
