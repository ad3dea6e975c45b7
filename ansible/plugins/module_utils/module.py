# -*- coding: utf-8 -*-

# Copyright (c) the nixos-cloud-init-installer contributors
# MIT License (see LICENSE or https://opensource.org/license/mit)
# SPDX-License-Identifier: MIT

"""The body of every module: one call of the engine, without live progress."""

from __future__ import annotations

import contextlib
import os
import select
import sys
import threading

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.nixos.cloud_init_installer.plugins.module_utils import engine, outcome
from ansible_collections.nixos.cloud_init_installer.plugins.module_utils.argument_specs import argument_spec


LOOK_MILLISECONDS = 1000


class StepModule(AnsibleModule):
    """A module whose failures all have a code."""

    def __init__(self, step):
        self._step = step
        super().__init__(argument_spec=argument_spec(step), supports_check_mode=True)

    def fail_json(self, msg, **kwargs):
        if "error" not in kwargs:
            kwargs["error"] = outcome.failure("INPUT_INVALID", msg, outcome.arguments_hint(self._step))["error"]
        super().fail_json(msg, **kwargs)


def run_module(step):
    """Runs a step with the module's arguments and ends the module."""
    module = StepModule(step)
    _leave_terminal()
    try:
        result = _run(module, step)
    except engine.EngineError as error:
        result = outcome.failure_of(error)
    for warning in result.pop("warnings", []):
        module.warn(warning)
    if result.pop("failed", False):
        module.fail_json(**result)
    module.exit_json(**result)


def _run(module, step):
    parameters = module.params
    program = engine.find_engine(parameters["engine_path"], os.environ)
    log_file = None if module.check_mode else parameters["engine_log"]
    words = engine.command(program, step, module.check_mode, "ndjson" if log_file else "none")
    with engine.open_log(log_file) as log:
        try:
            code, stdout, stderr = module.run_command(
                words,
                data=engine.document(_given(module)),
                expand_user_and_vars=False,
                handle_exceptions=False,
                before_communicate_callback=_end_with_play,
            )
        except BrokenPipeError:
            # It ended before it read everything, and nothing is known of how.
            return outcome.died(step, None, "")
        except OSError as error:
            raise engine.not_started(program, error.strerror) from error
        stderr = engine.mask(stderr, engine.secrets_of(module.argument_spec, parameters))
        log.write(stderr)
    return outcome.understand(step, code, stdout, stderr, module._diff)


def _given(module):
    """The arguments without the defaults: those are the engine's own business, so that an older one is not confused.

    What it could take from the environment instead is handed over in any case.
    """
    return {
        name: value
        for name, value in module.params.items()
        if "fallback" in module.argument_spec[name] or value != module.argument_spec[name].get("default")
    }


def _leave_terminal():
    """A terminal that is gone signals its processes twice, and a second signal cuts the engine's clean-up short."""
    with contextlib.suppress(OSError):
        os.setpgid(0, 0)


def _end_with_play(process):
    """Has the engine end when nobody is left to read the result, as where a play on another machine was killed."""

    def watch():
        reader = select.poll()
        # For nothing but its end.
        reader.register(sys.__stdout__.fileno(), 0)
        while process.poll() is None:
            if reader.poll(LOOK_MILLISECONDS):
                process.terminate()
                return

    threading.Thread(target=watch, daemon=True).start()
