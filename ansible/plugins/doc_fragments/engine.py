# -*- coding: utf-8 -*-

# Copyright (c) the nixos-cloud-init-installer contributors
# MIT License (see LICENSE or https://opensource.org/license/mit)
# SPDX-License-Identifier: MIT

# Generated from schemas/ by `npm run generate`; do not edit.

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
---
options:
  engine_path:
    description:
      - >-
        The engine, the program C(nci). If not given, it is looked for in C(PATH), in the profiles of Nix, and
        in the checkout that the collection lies in.
      - If not given, the value of the environment variable E(NCI_ENGINE) is used.
    type: path
  engine_log:
    description:
      - File to which all that the engine reports while it works is appended, as lines of JSON.
    type: path
"""
