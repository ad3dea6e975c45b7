# -*- coding: utf-8 -*-

# Copyright (c) the nixos-cloud-init-installer contributors
# MIT License (see LICENSE or https://opensource.org/license/mit)
# SPDX-License-Identifier: MIT

"""What a task ends with: shared by the modules and the action plugins."""

from __future__ import annotations

import difflib
import json
import re

from ansible.module_utils.errors import UnsupportedError
from ansible_collections.nixos.cloud_init_installer.plugins.module_utils.engine import PROTOCOL, EngineError


def understand(step, code, stdout, stderr, diff_wanted):
    """What a task ends with, from what the engine printed."""
    try:
        answer = json.loads(stdout)
        succeeded = answer["ok"]
    except (ValueError, KeyError, TypeError):
        return died(step, code, stderr)
    if not succeeded:
        return _failed(step, answer, code)
    result = dict(answer["output"])
    result.update(changed=answer["changed"], warnings=answer["warnings"], engine_rc=code)
    if diff_wanted:
        result["diff"] = _diff(step, answer["diff"])
    return result


def failure(code, message, hint):
    """The end of a task that failed."""
    return {
        "failed": True,
        "changed": False,
        "msg": "%s: %s %s" % (code, message, hint),
        "error": {"code": code, "message": message, "hint": hint, "retryable": False, "details": {}},
    }


def failure_of(error):
    """The end of a task whose engine could not be used."""
    return failure(error.code, error.message, error.hint)


def invalid(step, validation, spec):
    """The error of wrong arguments."""
    known = list(_dotted(spec))
    problems = [unknown(name, known) for name in sorted(_names(validation.unsupported_parameters))]
    problems += [_plain(error.msg) for error in validation.errors if not isinstance(error, UnsupportedError)]
    return not_valid(step, "The arguments are not valid", problems)


def not_valid(step, what, problems):
    """The error of an input with these problems."""
    return EngineError("INPUT_INVALID", "%s: %s." % (what, "; ".join(problems)), arguments_hint(step))


def unknown(name, known):
    """The problem of a name that does not exist, with the one that is probably meant."""
    meant = difflib.get_close_matches(str(name), known, 1)
    return "there is no `%s`%s" % (name, " (did you mean `%s`?)" % meant[0] if meant else "")


def arguments_hint(step):
    """Where the arguments are described."""
    return "`ansible-doc nixos.cloud_init_installer.%s` describes them." % step.replace(".", "_")


def _names(parameters):
    return [name if isinstance(name, str) else ".".join(name) for name in parameters]


def _dotted(spec, prefix=""):
    for name, argument in spec.items():
        yield prefix + name
        yield from _dotted(argument.get("options", {}), "%s%s." % (prefix, name))


def _plain(message):
    """Ansible's words for a wrong type, without those of Python."""
    found = re.match(
        r"(?:Elements value for option|argument) '(.+?)' is of type .+? and we were unable to convert to (\w+)", message
    )
    return "`%s` is not of type %s" % found.groups() if found else message


def _failed(step, answer, code):
    error = answer["error"]
    if error["code"] == "PROTOCOL_MISMATCH" or (error["code"] == "USAGE" and "--protocol" in error["message"]):
        result = failure(
            "ENGINE_PROTOCOL",
            "The engine and this collection are of versions that do not fit: the collection speaks protocol %s." % PROTOCOL,
            "Bring both to the same version: `nci version` and `ansible-galaxy collection list` show what is there.",
        )
    else:
        result = failure(error["code"], error["message"], _hint(step, error))
        result["error"].update(retryable=error["retryable"], details=error["details"])
    result.update(warnings=answer.get("warnings", []), engine_rc=code)
    return result


def _hint(step, error):
    """The engine's hint in the words of a task: its arguments, and where its result has what the hint speaks of."""
    if error["code"] == "INPUT_INVALID":
        return arguments_hint(step)
    return error["hint"].replace("`details.", "`error.details.")


def died(step, code, stderr):
    """The end of a task whose engine ended without a result; its exit code is None where it is not known."""
    lines = [line.strip() for line in stderr.splitlines() if line.strip() and not line.startswith("{")]
    said = " It said: %s" % _message(lines) if lines else ""
    how = "ended without a result"
    if code is not None:
        how = "was ended by signal %s" % -code if code < 0 else "ended with %s and without a result" % code
    result = failure(
        "ENGINE_DIED",
        "The engine %s in the middle of %s.%s" % (how, step, said),
        "Run the task again: it carries on with what is there. If it happens again, run `nci` by hand.",
    )
    result["engine_rc"] = code
    return result


def _message(lines):
    """The line that says most: the message above a stack trace, else the last one."""
    errors = [line for line in lines if line.split(":")[0].endswith("Error")]
    return (errors or lines)[-1]


def _diff(step, changes):
    """The changes as Ansible shows them: two texts, with a line or more for each change."""
    sides = {"before": {}, "after": {}}
    for change in changes:
        for side, values in sides.items():
            if side in change:
                values[_free(change["what"], values)] = change[side]
    return dict(sides, before_header=step, after_header=step)


def _free(name, taken):
    """Several changes of one name are all shown."""
    number = 1
    while name in taken:
        number += 1
        name = "%s (%s)" % (name.split(" (")[0], number)
    return name
