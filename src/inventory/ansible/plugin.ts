/** Name of the callback plugin, and of its file without `.py`. */
export const pluginName = 'nci_inventory'
/** The environment variable that names the folder of the two files below. */
export const folderVariable = 'NCI_INVENTORY_FOLDER'
/** What the plugin reads in its folder: which variables are wanted. */
export const wishFile = 'wish.json'
/** What it writes there. */
export const answerFile = 'answer.json'

/**
 * A callback plugin that takes the place of Ansible's own display. When the play begins, it asks Ansible for the variables
 * of each host as a task on that host would have them, has them templated one host after the other in one process, writes
 * them to a file that only the user can read, and ends the run. What fails is told by host and by variable, with the part of
 * the variable and the file that it comes from.
 *
 * What came with ansible-core 2.19 is asked for only where it is there.
 */
export const pluginText = `# Written by nixos-cloud-init-installer; removed when it has been used.
from __future__ import annotations

DOCUMENTATION = """
name: ${pluginName}
type: stdout
short_description: Writes the variables that describe hosts
description: [Writes the variables that describe hosts.]
"""

import json
import os
import re
import sys
from collections.abc import Mapping, Sequence

from ansible.plugins.callback import CallbackBase
from ansible.template import Templar

try:
    from ansible._internal._datatag._tags import Origin
except ImportError:
    Origin = None

FOLDER = os.environ["${folderVariable}"]


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "${pluginName}"

    def v2_playbook_on_play_start(self, play):
        try:
            with open(os.path.join(FOLDER, "${wishFile}"), encoding="utf-8") as file:
                answer = Reader(play, json.load(file)).read()
        except Exception as error:
            answer = {"failed": text_of(error)}
        path = os.path.join(FOLDER, "${answerFile}")
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump(answer, file)
        sys.exit(0)


class Reader:
    def __init__(self, play, wish):
        self._play = play
        self._wanted = wish["variables"]
        self._prefixes = tuple(wish["prefixes"])
        self._others = set()
        self._manager = play.get_variable_manager()
        self._loader = play.get_loader() or self._manager._loader
        inventory = self._manager._inventory
        # As the sources name them: of deeply nested groups, Ansible's own order changes from run to run.
        places = {name: place for place, name in enumerate(inventory.hosts)}
        self._hosts = sorted(inventory.get_hosts(play.hosts), key=lambda host: places.get(host.name, 0))
        self._names = [host.name for host in self._hosts]
        self._templar = Templar(loader=self._loader)

    def read(self):
        hosts = [self._host(host) for host in self._hosts]
        return {"hosts": hosts, "others": sorted(self._others.difference(self._wanted))}

    def _host(self, host):
        self._problems = []
        groups = sorted(group.name for group in host.get_groups())
        result = {"name": host.name, "groups": groups, "variables": {}, "origins": {}, "problems": self._problems}
        try:
            variables = self._manager.get_vars(
                play=self._play, host=host, _hosts=self._names, _hosts_all=self._names
            )
        except Exception as error:
            self._problems.append(problem(None, error, origin_of_error(error)))
            return result
        self._others.update(str(name) for name in variables if str(name).startswith(self._prefixes))
        # There is no playbook of the user's: lookups and templates find what lies where the program was started.
        variables["playbook_dir"] = os.getcwd()
        variables["ansible_search_path"] = [os.getcwd()]
        self._omit = variables.get("omit")
        self._templar.available_variables = variables
        for name in self._wanted:
            if name not in variables:
                continue
            value = self._value(name, variables[name])
            if not self._is_omitted(value):
                result["variables"][name] = value
            origin = origin_of(variables[name])
            if origin:
                result["origins"][name] = origin.split(":")[0]
        return result

    def _value(self, path, raw):
        """The value, templated; what cannot be had is left out, and is a problem."""
        try:
            return self._plain(self._templar.template(raw, fail_on_undefined=True))
        except Exception as error:
            if type(error).__name__ == "AnsibleValueOmittedError":
                return self._omit
            parts = []
            if isinstance(raw, Mapping):
                parts = [("%s.%s" % (path, key), key, raw[key]) for key in raw]
            elif isinstance(raw, Sequence) and not hasattr(raw, "split"):
                parts = [("%s[%d]" % (path, index), index, item) for index, item in enumerate(raw)]
            known = len(self._problems)
            values = [(key, self._value(name, part)) for name, key, part in parts]
            if len(self._problems) == known:
                self._problems.append(problem(path, error, origin_of(raw)))
                return self._omit
            values = [(key, value) for key, value in values if not self._is_omitted(value)]
            return dict(values) if isinstance(raw, Mapping) else [value for _key, value in values]

    def _plain(self, value):
        """As JSON has it, without what is to be omitted."""
        if isinstance(value, Mapping):
            items = [(str(key), self._plain(value[key])) for key in value]
            return {key: item for key, item in items if not self._is_omitted(item)}
        if isinstance(value, bool) or value is None:
            return value
        if isinstance(value, int):
            return int(value)
        if isinstance(value, float):
            return float(value)
        if isinstance(value, (list, tuple, set)):
            return [item for item in map(self._plain, value) if not self._is_omitted(item)]
        if value is self._omit:
            return value
        return str(value)

    def _is_omitted(self, value):
        return value is self._omit or (isinstance(value, str) and value == self._omit)


def problem(path, error, origin):
    return {"variable": path, "reason": text_of(error), "file": origin}


def text_of(error):
    """The text of an error and of its causes, without the frames of code that Ansible adds for a terminal."""
    texts = []
    while error is not None:
        text = " ".join(str(getattr(error, "_original_message", None) or error).split())
        # Older versions quote the template and say the cause twice.
        text = re.sub(r"\\.? String: .*$", "", text).strip().rstrip(".")
        if text and not any(text in known for known in texts):
            texts.append(text)
        error = error.__cause__
    return ": ".join(texts)


def origin_of_error(error):
    while error is not None:
        origin = origin_of(getattr(error, "obj", None))
        if origin:
            return origin
        error = error.__cause__ or error.__context__
    return None


def origin_of(value):
    """File and line that a value comes from, where Ansible knows them."""
    if Origin is not None:
        origin = Origin.get_tag(value)
        if origin is None or not origin.path:
            return None
        return "%s:%s" % (origin.path, origin.line_num) if origin.line_num else origin.path
    path, line, _column = getattr(value, "ansible_pos", None) or (None, None, None)
    return "%s:%s" % (path, line) if path else None
`

/** A play over all hosts that does nothing: that it begins is enough. */
export const playbook = `- hosts: all
  gather_facts: false
  tasks: []
`
