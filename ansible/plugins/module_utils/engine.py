# -*- coding: utf-8 -*-

# Copyright (c) the nixos-cloud-init-installer contributors
# MIT License (see LICENSE or https://opensource.org/license/mit)
# SPDX-License-Identifier: MIT

"""How the engine is found and called: shared by the modules and the action plugins."""

from __future__ import annotations

import json
import os

# The version of the JSON documents; the engine refuses another one.
PROTOCOL = 1

ENGINE_OPTIONS = ("engine_path", "engine_log")

NIX_PROFILES = (
    "~/.nix-profile/bin",
    "~/.local/state/nix/profile/bin",
    "/etc/profiles/per-user/{user}/bin",
    "/run/current-system/sw/bin",
    "/nix/var/nix/profiles/default/bin",
)


class EngineError(Exception):
    """The engine could not be used: with a stable code, what happened, and what to do."""

    def __init__(self, code, message, hint):
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


def find_engine(wanted, environment, collection_path=None):
    """The engine's path: the one that is wanted, or the first of PATH, Nix's profiles and the surrounding checkout.

    :raises EngineError: ENGINE_MISSING
    """
    if wanted:
        return _program(wanted, "engine_path")
    if environment.get("NCI_ENGINE"):
        return _program(environment["NCI_ENGINE"], "NCI_ENGINE")
    user = environment.get("USER", "")
    folders = [folder for folder in environment.get("PATH", os.defpath).split(os.pathsep) if folder]
    folders += [os.path.expanduser(folder.format(user=user)) for folder in NIX_PROFILES]
    if collection_path:
        folders.append(os.path.join(os.path.dirname(os.path.realpath(collection_path)), "bin"))
    for folder in folders:
        path = os.path.join(folder, "nci")
        if _is_program(path):
            return path
    raise EngineError(
        "ENGINE_MISSING",
        "The engine `nci` is not on the machine that runs this task.",
        "Say where it is with `engine_path` or NCI_ENGINE (in a checkout it is bin/nci), or install it with npm or Nix.",
    )


def _program(path, source):
    path = os.path.expanduser(path)
    if _is_program(path):
        return path
    raise EngineError(
        "ENGINE_MISSING",
        "There is no program `%s`, which `%s` names as the engine." % (path, source),
        "Correct the path, or leave it out to have the engine looked for.",
    )


def _is_program(path):
    return os.path.isfile(path) and os.access(path, os.X_OK)


def not_started(path, reason):
    """The error of an engine that is there and cannot be started."""
    return EngineError(
        "ENGINE_MISSING",
        "The engine `%s` cannot be started: %s." % (path, reason),
        "Install it again, or say with `engine_path` where another one is.",
    )


def no_log_file(path, reason):
    """The error of a log that cannot be written."""
    return EngineError(
        "ENGINE_LOG_UNWRITABLE",
        "The log `%s` cannot be written: %s." % (path, reason),
        "Correct `engine_log` (of the role: `nixos_provision_log_dir`), or leave it empty.",
    )


def command(engine, step, check, progress):
    """The command line: what is secret goes through standard input."""
    words = [engine] + step.split(".")
    words += ["--input", "-", "--json", "--progress", progress, "--protocol", str(PROTOCOL)]
    return words + ["--check"] if check else words


def document(parameters):
    """The engine's input: the arguments that have a value."""
    return json.dumps(_given({name: value for name, value in parameters.items() if name not in ENGINE_OPTIONS}))


def _given(value):
    if isinstance(value, dict):
        return {name: _given(item) for name, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_given(item) for item in value]
    return value


def open_log(path):
    """The log, to be appended to; what is private to the user stays so.

    :raises EngineError: ENGINE_LOG_UNWRITABLE
    """
    if not path:
        return open(os.devnull, "w", encoding="utf-8")
    path = os.path.expanduser(path)
    try:
        if os.path.dirname(path):
            os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    except OSError as error:
        raise no_log_file(path, error.strerror) from error
    return open(descriptor, "w", buffering=1, encoding="utf-8")


def secrets_of(spec, parameters):
    """The values that must be shown nowhere, also those within lists and dicts."""
    found = set()
    for name, argument in spec.items():
        value = (parameters or {}).get(name)
        if argument.get("no_log") and isinstance(value, str):
            found.add(value)
        for inner in value if isinstance(value, list) else [value]:
            if argument.get("options") and isinstance(inner, dict):
                found |= secrets_of(argument["options"], inner)
    return found


def mask(text, secrets):
    """The text without secrets. The engine masks its own; this is for what it says where it breaks down."""
    for secret in sorted(secrets, key=len, reverse=True):
        # Shorter ones would mask ordinary text.
        if len(secret) >= 4:
            text = text.replace(secret, "********")
    return text
