import { createHash, randomInt } from 'node:crypto'

const alphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const rounds = 5000

/** Hashes a password as Proxmox does for `cipassword`: SHA-256 crypt with a random salt. */
export function hashPassword(password: string): string {
  const salt = Array.from({ length: 8 }, () => alphabet[randomInt(64)]).join('')
  return sha256Crypt(password, salt)
}

/** Whether it is a hash already. */
export function isHashed(password: string): boolean {
  return /^\$(?:[156]|2[ay])(?:\$.+){2}/.test(password)
}

/** crypt(3)'s `$5$`: see Ulrich Drepper's "Unix crypt using SHA-256 and SHA-512". */
export function sha256Crypt(password: string, salt: string): string {
  const key = Buffer.from(password)
  const grain = Buffer.from(salt)
  const b = sha256(key, grain, key)
  const a = createHash('sha256').update(key).update(grain).update(stretch(b, key.length))
  for (let length = key.length; length > 0; length >>= 1) a.update(length & 1 ? b : key)
  let digest: Buffer = a.digest()
  const p = stretch(sha256(...Array.from({ length: key.length }, () => key)), key.length)
  const s = stretch(sha256(...Array.from({ length: 16 + (digest[0] ?? 0) }, () => grain)), grain.length)
  for (let round = 0; round < rounds; round++) {
    const odd = round % 2 === 1
    const parts = [odd ? p : digest]
    if (round % 3 !== 0) parts.push(s)
    if (round % 7 !== 0) parts.push(p)
    parts.push(odd ? digest : p)
    digest = sha256(...parts)
  }
  return `$5$${salt}$${encode(digest)}`
}

function sha256(...parts: readonly Buffer[]): Buffer {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

function stretch(block: Buffer, length: number): Buffer {
  return Buffer.concat(Array.from({ length: Math.ceil(length / block.length) + 1 }, () => block)).subarray(
    0,
    length,
  )
}

function encode(digest: Buffer): string {
  let text = ''
  const add = (high: number, middle: number, low: number, count: number) => {
    let value = (high << 16) | (middle << 8) | low
    for (let n = 0; n < count; n++, value >>= 6) text += alphabet[value & 63]
  }
  const at = (index: number) => digest[index] ?? 0
  let [i, j, k] = [0, 10, 20]
  for (let n = 0; n < 10; n++) {
    add(at(i), at(j), at(k), 4)
    ;[i, j, k] = [k + 1, i + 1, j + 1]
  }
  add(0, at(31), at(30), 2 + 1)
  return text
}
