/** By this, in the head of the page, a timeline is recognised as one. */
export const generator = 'nixos-cloud-init-installer'

/** Whether a text is the page of a timeline. */
export function isTimeline(text: string): boolean {
  return text.startsWith('<!doctype html>') && text.includes(`<meta name="generator" content="${generator}">`)
}
