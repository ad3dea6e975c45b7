# -*- coding: utf-8 -*-

# Copyright (c) the nixos-cloud-init-installer contributors
# MIT License (see LICENSE or https://opensource.org/license/mit)
# SPDX-License-Identifier: MIT

"""Moments in which a worker of Ansible must not be ended."""

from __future__ import annotations

import contextlib
import signal

ENDING = {signal.SIGINT, signal.SIGTERM, signal.SIGALRM}


@contextlib.contextmanager
def held_back():
    """Lets Ctrl-C, a stop, and the end of the task's time wait until the block is done.

    A worker that is ended while it hands something to the play keeps the lock of their queue for ever, and the play waits
    for it. Only for a process of one thread: of several, another one would get the signal.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
