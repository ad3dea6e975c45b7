import { expect, test } from 'vitest'
import { type Argument, argumentsOf } from '../../src/codegen/ansible/argument-spec.ts'
import { moduleIds } from '../../src/codegen/ansible/modules.ts'
import { flatten, inputSchema, secretPointers } from '../../src/codegen/schema.ts'

/** The pointers of the arguments that Ansible keeps out of its logs. */
function hidden(args: Readonly<Record<string, Argument>>, pointer = ''): string[] {
  return Object.entries(args).flatMap(([name, argument]) => {
    const inner = argument.type === 'list' ? `${pointer}/${name}/*` : `${pointer}/${name}`
    return [
      ...(argument.no_log === true ? [`${pointer}/${name}`] : []),
      ...hidden((argument.options ?? {}) as Record<string, Argument>, inner),
    ]
  })
}

test.each(moduleIds)('every secret of %s, and nothing else, is kept out of Ansible’s logs', (id) => {
  const schema = inputSchema(id)
  expect(hidden(argumentsOf(schema)).sort()).toEqual(secretPointers(schema).sort())
})

test('there are secrets to be kept', () => {
  expect(secretPointers(inputSchema('provision')).length).toBeGreaterThan(4)
})

test('the connection is read from the variables that community.proxmox reads', () => {
  const { properties = {} } = flatten('parts/connection.json')
  const theirs = {
    api_host: 'PROXMOX_HOST',
    api_port: 'PROXMOX_PORT',
    api_user: 'PROXMOX_USER',
    api_password: 'PROXMOX_PASSWORD',
    api_token_id: 'PROXMOX_TOKEN_ID',
    api_token_secret: 'PROXMOX_TOKEN_SECRET',
    validate_certs: 'PROXMOX_VALIDATE_CERTS',
    ca_path: 'PROXMOX_CA_PATH',
  }
  const ours = Object.keys(theirs).map((name) => [name, properties[name]?.['x-env']?.[0]])
  expect(Object.fromEntries(ours)).toEqual(theirs)
})
