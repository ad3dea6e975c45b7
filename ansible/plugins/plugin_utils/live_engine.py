# -*- coding: utf-8 -*-

# Copyright (c) the nixos-cloud-init-installer contributors
# MIT License (see LICENSE or https://opensource.org/license/mit)
# SPDX-License-Identifier: MIT

"""A run of the engine whose events are read while it works, and that ends with the task."""

from __future__ import annotations

import json
import signal
import subprocess

from ansible_collections.nixos.cloud_init_installer.plugins.module_utils.engine import mask, not_started, open_log
from ansible_collections.nixos.cloud_init_installer.plugins.plugin_utils.lifeline import engine_options
from ansible_collections.nixos.cloud_init_installer.plugins.plugin_utils.pipes import exchange

# An engine that is told to stop cleans up on the machine that it installs.
STOP_SECONDS = 60


class LiveEngine:
    """One run of the engine."""

    def __init__(self, words, environment, log_file, secrets, report):
        self._words = words
        self._environment = environment
        self._log_file = log_file
        self._secrets = secrets
        self._report = report

    def run(self, document):
        """Hands the document over, reports the events, and gives the exit code and what was printed.

        :raises EngineError: ENGINE_MISSING, ENGINE_LOG_UNWRITABLE
        """
        with open_log(self._log_file) as log:
            process = self._start()
            try:
                return self._follow(process, document, log)
            except KeyboardInterrupt:
                # The whole play ends, with this process; the lifeline does the rest.
                raise
            except BaseException:
                # The task's time is up.
                _stop(process)
                raise

    def _start(self):
        try:
            return subprocess.Popen(
                self._words,
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=self._environment,
                **engine_options(),
            )
        except OSError as error:
            raise not_started(self._words[0], error.strerror) from error

    def _follow(self, process, document, log):
        output, unfinished, others = b"", b"", []
        for stream, piece in exchange(process, document.encode("utf-8")):
            if stream is process.stdout:
                output += piece
                continue
            *lines, unfinished = (unfinished + piece).split(b"\n")
            for line in lines:
                self._take(line + b"\n", log, others)
        self._take(unfinished, log, others)
        return process.wait(), output.decode("utf-8", "replace"), "".join(others)

    def _take(self, raw, log, others):
        """Reports a line that is an event, and keeps another one."""
        line = mask(raw.decode("utf-8", "replace"), self._secrets)
        log.write(line)
        event = _event(line)
        if event is None:
            others.append(line)
        else:
            self._report(event)


def _event(line):
    if not line.startswith("{"):
        return None
    try:
        event = json.loads(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) else None


def _stop(process):
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
