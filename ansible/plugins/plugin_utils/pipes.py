# -*- coding: utf-8 -*-

# Copyright (c) the nixos-cloud-init-installer contributors
# MIT License (see LICENSE or https://opensource.org/license/mit)
# SPDX-License-Identifier: MIT

"""What goes to and comes from a process, in one thread."""

from __future__ import annotations

import os
import select
import selectors

# A signal that comes right before a wait does not end it: Python looks for it afterwards.
LONGEST_WAIT_SECONDS = 0.5
PIECE_BYTES = 65536


def exchange(process, document):
    """Gives a process its standard input, and yields what it says until it ends: pairs of a stream and a piece.

    :param process: a Popen whose three streams are unbuffered pipes
    :param document: bytes
    """
    rest = memoryview(document)
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdin, selectors.EVENT_WRITE)
        for stream in (process.stdout, process.stderr):
            selector.register(stream, selectors.EVENT_READ)
        while selector.get_map():
            ready = [key.fileobj for key, events in selector.select(LONGEST_WAIT_SECONDS)]
            if not ready and process.poll() is not None:
                # What it left behind holds the pipes.
                return
            for stream in ready:
                if stream is process.stdin:
                    rest = _write(stream, rest)
                    is_over = not rest
                else:
                    piece = os.read(stream.fileno(), PIECE_BYTES)
                    is_over = not piece
                    if piece:
                        yield stream, piece
                if is_over:
                    selector.unregister(stream)
                    stream.close()


def _write(stream, rest):
    """Writes what a pipe takes without a wait, and gives what is left."""
    try:
        return rest[os.write(stream.fileno(), rest[: select.PIPE_BUF]):]
    except BrokenPipeError:
        # It ended before it read everything; its exit code tells why.
        return rest[:0]
