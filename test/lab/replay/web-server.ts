import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { generate } from 'selfsigned'
import { recordedFile } from './recorded-file.ts'
import type { World } from './world.ts'

const iso = 'application/x-iso9660-image'
const bytes = 'application/octet-stream'
// As long as the recorded one.
const gzipped = gzipSync(Buffer.alloc(3998), { level: 0 })

/** What the recording's web server had, by path. */
const answers: Readonly<Record<string, RequestListener>> = {
  '/plain.iso': file(recordedFile, bytes),
  '/plain.img': file(recordedFile, bytes),
  '/empty.iso': file(Buffer.alloc(0), bytes),
  '/x.iso.gz': file(gzipped, 'application/gzip'),
  '/disp': (_, response) => {
    response.setHeader('content-disposition', 'attachment; filename="named file.iso"')
    file(recordedFile, iso)(_, response)
  },
  '/nolength.iso': (_, response) => {
    response.writeHead(200, { 'content-type': iso, connection: 'close', 'transfer-encoding': 'identity' })
    response.end(recordedFile)
  },
  '/redir.iso': (_, response) => response.writeHead(302, { location: '/plain.iso' }).end(),
  '/redir-loop.iso': (_, response) => response.writeHead(302, { location: '/redir-loop.iso' }).end(),
  '/err500.iso': (_, response) => response.writeHead(500).end(),
  '/auth.iso': (_, response) => response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end(),
  '/big.iso': (request, response) => {
    response.writeHead(200, { 'content-type': iso, 'content-length': 64 * 1024 ** 2 })
    // The rest never comes: whoever waits for it is to be interrupted.
    response.write(Buffer.alloc(1000))
    request.on('close', () => response.destroy())
  },
}

/** Serves the files of the recording, over HTTP and HTTPS, in the place of the recording's server. */
export async function serveFiles(world: World): Promise<() => Promise<void>> {
  const answer: RequestListener = (request, response) => {
    const path = new URL(request.url ?? '/', 'http://host').pathname
    const known = answers[path]
    if (known === undefined) response.writeHead(404).end()
    else known(request, response)
  }
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'test' }])
  const plain = createServer(answer)
  const secure = createSecureServer({ key, cert }, answer)
  world.aliases.set('10.11.12.13:8080', `127.0.0.1:${await listen(plain)}`)
  world.aliases.set('10.11.12.13:8443', `127.0.0.1:${await listen(secure)}`)
  world.aliases.set("'10.11.12.13'", "'127.0.0.1'")
  return async () => {
    for (const server of [plain, secure]) {
      server.closeAllConnections()
      server.close()
    }
  }
}

function file(content: Buffer, type: string): RequestListener {
  return (_, response) => {
    response.writeHead(200, { 'content-type': type, 'content-length': content.length })
    response.end(content)
  }
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}
