const step = '(?::[0-9]+)?'
const part4 = `(?:[01]?[0-9]{1,2}|2[0-4][0-9]|25[0-5]|\\[[0-9]+:[0-9]+${step}\\])`
const part6 = `(?:[0-9a-f]{1,4}|\\[[0-9a-f]+:[0-9a-f]+${step}\\])`
const range = `\\[(?:[a-z]:[a-z]|[0-9]+:[0-9]+)${step}\\]`
const label = `(?:[\\p{L}\\p{N}_]|${range})(?:[\\p{L}\\p{N}_-]|${range})*(?<![_-])`

const forms = [
  // An IPv4 address.
  new RegExp(`^(?:${part4}\\.){3}${part4}$`, 'iu'),
  // An IPv6 address: whole, or with one `::`.
  new RegExp(`^(?:${part6}:){7}${part6}$`, 'iu'),
  new RegExp(`^(?:${part6}(?::${part6}){0,6})?::(?:${part6}(?::${part6}){0,6})?$`, 'iu'),
  // A host name.
  new RegExp(`^${label}(?:\\.${label})*$`, 'iu'),
]

/** Whether a text is one address, perhaps with ranges and a port, in the eyes of Ansible: `web[1:9].example.org:22`. */
export function isAddress(text: string): boolean {
  const [, bracketed] = /^\[(.+)\]:[0-9]+$/.exec(text) ?? []
  const [, named] = /^((?:[^:[\]]|\[[^\]]*\])*):[0-9]+$/.exec(text) ?? []
  const address = bracketed ?? named ?? text
  return forms.some((form) => form.test(address))
}
