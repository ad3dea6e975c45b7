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
module: iso_build
short_description: Build the installer ISO with Nix
description:
  - Builds the installer ISO from a flake with Nix, for either architecture.
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
  timeout:
    description:
      - Seconds that the whole step may take. An emulated build may take hours.
    type: float
    default: 14400
  flake:
    description:
      - >-
        Flake that has the installer, with C(#ATTRIBUTE) in place of O(attribute) if liked. Unless given: this
        project's, from the checkout that this program runs in, or else from GitHub.
    type: str
  attribute:
    description:
      - >-
        What is built: the name of a C(nixosConfigurations) whose C(config.system.build.isoImage) it is, or
        the whole path of a package that holds an ISO. Unless given: the configuration that is called as the
        architecture.
    type: str
  architecture:
    description:
      - >-
        Architecture of the VMs that are to boot from it. It may be another one than this machine's where Nix
        can build for it: by emulation, which is slow, or on a remote builder.
    type: str
    choices:
      - x86_64
      - aarch64
    default: x86_64
  builder:
    description:
      - >-
        What builds it: C(nix build), or nixos-generators with its format C(iso) (the one in PATH, or else the
        one of nixpkgs) for flakes whose configurations are made for that.
    type: str
    choices:
      - nix
      - nixos-generators
    default: nix
  out_link:
    description:
      - >-
        Link to the build, which keeps Nix's garbage collection from removing it. Unless given:
        C(result-<architecture>) in the current folder.
    type: path
  path:
    description:
      - 'Copy the ISO here: a file, or a folder (one that is there, or with a slash at the end).'
    type: path
  builders:
    description:
      - >-
        Remote builders in place of those of nix.conf, each as a line of /etc/nix/machines. Nix's daemon takes
        them from trusted users only.
    type: list
    elements: str
  nix_options:
    description:
      - Options for Nix, name to value.
    type: dict
  show_trace:
    description:
      - Have Nix say where in the code an evaluation failed.
    type: bool
    default: false
seealso:
  - module: nixos.cloud_init_installer.provision
    description: All steps for one host.
"""

EXAMPLES = r"""
---
- name: This project's installer
  nixos.cloud_init_installer.iso_build:
    architecture: x86_64
- name: An installer of one's own, copied to a folder
  nixos.cloud_init_installer.iso_build:
    flake: .#installer
    path: images/
- name: For aarch64 on another machine
  nixos.cloud_init_installer.iso_build:
    architecture: aarch64
    builders:
      - ssh-ng://builder@arm1.example.org aarch64-linux
"""

RETURN = r"""
---
path:
  description:
    - 'Absolute path of the ISO: of the copy where C(path) was given, in the Nix store otherwise.'
  returned: success
  type: str
name:
  description:
    - Its file name.
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
architecture:
  description:
    - Architecture.
  returned: success
  type: str
nixos_version:
  description:
    - Version of NixOS, where the flake's configuration says it.
  returned: when known
  type: str
store_path:
  description:
    - What Nix built.
  returned: success
  type: str
out_link:
  description:
    - Absolute path of the link that keeps it.
  returned: success
  type: str
installable:
  description:
    - What it was built from, as C(nix build) takes it.
  returned: success
  type: str
emulated:
  description:
    - Whether this machine emulated the architecture for the build; false where nothing had to be built.
  returned: success
  type: bool
remote_builder:
  description:
    - The remote builder that it was left to, where this machine cannot build for the architecture.
  returned: when known
  type: str
seconds:
  description:
    - How long the build took; 0 where nothing had to be built.
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
    run_module("iso.build")


if __name__ == "__main__":
    main()
