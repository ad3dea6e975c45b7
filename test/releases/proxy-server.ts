import { once } from 'node:events'
import { createServer, request as forward, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'

/** A forward proxy: takes absolute URLs and CONNECT, and notes what it was asked for. */
export class ProxyServer implements AsyncDisposable {
  /** `GET http://…` or `CONNECT host:port`, and the credentials that came along. */
  readonly seen: { readonly line: string; readonly authorization: string | undefined }[] = []
  readonly #server: Server

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#note(request.method, request.url, request.headers['proxy-authorization'])
      const { 'proxy-authorization': _, ...headers } = request.headers
      forward(request.url ?? '', { headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
      }).end()
    })
    this.#server.on('connect', (request, socket, head) => {
      this.#note(request.method, request.url, request.headers['proxy-authorization'])
      const [host, port] = (request.url ?? '').split(':')
      const onwards = connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
        onwards.write(head)
        onwards.pipe(socket).pipe(onwards)
      })
      onwards.on('error', () => socket.destroy())
      socket.on('error', () => onwards.destroy())
    })
  }

  static async start(): Promise<ProxyServer> {
    const proxy = new ProxyServer()
    await once(proxy.#server.listen(0, '127.0.0.1'), 'listening')
    return proxy
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
  }

  #note(method: string | undefined, url: string | undefined, authorization: string | undefined): void {
    this.seen.push({ line: `${method} ${url}`, authorization })
  }
}
