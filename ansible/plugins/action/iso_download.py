# Copyright (c) the nixos-cloud-init-installer contributors
# MIT License (see LICENSE or https://opensource.org/license/mit)
# SPDX-License-Identifier: MIT

# Generated from schemas/ by `npm run generate`; do not edit.

from __future__ import annotations

from ansible_collections.nixos.cloud_init_installer.plugins.plugin_utils.step_action import StepAction


class ActionModule(StepAction):
    step = "iso.download"
