import type { BaseAgent, ParsedKey } from 'ssh2'
import { loadSsh2, publicKeyText } from './ssh2.ts'

/** Keys that an SSH agent holds: they log in without ever leaving it. */
export interface AgentKeys {
  /** Socket of the agent. */
  readonly agent: string
  /** `ssh-ed25519 AAAA…`: those that are tried, in this order. */
  readonly publicKeys: readonly [string, ...string[]]
  /** The first of them. */
  readonly publicKey: string
}

const answerTimeout = 5000

/** The keys of the user's agent, or why there are none: the end of a sentence. */
export async function findAgentKeys(): Promise<AgentKeys | { readonly reason: string }> {
  const agent = process.env.SSH_AUTH_SOCK
  if (!agent) return { reason: 'there is no agent (`SSH_AUTH_SOCK` is not set)' }
  let keys: readonly ParsedKey[]
  try {
    keys = await identities(agent)
  } catch {
    return { reason: `the agent at ${agent} does not answer` }
  }
  const [first, ...rest] = keys.map((key) => publicKeyText(key.type, key.getPublicSSH()))
  if (first === undefined) return { reason: `the agent at ${agent} has no keys` }
  return { agent, publicKeys: [first, ...rest], publicKey: first }
}

/** Those of the agent's keys of which this is one; `undefined` where it is none of them. */
export function onlyKey(keys: AgentKeys, publicKey: string | undefined): AgentKeys | undefined {
  const found = keys.publicKeys.find((key) => key === publicKey)
  return found === undefined ? undefined : { ...keys, publicKeys: [found], publicKey: found }
}

/** An agent for ssh2 that offers these keys and no others: servers count what is offered in vain. */
export async function agentOf({ agent, publicKeys }: AgentKeys): Promise<BaseAgent> {
  const { createAgent, utils } = await loadSsh2()
  const keys = publicKeys.flatMap((text) => {
    const key = utils.parseKey(text)
    return key instanceof Error ? [] : [key]
  })
  const getIdentities: BaseAgent['getIdentities'] = (callback) => callback(undefined, keys)
  return Object.assign(createAgent(agent), { getIdentities })
}

async function identities(agent: string): Promise<readonly ParsedKey[]> {
  const { createAgent } = await loadSsh2()
  const { promise, resolve, reject } = Promise.withResolvers<readonly ParsedKey[]>()
  const timer = setTimeout(() => reject(new Error('no answer')), answerTimeout)
  createAgent(agent).getIdentities((error, keys) => {
    if (error) reject(error)
    else resolve((keys ?? []) as ParsedKey[])
  })
  return promise.finally(() => clearTimeout(timer))
}
