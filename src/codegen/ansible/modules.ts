import { documentIds, flatten, inputSchema, outputSchema, type Schema } from '../schema.ts'
import { argumentsOf } from './argument-spec.ts'
import { markup, optionsOf, returnsOf, yaml } from './documentation.ts'
import { python } from './python.ts'

export const collection = 'nixos.cloud_init_installer'
const version = '0.1.0'
const generatedBanner = `# Generated from schemas/ by \`npm run generate\`; do not edit.

from __future__ import annotations
`
const header = `# Copyright (c) the nixos-cloud-init-installer contributors
# MIT License (see LICENSE or https://opensource.org/license/mit)
# SPDX-License-Identifier: MIT

${generatedBanner}`

/** Ansible wants modules under its own license; whoever uses one may choose. */
const moduleHeader = `# Copyright (c) the nixos-cloud-init-installer contributors
# MIT License (see LICENSE or https://opensource.org/license/mit), or at your option
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: MIT OR GPL-3.0-or-later

${generatedBanner}`

/**
 * The documents that are modules: the steps, the whole workflow for one host, and the look at what it needs. What reads an
 * inventory itself is of no use to Ansible.
 */
export const moduleIds = documentIds.filter((id) => inputSchema(id).properties?.inventory === undefined)

/** What every module has besides the document's own properties. */
const engineOptions: Schema = {
  properties: {
    engine_path: {
      type: 'string',
      'x-path': true,
      'x-env': ['NCI_ENGINE'],
      description:
        'The engine, the program `nci`. If not given, it is looked for in `PATH`, in the profiles of Nix, and in the checkout that the collection lies in.',
    },
    engine_log: {
      type: 'string',
      'x-path': true,
      description: 'File to which all that the engine reports while it works is appended, as lines of JSON.',
    },
  },
}

const fragments: Readonly<Record<string, { readonly schema: Schema; readonly about: string }>> = {
  connection: { schema: flatten('parts/connection.json'), about: 'The connection to Proxmox VE.' },
  engine: { schema: engineOptions, about: 'The engine that does the work.' },
}

/** What every module returns besides the document's own output. */
const everyModuleReturns: Schema = {
  properties: {
    engine_rc: { type: 'integer', description: 'Exit code of the engine.', examples: [0] },
  },
}

function failureReturn(): unknown {
  const error = flatten('result.json').properties?.error ?? {}
  return returnsOf({ required: ['error'], properties: { error } }, 'failure').error
}

/** Path to content of what the collection has for each document. */
export function generateModules(): Map<string, string> {
  const files = new Map<string, string>()
  for (const id of moduleIds) {
    const name = moduleName(id)
    files.set(`ansible/plugins/modules/${name}.py`, moduleFile(id))
    files.set(`ansible/plugins/action/${name}.py`, actionFile(id))
  }
  for (const [name, { schema }] of Object.entries(fragments))
    files.set(`ansible/plugins/doc_fragments/${name}.py`, fragmentFile(schema))
  files.set('ansible/plugins/module_utils/argument_specs.py', specsFile())
  files.set('ansible/meta/runtime.yml', runtimeFile())
  return files
}

export function moduleName(id: string): string {
  return id.replace('.', '_')
}

const usesProxmox = (id: string): boolean => inputSchema(id).properties?.api_host !== undefined

/** What a module has that the document has not. */
const moduleOptions: Readonly<Record<string, Record<string, Schema>>> = {
  provision: {
    values: {
      type: 'array',
      items: { type: 'object' },
      description:
        'Values of the host as dicts, as inventories have them: options that are neither of the connection nor of the run. Each is laid over the one before, the first over the other options: dicts are combined, lists and all else replaced.',
    },
  },
}

/** The document's own properties: those of the connection are in a fragment. */
function ownSchema(id: string): Schema {
  const schema = inputSchema(id)
  const shared = new Set(usesProxmox(id) ? Object.keys(fragments.connection?.schema.properties ?? {}) : [])
  const properties = Object.entries(schema.properties ?? {}).filter(([name]) => !shared.has(name))
  return { ...schema, properties: { ...Object.fromEntries(properties), ...moduleOptions[id] } }
}

