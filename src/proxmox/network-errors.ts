import { reasonOf } from '../core/errors.ts'

/** What Node's and undici's codes mean to somebody who knows neither. */
const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens at that port (connection refused)',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name could not be looked up, as no name server answers',
  ETIMEDOUT: 'nothing answers there (timeout)',
  UND_ERR_CONNECT_TIMEOUT: 'nothing answers there (timeout)',
  EHOSTUNREACH: 'there is no route to the host',
  ENETUNREACH: 'there is no route to its network',
  ENETDOWN: 'the network here is down',
  EADDRNOTAVAIL: 'this machine has no address to reach it from',
  EACCES: 'this machine does not allow the connection',
  ECONNRESET: 'the other side cut the connection',
  ECONNABORTED: 'the connection was cut',
  EPIPE: 'the other side cut the connection',
  UND_ERR_SOCKET: 'the other side cut the connection',
  UND_ERR_HEADERS_TIMEOUT: 'no answer came in time (`api_timeout`)',
  UND_ERR_BODY_TIMEOUT: 'the answer did not go on in time (`api_timeout`)',
  UND_ERR_RESPONSE_EXCEEDED_MAX_SIZE: 'the answer was too long',
}

/** Why a connection failed, in plain words. */
export function plainReason(error: unknown): string {
  return words[codeOf(error)] ?? reasonOf(error)
}

/** The code of an error, or of what caused it; empty where there is none. */
export function codeOf(error: unknown): string {
  for (let inner = error; inner instanceof Error; inner = inner.cause) {
    if ('code' in inner && typeof inner.code === 'string') return inner.code
    // Several addresses were tried.
    if (inner instanceof AggregateError && inner.errors.length > 0) return codeOf(inner.errors[0])
  }
  return ''
}
