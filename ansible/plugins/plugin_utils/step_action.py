# -*- coding: utf-8 -*-

# Copyright (c) the nixos-cloud-init-installer contributors
# MIT License (see LICENSE or https://opensource.org/license/mit)
# SPDX-License-Identifier: MIT

"""The body of every action plugin: the engine on the controller, its progress in the terminal."""

from __future__ import annotations

import os
from collections.abc import Mapping

from ansible import constants as C
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display
from ansible.utils.vars import merge_hash
from ansible_collections.nixos.cloud_init_installer.plugins.module_utils import engine, outcome
from ansible_collections.nixos.cloud_init_installer.plugins.module_utils.argument_specs import HOST_VALUES, argument_spec
from ansible_collections.nixos.cloud_init_installer.plugins.plugin_utils.lifeline import follow_play
from ansible_collections.nixos.cloud_init_installer.plugins.plugin_utils.live_engine import LiveEngine
from ansible_collections.nixos.cloud_init_installer.plugins.plugin_utils.progress import ProgressText
from ansible_collections.nixos.cloud_init_installer.plugins.plugin_utils.signals import held_back

# What the role makes the values of.
ROLE = "nixos.cloud_init_installer.provision"
ROLE_VALUES = ("nixos_vm_defaults", "nixos_vm")

COLLECTION = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# Of the time that Ansible gives a task elsewhere, the engine ends itself a little earlier: cleanly, and with a reason.
OWN_SHARE = 0.9


class StepAction(ActionBase):
    """Runs a step on the controller, or the module of the same name where the task is delegated or in the background."""

    step = ""

    _supports_check_mode = True
    _supports_async = True
    _requires_connection = False

    def run(self, tmp=None, task_vars=None):
        result = super().run(tmp, task_vars)
        del tmp
        task_vars = task_vars or {}
        follow_play()
        try:
            spec = argument_spec(self.step)
            arguments = self._arguments(task_vars) if "values" in spec else self._task.args
            validation = ArgumentSpecValidator(spec).validate(arguments)
            if validation.error_messages:
                raise outcome.invalid(self.step, validation, spec)
            if self._task.async_val or self._is_elsewhere():
                result.update(self._run_module(arguments, task_vars))
            else:
                # Defaults are the engine's own business, and its environment comes before them.
                given = {name: validation.validated_parameters[name] for name in arguments}
                result.update(self._run_here(given, spec, task_vars))
        except engine.EngineError as error:
            result.update(outcome.failure_of(error))
        return result

    def _arguments(self, task_vars):
        """The task's arguments, with the values of a host laid over them.

        :raises EngineError: INPUT_INVALID
        """
        arguments = dict(self._task.args)
        values = arguments.pop("values", None) or []
        in_role = task_vars.get("ansible_role_name") == ROLE
        problems = _problems_of(values, ROLE_VALUES if in_role else ())
        if problems:
            whose = "The values of `%s` are not valid" % task_vars.get("inventory_hostname", "localhost")
            raise outcome.not_valid(self.step, whose, problems)
        for one in values:
            arguments = merge_hash(arguments, one or {})
        # In the values, null takes a default away.
        return {name: value for name, value in arguments.items() if value is not None}

    def _run_here(self, given, spec, task_vars):
        environment = self._environment()
        program = engine.find_engine(given.get("engine_path"), environment, COLLECTION)
        words = engine.command(program, self.step, self._task.check_mode, "ndjson")
        log_file = None if self._task.check_mode else given.get("engine_log")
        secrets = engine.secrets_of(spec, given)
        live = LiveEngine(words, environment, log_file, secrets, self._reporter(task_vars))
        code, stdout, stderr = live.run(engine.document(given))
        return outcome.understand(self.step, code, stdout, stderr, self._task.diff)

    def _is_elsewhere(self):
        return bool(self._task.delegate_to) and self._connection.transport != "local"

    def _run_module(self, given, task_vars):
        if not self._task.delegate_to:
            return outcome.failure(
                "ASYNC_NOT_DELEGATED",
                "A task in the background runs on the machine that it is delegated to, and this one is not delegated.",
                "Add `delegate_to: localhost`.",
            )
        arguments = dict(given)
        limits = [limit for limit in (self._task.timeout, self._task.async_val) if limit]
        if limits:
            arguments.setdefault("timeout", min(limits) * OWN_SHARE)
        if not self._is_elsewhere():
            # The module does not know where the collection lies.
            found = engine.find_engine(arguments.get("engine_path"), self._environment(), COLLECTION)
            arguments["engine_path"] = found
        return self._execute_module(
            module_args=arguments, task_vars=task_vars, wrap_async=bool(self._task.async_val)
        )

    def _environment(self):
        """The controller's environment with the task's: Ansible applies that to modules only."""
        environment = dict(os.environ)
        for one in self._task.environment or []:
            environment.update({name: str(value) for name, value in (self._templar.template(one) or {}).items()})
        return environment

    def _reporter(self, task_vars):
        """Shows what the engine reports, unless the task is not to be logged."""
        if self._task.no_log:
            return lambda event: None
        display = Display()
        text = ProgressText("%s | %s" % (task_vars.get("inventory_hostname", "localhost"), self.step))

        def report(event):
            line = text.of(event)
            if line:
                with held_back():
                    # Standard output may be a document: that of the JSON callback.
                    display.display(line, color=C.COLOR_VERBOSE, stderr=True)

        return report


def _problems_of(values, names):
    """What is wrong with them; C(names) are what the first of them are called where the user wrote them."""
    if isinstance(values, Mapping):
        return ["`values` must be a list of dicts; write `values: [{…}]`"]
    if not isinstance(values, (list, tuple)):
        return ["`values` must be a list of dicts"]
    problems = []
    for number, one in enumerate(values, 1):
        if one is not None and not isinstance(one, Mapping):
            called = "`%s`" % names[number - 1] if number <= len(names) else "entry %d" % number
            problems.append("%s is no dict" % called)
        else:
            problems.extend(outcome.unknown(name, HOST_VALUES) for name in one or {} if name not in HOST_VALUES)
    return problems
