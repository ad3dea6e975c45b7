import type { AnyAuthMethod, AuthHandlerMiddleware } from 'ssh2'
import { delay } from '../core/deadline.ts'
import { agentOf } from './agent.ts'
import { type LoginKey, publicKeysOf } from './keys.ts'

/** OpenSSH's `MaxAuthTries`: so many keys may be refused on one connection. */
export const maxAuthTries = 6

/**
 * What is answered when a server asks for a login. A key that is refused can be tried again on the same connection:
 * keys arrive after the SSH server starts, and a connection costs more than a try.
 *
 * @param key without one nobody is logged in
 * @param retryPause milliseconds between two tries; unless given each key is tried once
 */
export async function authentication(
  key: LoginKey | undefined,
  username: string,
  retryPause: number | undefined,
): Promise<{ readonly handler: AuthHandlerMiddleware } & Disposable> {
  // An answer that never comes.
  if (key === undefined) return { handler: () => undefined as never, [Symbol.dispose]: () => undefined }
  const method: AnyAuthMethod =
    'agent' in key
      ? { type: 'agent', username, agent: await agentOf(key) }
      : { type: 'publickey', username, key: key.pair }
  const rounds =
    retryPause === undefined ? 1 : Math.max(1, Math.floor(maxAuthTries / publicKeysOf(key).length))
  const ended = new AbortController()
  let tried = 0
  const handler: AuthHandlerMiddleware = (_left, _partial, next) => {
    // The types know only names of methods; ssh2 takes whole ones as well, and `false` for the end.
    const answer = next as (method: AnyAuthMethod | false) => void
    if (tried++ === 0) answer(method)
    else if (tried > rounds) answer(false)
    else
      delay(retryPause ?? 0, ended.signal).then(
        () => answer(method),
        () => undefined,
      )
  }
  return { handler, [Symbol.dispose]: () => ended.abort() }
}
