import { get as httpGet, type IncomingMessage } from 'node:http'
import { get as httpsGet } from 'node:https'
import { checkServerIdentity, type TLSSocket } from 'node:tls'
import { failed } from './api-error.ts'

/** An answer to a request of the node. */
export interface Opened {
  readonly response: IncomingMessage
  /** Where redirections have led to. */
  readonly url: string
}

/** The certificate of a server is not good enough. */
export class UntrustedCertificate extends Error {
  readonly hostname: string
  readonly isOther: boolean

  /** `isOther`: it is not the certificate of that host at all. */
  constructor(hostname: string, isOther: boolean) {
    super('certificate verify failed')
    this.hostname = hostname
    this.isOther = isOther
  }
}

const redirections = 20

/** Opens a URL, following redirections, with the log of Proxmox's wget. */
export async function openUrl(
  url: string,
  verifyCertificates: boolean,
  signal: AbortSignal,
  log: (line: string) => void = () => undefined,
): Promise<Opened> {
  let current = new URL(url)
  for (let count = 0; count <= redirections; count++) {
    log(`--${logTime()}--  ${hidePassword(current.href)}`)
    const response = await request(current, verifyCertificates, signal, log)
    log(`HTTP request sent, awaiting response... ${response.statusCode} ${response.statusMessage}`)
    const { location } = response.headers
    if (response.statusCode === undefined || response.statusCode < 300 || location === undefined) {
      return { response, url: current.href }
    }
    response.resume()
    log(`Location: ${location} [following]`)
    current = new URL(location, current)
  }
  throw failed(`download failed: ${redirections} redirections exceeded.`)
}

/** `2026-11-22 19:10:38` */
export function logTime(): string {
  return new Date().toISOString().slice(0, 19).replace('T', ' ')
}

/** `10.0.0.1:80` */
export function addressOf({ hostname, port, protocol }: URL): string {
  return `${hostname}:${port === '' ? (protocol === 'https:' ? 443 : 80) : port}`
}

function request(
  url: URL,
  verify: boolean,
  signal: AbortSignal,
  log: (line: string) => void,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    // What is wrong with a certificate is looked at below: wget goes on where it is told to.
    const sent =
      url.protocol === 'https:'
        ? httpsGet(url, { signal, rejectUnauthorized: false, agent: false }, resolve)
        : httpGet(url, { signal, agent: false }, resolve)
    sent.on('error', reject)
    sent.on('socket', (socket) => {
      socket.on('connect', () => log(`Connecting to ${addressOf(url)}... connected.`))
      socket.on('secureConnect', () => {
        try {
          checkCertificate(socket as TLSSocket, url.hostname, verify, log)
        } catch (error) {
          sent.destroy(error as Error)
        }
      })
    })
  })
}

function checkCertificate(
  socket: TLSSocket,
  hostname: string,
  verify: boolean,
  log: (line: string) => void,
): void {
  const isOther = checkServerIdentity(hostname, socket.getPeerCertificate()) !== undefined
  if (socket.authorized && !isOther) return
  const level = verify ? 'ERROR' : 'WARNING'
  if (!socket.authorized) {
    log(`${level}: The certificate of '${hostname}' is not trusted.`)
    log(`${level}: The certificate of '${hostname}' doesn't have a known issuer.`)
  }
  if (verify) throw new UntrustedCertificate(hostname, isOther)
  if (isOther) log(ownerMismatch(hostname))
}

/** What wget says of a certificate of somebody else. */
export function ownerMismatch(hostname: string): string {
  return `The certificate's owner does not match hostname '${hostname}'`
}

function hidePassword(url: string): string {
  return url.replace(/^(\w+:\/\/[^:/@]+):[^@/]*@/, '$1:*password*@')
}
