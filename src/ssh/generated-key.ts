import type { PrivateKey } from './private-key.ts'
import { loadSsh2, publicKeyText } from './ssh2.ts'

let generated: Promise<PrivateKey> | undefined

/** A key made for this run, the same for all its steps and hosts. It is never written: nothing is left to remove. */
export function generatedKey(): Promise<PrivateKey> {
  generated ??= generate()
  return generated
}

/** Whether this run made a key: a step that runs alone would log in with one that nobody knows. */
export function hasGeneratedKey(): boolean {
  return generated !== undefined
}

async function generate(): Promise<PrivateKey> {
  const { utils } = await loadSsh2()
  const pair = utils.parseKey(utils.generateKeyPairSync('ed25519').private)
  if (pair instanceof Error) throw pair
  return { pair, publicKey: publicKeyText(pair.type, pair.getPublicSSH()) }
}
