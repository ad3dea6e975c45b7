"""What Ansible itself makes of inventories: reads cases from standard input, writes an answer for each.

A case: {"sources": [...], "limits": [...], "variables": [...]}
An answer: {"hosts": {name: {"groups": [...], "variables": {...}}}, "limits": [[names] or null where there is an error]}
"""

import json
import sys

from ansible.errors import AnsibleError
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import init_plugin_loader
from ansible.vars.manager import VariableManager


def answer(case):
    loader = DataLoader()
    loader.set_basedir("/nonexistent")
    inventory = InventoryManager(loader=loader, sources=case["sources"])
    manager = VariableManager(loader=loader, inventory=inventory)
    hosts = {}
    for host in inventory.hosts.values():
        variables = manager.get_vars(host=host, include_hostvars=False)
        hosts[host.name] = {
            "groups": sorted(group.name for group in host.get_groups() if group.name not in ("all", "ungrouped")),
            "variables": {name: variables[name] for name in case["variables"] if name in variables},
        }
    return {"hosts": hosts, "limits": [selected(inventory, limit) for limit in case["limits"]]}


def selected(inventory, limit):
    try:
        inventory.subset(limit)
        return sorted(host.name for host in inventory.get_hosts("all"))
    except AnsibleError:
        return None


init_plugin_loader()
json.dump([answer(case) for case in json.load(sys.stdin)], sys.stdout)
