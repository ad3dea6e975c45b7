/** The same text for every host that has the same to say: without its name and the id of its VM. */
export function messageOfAnyHost(message: string, host: string, vmid?: number): string {
  const names = [host, ...(vmid === undefined ? [] : [String(vmid)])].filter((name) => name !== '')
  const escaped = names.map((name) => name.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  return message.replaceAll(new RegExp(`(?<![\\w-])(?:${escaped.join('|')})(?![\\w-])`, 'g'), '*')
}
