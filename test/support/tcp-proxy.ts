import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

export interface TcpProxy extends AsyncDisposable {
  readonly port: number
  /** Connections that came so far. */
  readonly connections: number
}

/** What is done with a connection: whom it is passed on to, and what becomes of its bytes. */
export interface Passage {
  readonly port: number
  /** Of the bytes that come from the server; unless given all are passed on. */
  onBytes?(bytes: Buffer, client: Socket, server: Socket): void
}

/**
 * A TCP server on loopback that passes connections on.
 *
 * @param route for the n-th connection, beginning with 0
 * @param port to listen on; unless given a free one
 */
export async function tcpProxy(route: (n: number) => Passage, port = 0): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  let connections = 0
  const server = createServer((client) => {
    const { port: target, onBytes } = route(connections++)
    const upstream = connect(target, '127.0.0.1')
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => other.destroy())
    }
    client.on('data', (bytes) => upstream.write(bytes))
    upstream.on('data', (bytes) => {
      if (onBytes === undefined) client.write(bytes)
      else onBytes(bytes, client, upstream)
    })
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as { port: number }).port,
    get connections() {
      return connections
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
