# -*- coding: utf-8 -*-

# Copyright (c) the nixos-cloud-init-installer contributors
# MIT License (see LICENSE or https://opensource.org/license/mit)
# SPDX-License-Identifier: MIT

"""The body of every action plugin: the engine on the controller, its progress in the terminal."""

from __future__ import annotations

import os

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display
from ansible_collections.nixos.cloud_init_installer.plugins.module_utils import engine, outcome
from ansible_collections.nixos.cloud_init_installer.plugins.module_utils.argument_specs import argument_spec
from ansible_collections.nixos.cloud_init_installer.plugins.plugin_utils.live_engine import LiveEngine
from ansible_collections.nixos.cloud_init_installer.plugins.plugin_utils.progress import ProgressText

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
        try:
            if self._task.async_val or self._is_elsewhere():
                result.update(self._run_module(task_vars))
            else:
                result.update(self._run_here(task_vars))
        except engine.EngineError as error:
            result.update(outcome.failure_of(error))
        return result

    def _run_here(self, task_vars):
        spec = argument_spec(self.step)
        validation = ArgumentSpecValidator(spec).validate(self._task.args)
        if validation.error_messages:
            return outcome.invalid(self.step, validation, spec)
        parameters = validation.validated_parameters
        # Defaults are the engine's own business, and its environment comes before them.
        given = {name: parameters[name] for name in self._task.args}
        environment = self._environment()
        program = engine.find_engine(parameters["engine_path"], environment, COLLECTION)
        words = engine.command(program, self.step, self._task.check_mode, "ndjson")
        log_file = None if self._task.check_mode else parameters["engine_log"]
        secrets = engine.secrets_of(spec, parameters)
        live = LiveEngine(words, environment, log_file, secrets, self._reporter(task_vars))
        code, stdout, stderr = live.run(engine.document(given))
        return outcome.understand(self.step, code, stdout, stderr, self._task.diff)

    def _is_elsewhere(self):
        return bool(self._task.delegate_to) and self._connection.transport != "local"

    def _run_module(self, task_vars):
        if not self._task.delegate_to:
            return outcome.failure(
                "ASYNC_NOT_DELEGATED",
                "A task in the background runs on the machine that it is delegated to, and this one is not delegated.",
                "Add `delegate_to: localhost`.",
            )
        arguments = dict(self._task.args)
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
                display.display(line, color="dark gray")

        return report
