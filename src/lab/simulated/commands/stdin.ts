/** Standard input of a command, as text or as bytes. */
import type { ResolvedCommandContext } from 'just-bash'

type Bytes = ResolvedCommandContext['stdin']

export async function textOf(stdin: Bytes): Promise<string> {
  const { decodeBytesToUtf8 } = await import('just-bash')
  return decodeBytesToUtf8(stdin)
}

export async function bytesOf(stdin: Bytes): Promise<Buffer> {
  const { latin1FromBytes } = await import('just-bash')
  return Buffer.from(latin1FromBytes(stdin), 'latin1')
}