function moduleFile(id: string): string {
  const schema = inputSchema(id)
  const name = moduleName(id)
  const names = new Set(Object.keys(schema.properties ?? {}))
  const documentation = {
    module: name,
    short_description: sentence(schema.title ?? name).replace(/\.$/, ''),
    description: [markup(sentence(schema['x-summary'] ?? ''), names), ...descriptionOf(id)],
    version_added: version,
    author: ['nixos-cloud-init-installer contributors (@AnarchoBooleanism)'],
    extends_documentation_fragment: [
      ...(usesProxmox(id) ? [`${collection}.connection`] : []),
      `${collection}.engine`,
      `${collection}.attributes`,
    ],
    options: optionsOf(ownSchema(id), names),
    ...(usesProxmox(id) ? { notes: [connectionNote] } : {}),
    seealso: [{ module: `${collection}.provision`, description: 'All steps for one host.' }].filter(
      ({ module }) => module !== `${collection}.${name}`,
    ),
  }
  const examples = (schema['x-examples'] ?? []).map(({ title, input }) => ({
    name: sentence(title).replace(/\.$/, ''),
    [`${collection}.${name}`]: input,
  }))
  return `#!/usr/bin/python
# -*- coding: utf-8 -*-

${moduleHeader}
DOCUMENTATION = r"""
---
${yaml(documentation)}
"""

EXAMPLES = r"""
---
${yaml(examples)}
"""

RETURN = r"""
---
${yaml({ ...returnsOf(outputSchema(id)), ...returnsOf(everyModuleReturns), error: failureReturn() })}
"""

from ansible_collections.${collection}.plugins.module_utils.module import run_module


def main():
    run_module("${id}")


if __name__ == "__main__":
    main()
`
}

const connectionNote = `The connection can be set once for all modules: C(module_defaults) with C(group/${collection}.proxmox).`

function descriptionOf(id: string): string[] {
  const hosts =
    'The work is done on the controller, whatever the host of the play is, unless the task is delegated to another machine.'
  return id === 'provision'
    ? [
        'What is there already is kept, so that a run that failed or was stopped is carried on by the next one.',
        hosts,
      ]
    : [hosts]
}

function actionFile(id: string): string {
  return `${header}
from ansible_collections.${collection}.plugins.plugin_utils.step_action import StepAction


class ActionModule(StepAction):
    step = "${id}"
`
}

function fragmentFile(schema: Schema): string {
  return `# -*- coding: utf-8 -*-

${header}

class ModuleDocFragment:
    DOCUMENTATION = r"""
---
${yaml({ options: optionsOf(schema, new Set(Object.keys(schema.properties ?? {}))) })}
"""
`
}

function specsFile(): string {
  const specs = Object.fromEntries(moduleIds.map((id) => [id, argumentsOf(ownSchema(id))]))
  const withConnection = moduleIds.filter(usesProxmox)
  return `# -*- coding: utf-8 -*-

${header}
from ansible.module_utils.basic import env_fallback

ENGINE = ${python(argumentsOf(engineOptions))}

CONNECTION = ${python(argumentsOf(fragments.connection?.schema ?? {}))}

STEPS = ${python(specs)}

WITH_CONNECTION = ${python(withConnection)}

HOST_VALUES = ${python(Object.keys(flatten('host.json').properties ?? {}))}


def argument_spec(step):
    """The arguments of a step's module."""
    connection = CONNECTION if step in WITH_CONNECTION else {}
    return dict(ENGINE, **connection, **STEPS[step])
`
}

function runtimeFile(): string {
  const group = moduleIds.filter(usesProxmox).map(moduleName).sort()
  return `---
# Generated from schemas/ by \`npm run generate\`; do not edit.
${yaml({ requires_ansible: '>=2.17.0', action_groups: { proxmox: group } })}
`
}

function sentence(text: string): string {
  const upper = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?]$/.test(upper) ? upper : `${upper}.`
}
