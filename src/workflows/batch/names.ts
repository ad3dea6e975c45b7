/** `web1, web2, web3 and 17 more`: some names of so many. */
export function listNames(names: readonly string[], total = names.length): string {
  const more = total - names.length
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
