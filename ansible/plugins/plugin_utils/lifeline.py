# -*- coding: utf-8 -*-

# Copyright (c) the nixos-cloud-init-installer contributors
# MIT License (see LICENSE or https://opensource.org/license/mit)
# SPDX-License-Identifier: MIT

"""Makes sure that no engine outlives the play that started it, however the play ends."""

from __future__ import annotations

import ctypes
import os
import signal

PR_SET_PDEATHSIG = 1


class Lifeline:
    """Between the play, the worker that this is, and the engine.

    Linux tells a process when its parent is gone. The worker follows the play that way (Ansible does not see to it
    where the play is killed), and the engine the worker. The engine is in a session of its own, so that this is the one
    signal that it gets: a second one would cut its clean-up short. Elsewhere it stays in the worker's process group, and
    gets the signals that the worker passes on.
    """

    def __init__(self):
        self._prctl = getattr(ctypes.CDLL(None), "prctl", None)
        self._worker = os.getpid()
        if self._prctl:
            self._prctl(PR_SET_PDEATHSIG, signal.SIGTERM)

    def options(self):
        """How the engine is started."""
        if not self._prctl:
            return {}
        return {"start_new_session": True, "preexec_fn": self._follow_worker}

    def _follow_worker(self):
        self._prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != self._worker:
            # It ended in between.
            os.kill(os.getpid(), signal.SIGTERM)
