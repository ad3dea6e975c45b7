/** Reads a tar archive (ustar, GNU long names, pax paths), as `tar` writes it for extra files. */

export type TarEntry = { readonly name: string; readonly mode: number } & (
  | { readonly type: 'file'; readonly content: Buffer }
  | { readonly type: 'directory' }
  | { readonly type: 'symlink'; readonly link: string }
)

const block = 512

export function* readTar(archive: Buffer): Generator<TarEntry> {
  let longName: string | undefined
  let longLink: string | undefined
  for (let at = 0; at + block <= archive.length; ) {
    const header = archive.subarray(at, at + block)
    if (header.every((byte) => byte === 0)) return
    const text = (from: number, length: number) =>
      header.toString('utf8', from, from + length).replace(/\0.*$/s, '')
    const size = Number.parseInt(text(124, 12), 8) || 0
    const content = archive.subarray(at + block, at + block + size)
    if (content.length < size) throw new Error('Unexpected EOF in archive')
    const type = text(156, 1)
    at += block + Math.ceil(size / block) * block
    if (type === 'L') longName = content.toString().replace(/\0.*$/s, '')
    else if (type === 'K') longLink = content.toString().replace(/\0.*$/s, '')
    else if (type === 'x') {
      longName = /\d+ path=(.*)\n/.exec(content.toString())?.[1] ?? longName
      longLink = /\d+ linkpath=(.*)\n/.exec(content.toString())?.[1] ?? longLink
    } else if (type !== 'g') {
      const prefix =
        text(257, 5) === 'ustar' && !header.toString('latin1', 257, 265).startsWith('ustar  ')
          ? text(345, 155)
          : ''
      const name = longName ?? (prefix ? `${prefix}/${text(0, 100)}` : text(0, 100))
      const mode = Number.parseInt(text(100, 8), 8) & 0o7777
      if (type === '5') yield { name, mode, type: 'directory' }
      else if (type === '2') yield { name, mode, type: 'symlink', link: longLink ?? text(157, 100) }
      else if (type === '0' || type === '') yield { name, mode, type: 'file', content: Buffer.from(content) }
      longName = undefined
      longLink = undefined
    }
  }
}
