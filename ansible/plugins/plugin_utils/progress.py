# -*- coding: utf-8 -*-

# Copyright (c) the nixos-cloud-init-installer contributors
# MIT License (see LICENSE or https://opensource.org/license/mit)
# SPDX-License-Identifier: MIT

"""The engine's events as lines for a terminal."""

from __future__ import annotations

import time

# Of a phase's progress a line is shown at each of these steps, or after so many seconds.
PERCENT_STEP = 10
SECONDS_STEP = 15


class ProgressText:
    """Lines for what is worth a line: each phase, and its progress now and then."""

    def __init__(self, prefix, clock=time.monotonic):
        self._prefix = prefix
        self._clock = clock
        self._phases = {}
        self._shown = {}

    def of(self, event):
        """The line for an event, or None."""
        kind = event.get("type")
        if kind == "phase":
            self._phases[event.get("step")] = event["phase"]
            self._shown.pop(event.get("step"), None)
            return self._line(event, event["phase"])
        if kind == "progress":
            return self._progress(event)
        return None

    def _line(self, event, text):
        # In a workflow the steps take turns.
        step = event.get("step", "")
        inner = "" if self._prefix.endswith(step) else " %s" % step
        return "%s%s | %s" % (self._prefix, inner, text)

    def _progress(self, event):
        total = event.get("total")
        if not total:
            return None
        percent = int(100 * event["done"] / total)
        last_percent, last_time = self._shown.get(event.get("step"), (0, self._clock()))
        now = self._clock()
        if event.get("step") not in self._shown:
            self._shown[event.get("step")] = (0, now)
        is_due = percent // PERCENT_STEP > last_percent // PERCENT_STEP or now - last_time >= SECONDS_STEP
        if not is_due or percent == last_percent:
            return None
        self._shown[event.get("step")] = (percent, now)
        phase = self._phases.get(event.get("step"), "")
        return self._line(event, "%s %d %%%s" % (phase, percent, _rest(event)))


def _rest(event):
    texts = []
    if event.get("unit") == "bytes" and event.get("rate"):
        texts.append("%s/s" % _bytes(event["rate"]))
    if event.get("unit") == "items":
        texts.append("%d of %d" % (event["done"], event["total"]))
    if event.get("secondsLeft"):
        texts.append("%d s left" % event["secondsLeft"])
    return " (%s)" % ", ".join(texts) if texts else ""


def _bytes(number):
    for unit in ("B", "KiB", "MiB"):
        if number < 1024:
            return "%.0f %s" % (number, unit)
        number /= 1024
    return "%.1f GiB" % number
