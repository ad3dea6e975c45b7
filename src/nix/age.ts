/** age's form of an SSH host key: what sops-nix takes, so that secrets can be encrypted for a host before it exists. */

const prime = 2n ** 255n - 19n

/**
 * The age recipient that an ed25519 key stands for, as ssh-to-age converts it; `undefined` for a key of another type.
 *
 * @param publicKey `ssh-ed25519 AAAA…`
 * @returns `age1…`
 */
export function ageRecipient(publicKey: string): string | undefined {
  const [type, text = ''] = publicKey.trim().split(/\s+/)
  if (type !== 'ssh-ed25519') return undefined
  // Two lengths and the type's name come before the key's 32 bytes.
  const key = Buffer.from(text, 'base64').subarray(-32)
  if (key.length !== 32) return undefined
  return bech32('age', montgomery(key))
}

/** The point's u coordinate on Curve25519, (1 + y) / (1 - y), from its y on Ed25519; both little-endian. */
function montgomery(edwards: Buffer): Buffer {
  const bytes = Buffer.from(edwards).reverse()
  // The highest bit is the sign of x, of which u knows nothing.
  const y = BigInt(`0x${bytes.toString('hex')}`) & (2n ** 255n - 1n)
  const u = ((1n + y) * power(1n - y + prime, prime - 2n)) % prime
  return Buffer.from(u.toString(16).padStart(64, '0'), 'hex').reverse()
}

/** Modulo the prime; with the exponent p - 2 that is the inverse. */
function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  let square = base % prime
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % prime
    square = (square * square) % prime
  }
  return result
}

const letters = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
const generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3]

/** BIP 173, without its limit on the length. */
function bech32(prefix: string, data: Buffer): string {
  const values = fiveBits(data)
  const codes = [...prefix].map((letter) => letter.charCodeAt(0))
  const head = [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)]
  const sum = checksum([...head, ...values, 0, 0, 0, 0, 0, 0]) ^ 1
  const tail = [25, 20, 15, 10, 5, 0].map((shift) => (sum >> shift) & 31)
  return `${prefix}1${[...values, ...tail].map((value) => letters[value]).join('')}`
}

function fiveBits(data: Buffer): number[] {
  const bits = [...data].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{1,5}/g) ?? []).map((group) => Number.parseInt(group.padEnd(5, '0'), 2))
}

function checksum(values: readonly number[]): number {
  return values.reduce((sum, value) => {
    const next = ((sum & 0x1ffffff) << 5) ^ value
    return generator.reduce((all, one, bit) => ((sum >> 25) & (1 << bit) ? all ^ one : all), next)
  }, 1)
}
