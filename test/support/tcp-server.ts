import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'

export interface TcpServer extends AsyncDisposable {
  readonly port: number
  /** Connections that are open. */
  readonly sockets: ReadonlySet<Socket>
}

/** A TCP server on loopback that does with its connections what the caller says. */
export async function tcpServer(onConnection: (socket: Socket) => void): Promise<TcpServer> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    onConnection(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as { port: number }).port,
    sockets,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
