# -*- coding: utf-8 -*-

# Copyright (c) the nixos-cloud-init-installer contributors
# MIT License (see LICENSE or https://opensource.org/license/mit)
# SPDX-License-Identifier: MIT

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
---
attributes:
  check_mode:
    support: full
    description: Says what would change, and changes nothing.
  diff_mode:
    support: full
    description: Shows what changed, or in check mode what would change.
  async:
    support: full
    description: >-
      Can be run in the background. Such a task must be delegated to a machine, as C(delegate_to=localhost) does, and
      shows no progress.
"""
