# -*- coding: utf-8 -*-

# Copyright (c) the nixos-cloud-init-installer contributors
# MIT License (see LICENSE or https://opensource.org/license/mit)
# SPDX-License-Identifier: MIT

"""Makes sure that no engine outlives the play that started it, however the play ends."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal

PR_SET_PDEATHSIG = 1

# Linux tells a process when its parent is gone; elsewhere there is no such call.
_prctl = getattr(ctypes.CDLL(None), "prctl", None)


def follow_play():
    """Has this worker end when its play does: Ansible does not see to it where the play is killed."""
    play = multiprocessing.parent_process()
    if _prctl and play:
        _end_with(play.pid)


def engine_options():
    """How an engine is started that ends when this worker does.

    It is in a session of its own, so that this is the one signal that it gets: a second one would cut its clean-up short.
    Where there is no prctl it stays in the worker's process group, and gets the signals that the worker passes on.
    """
    worker = os.getpid()
    return {"start_new_session": True, "preexec_fn": lambda: _end_with(worker)} if _prctl else {}


def _end_with(parent):
    _prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        # It ended in between.
        os.kill(os.getpid(), signal.SIGTERM)
