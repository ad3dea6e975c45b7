/**
 * A hint without what it says of the document's details: on a terminal they are shown, or there is no document to look
 * into. Sentences, or parts of them between semicolons, are left out as a whole.
 */
export function hintForPeople(hint: string): string {
  if (!hint.includes('`details')) return hint
  return hint
    .split(/(?<=[.!?])\s+(?=[A-Z`])/)
    .map(withoutDetails)
    .filter((sentence) => sentence !== '')
    .join(' ')
}

function withoutDetails(sentence: string): string {
  if (!sentence.includes('`details')) return sentence
  const parts = sentence.split('; ').filter((part) => !part.includes('`details'))
  const rest = parts.join('; ')
  return rest === '' ? '' : `${rest.charAt(0).toUpperCase()}${rest.slice(1).replace(/[.!?]?$/, '.')}`
}
