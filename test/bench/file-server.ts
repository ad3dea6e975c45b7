/** Serves a made-up ISO of the size in argv over HTTP, from memory; prints its port. A process of its own. */
import { createServer } from 'node:http'

const size = Number(process.argv[2])
const block = Buffer.alloc(1024 * 1024, 'nixos')
// The mark of ISO 9660, in sector 16.
const first = Buffer.from(block)
first.write('CD001', 16 * 2048 + 1, 'latin1')

const server = createServer((request, response) => {
  response.writeHead(200, {
    'content-length': size,
    'content-type': 'application/octet-stream',
    etag: '"bench"',
  })
  if (request.method === 'HEAD') {
    response.end()
    return
  }
  let sent = 0
  const more = (): void => {
    while (sent < size) {
      const chunk = (sent === 0 ? first : block).subarray(0, Math.min(block.length, size - sent))
      sent += chunk.length
      if (!response.write(chunk)) {
        response.once('drain', more)
        return
      }
    }
    response.end()
  }
  more()
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  console.log(typeof address === 'object' ? address?.port : '')
})
