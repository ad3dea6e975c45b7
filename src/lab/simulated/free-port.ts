/** Finds a port that a guest can keep while it is switched off. */
import { createServer } from 'node:net'

// Below the range from which systems take ports for outgoing connections: a port that the guest leaves for
// the time of a reboot is not given to somebody else meanwhile.
const first = 20_000
const count = 12_000

export async function freePort(host: string): Promise<number> {
  for (;;) {
    const port = first + Math.floor(Math.random() * count)
    if (await isFree(host, port)) return port
  }
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, host, () => server.close(() => resolve(true)))
  })
}
